"""Wordings: every Japanese text has its own in every language, and nothing is worded that no longer exists."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from madoguchi.foundation.text import is_blank
from madoguchi.platform.definitions import Fault

from ..load import LANGUAGES
from ..wording import texts
from .subject import Place, Subject

QUOTE = (
    'say it in English; what stands so on a paper or a plate goes in quotation marks 「…」, “…” or "…", '
    "or in brackets after its name: Minato (港)."
)
_QUOTED = re.compile(r"「[^」]*」|“[^”]*”|\"[^\"]*\"|(?<=[A-Za-z][ ])[(][^()]*[)]")
_JAPANESE = re.compile(
    r"[\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    r"\U0001b000-\U0001b16f\U00020000-\U000323af]+"
)


def japanese_in(text: str) -> str:
    """Kana and kanji of an English text, but for what its words present: quoted, or in brackets after a name."""
    around = _QUOTED.sub(" ", text)
    return "".join(_JAPANESE.findall(around if re.search("[A-Za-z]", around) else text))


def wordings(subject: Subject) -> Iterator[Fault]:
    """Missing and superfluous keys of `wording/<language>.yaml`."""
    needed = texts(subject.procedure)
    for language in LANGUAGES:
        source = subject.wordings.get(language)
        file = subject.folder / "wording" / f"{language}.yaml"
        if source is None:
            if not file.exists():
                yield Fault(file, 1, f"there is no wording in {language}", f"create it with {len(needed)} texts.")
            continue
        given = {".".join(map(str, place)): (place, text) for place, text in _leaves(source.tree, ())}
        for key, japanese in needed.items():
            place, text = given.get(key, (tuple(key.split(".")), None))
            if is_blank(str(text if text is not None else "")):
                yield Fault(file, source.line(place), f"{key} is not worded", f"add it; in Japanese: {japanese[:60]}")
            elif language == "en" and (found := japanese_in(str(text))):
                yield Fault(file, source.line(place), f"{key} is Japanese in the English wording: {found[:40]}", QUOTE)
        for key in given.keys() - needed.keys():
            remedy = "remove it, or correct its spelling; procedures/README.md lists the keys."
            yield Fault(file, source.line(given[key][0]), f"{key} words no text of this procedure", remedy)


def _leaves(tree: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(tree, Mapping):
        items: Any = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    else:
        yield place, tree
        return
    for key, value in items:
        yield from _leaves(value, (*place, key))
