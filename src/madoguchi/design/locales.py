"""The catalogues of the interface texts (`python -m madoguchi.design.locales extract|missing|compile`).

Message ids are the Japanese sentences themselves, so Japanese needs no catalogue. `extract` reads templates and Python
and brings `locale/<folder>/LC_MESSAGES/django.po` up to date (sorted, without line numbers and dates: a change of texts
is the only change in a diff), `missing` names what has no translation yet, `compile` writes the ignored `.mo` files.
Babel does the reading and writing: GNU gettext need not be installed.
"""

import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from madoguchi.foundation.languages import BY_CODE, HOME, TRANSLATIONS

PACKAGE = Path(__file__).resolve().parents[1]
# Each language with the one whose plural forms it uses.
LANGUAGES = {one.code: one.grammar for one in TRANSLATIONS}
# Every name under which our code calls gettext (`marked` and `N_` are gettext_noop), with the arguments that are texts.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "marked": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
# Texts that are translated by a variable, which no reader of source can see.
SPOKEN_ELSEWHERE = ("西暦", "令和", "平成", "昭和", "大正", "明治")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Identifier = str | tuple[str, str]


def sources() -> Iterator[Path]:
    """Templates and modules whose texts people read; tests and migrations are not among them."""
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE).parts
        if {"tests", "migrations", "static_src"} & set(inside):
            continue
        if path.suffix in {".py", ".html"} or (path.suffix == ".txt" and "templates" in inside):
            yield path


def texts(path: Path) -> set[Identifier]:
    """The message ids of one file. A pair is a singular and a plural."""
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        # Django turns tags into calls of gettext and the rest into X's; in brackets, lines need no meaning.
        source = f"(\n{templatize(source)}\n)"
    found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
    return {cast(Identifier, message) for _line, message, _comments, _context in found if message}


def all_texts() -> set[Identifier]:
    """Every message id of the interface."""
    return set(SPOKEN_ELSEWHERE).union(*(texts(path) for path in sources()))


def po(language: str) -> Path:
    """The catalogue of one language."""
    return HOME / to_locale(language) / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    """A catalogue as it is on disk; an empty one, where there is none yet."""
    path = po(language)
    if not path.exists():
        return Catalog(locale=LANGUAGES[language], charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGES[language], charset="utf-8")


def merged(old: Catalog, wanted: set[Identifier]) -> Catalog:
    """What is wanted, with the translations that are known; what nothing asks for any more is dropped."""
    fresh = Catalog(locale=old.locale, charset="utf-8")
    for identifier in sorted(wanted, key=str):
        known = old.get(identifier)
        fresh.add(identifier, known.string if known and known.id == identifier else None, flags=_flags(known))
    return fresh


def _flags(known: Message | None) -> set[str]:
    return set(known.flags) & {"fuzzy"} if known else set()


def write(language: str, catalogue: Catalog) -> None:
    """The catalogue as text. Its head says only what readers need: dates and tools would change every time."""
    body = BytesIO()
    write_po(body, catalogue, width=120, no_location=True, omit_header=True, sort_output=True)
    head = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {to_locale(language)}\\n"\n"Plural-Forms: {BY_CODE[language].plurals}\\n"\n\n'
    )
    path = po(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + body.getvalue().decode().lstrip(), "utf-8")


def extract_all() -> None:
    """All catalogues brought up to date with the source."""
    wanted = all_texts()
    for language in LANGUAGES:
        write(language, merged(load(language), wanted))


def missing(language: str, wanted: set[Identifier]) -> list[str]:
    """The texts that this language cannot say yet, or says with a placeholder too many or too few."""
    catalogue = load(language)
    return [str(identifier) for identifier in sorted(wanted, key=str) if not _said(catalogue.get(identifier))]


def _said(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
    asked = set(PLACEHOLDER.findall(str(message.id)))
    return all(form and set(PLACEHOLDER.findall(form)) == asked for form in forms)


def compile_all() -> None:
    """The `.mo` files that Django reads, where they are older than their catalogue."""
    for language in LANGUAGES:
        source = po(language)
        target = source.with_suffix(".mo")
        if source.exists() and not (target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
            fresh = target.with_suffix(f".{os.getpid()}.new")
            with fresh.open("wb") as file:
                write_mo(file, load(language))
            fresh.replace(target)  # all or nothing: a starting server never reads half a catalogue


def report() -> int:
    """Prints what is missing; the number of texts."""
    wanted = all_texts()
    lacking = [(language, text) for language in LANGUAGES for text in missing(language, wanted)]
    for language, text in lacking:
        print(f"{language}: {text}")
    return len(lacking)


def main(arguments: list[str]) -> int:
    """One of the three verbs."""
    if arguments == ["extract"]:
        extract_all()
    elif arguments == ["compile"]:
        compile_all()
    elif arguments == ["missing"]:
        return 1 if report() else 0
    else:
        print("python -m madoguchi.design.locales extract|missing|compile", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
