"""Templates keep the strict content policy and speak three languages."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[3] / "src" / "madoguchi"
TEMPLATES = sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("templates/**/*.txt")])
MODULES = [p for p in sorted(SOURCE.rglob("*.py")) if not {"migrations", "tests"} & set(p.parts)]
CATALOGUES = {"en": "en", "ja-easy": "ja_Easy"}
CALLS = {"_", "marked", "gettext", "gettext_lazy", "gettext_noop", "N_", "ngettext", "ngettext_lazy"}
QUOTED = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATES = re.compile(rf"\b(?:n?gettext|_)\(\s*u?{QUOTED}")


def short(path):
    return str(path.relative_to(SOURCE))


def html():
    return [p for p in TEMPLATES if p.suffix == ".html"]


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 40


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an inline style", r"<style\b"),
        ("a style attribute", r"<[^>]*\sstyle\s*="),
        ("an inline script", r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>"),
        ("an event handler", r"<[^>]*\son[a-z]+\s*="),
        ("a javascript: address", r"javascript:"),
        ("a file from elsewhere", r"(?:src|href)\s*=\s*[\"'](?:https?:)?//(?!\{)"),
        ("unescaped output", r"\|\s*safe\b|autoescape off|mark_safe"),
        ("a placeholder", r"\splaceholder\s*="),
        ("a date in another form than the house's filters write", r"\|\s*(?:date|time)\s*:|\{%\s*now\b"),
        ("a field that is switched off", r"<(?:input|select|textarea|button)\b[^>]*\sdisabled\b(?! hidden)"),
    ],
)
def test_no_template_has(what, pattern):
    found = [short(p) for p in html() if re.search(pattern, _without_comments(p.read_text()), re.IGNORECASE)]
    assert found == [], what


def _without_comments(text):
    return re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", text, flags=re.DOTALL)


def test_every_table_of_more_than_three_columns_scrolls_within_a_named_region():
    """On a phone the page itself never scrolls sideways; a region that a keyboard reaches says what it is."""
    assert [short(p) for p in html() for table in tables(p.read_text()) if not lies_well(table)] == []


def test_a_wide_table_by_itself_is_seen():
    table = "<table><thead><tr>" + '<th scope="col">x</th>' * 4 + "</tr></thead></table>"
    region = '<div class="table-scroll" tabindex="0" role="region" aria-labelledby="x">'
    refused = ["", "<div>", region.replace(' tabindex="0"', ""), region.replace(' aria-labelledby="x"', "")]
    assert [lies_well(one) for before in refused for one in tables(before + table)] == [False] * len(refused)
    assert [lies_well(one) for before in (region, '<div class="table-fit">') for one in tables(before + table)] == [
        True
    ] * 2


def tables(text):
    """Each table of a template with the tag before it."""
    return re.findall(r"(?:<[^<>]*>)?\s*<table\b.*?</table>", _without_comments(text), re.DOTALL)


def lies_well(table):
    """A region that scrolls, rows that become cards where it is narrow, or at most three columns."""
    before = table[: table.index("<table")]
    region = all(part in before for part in ('class="table-scroll"', 'tabindex="0"', 'role="region"', "aria-label"))
    columns = len(re.findall(r"<th\b[^>]*scope=\"col\"", table))
    loops = re.search(r"\{% for [^%]*%\}\s*<th\b[^>]*scope=\"col\"", table)
    calendar = 'class="days"' in table  # seven columns of equal width, always as wide as the page
    return region or calendar or 'class="table-fit"' in before or (columns <= 3 and not loops)


def test_every_form_that_writes_as_an_officer_carries_the_token():
    desk = [p for p in html() if "/desk/" in str(p) or "/account/" in str(p) or "/mfa/" in str(p)]
    for path in desk:
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL | re.IGNORECASE):
            assert "csrf_token" in form, short(path)


# ---------------------------------------------------------------- languages


def in_module(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in CALLS:
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def in_template(path):
    for quoted in IN_TEMPLATES.findall(templatize(path.read_text(), origin=str(path))):
        yield ast.literal_eval(quoted)


def messages():
    """Every text shown to people, and where."""
    found = {}
    for path in MODULES:
        for text in in_module(path):
            found.setdefault(text, short(path))
    for path in TEMPLATES:
        for text in in_template(path):
            found.setdefault(text, short(path))
    return {text: place for text, place in found.items() if text.strip()}


def catalogue(language):
    file = SOURCE / "locale" / CATALOGUES[language] / "LC_MESSAGES" / "django.po"
    if not file.exists():
        return {}
    with file.open("rb") as stream:
        return {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in read_po(stream) if entry.id}


def test_the_texts_are_found():
    found = messages()
    assert len(found) > 200
    assert "入力または選択してください。" in found
    assert "文書が本物か確かめる" in found


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_text_has_its_translation(language):
    known = catalogue(language)
    missing = {t: place for t, place in messages().items() if t not in known or not _said(known[t]) or known[t].fuzzy}
    listed = "\n".join(f"{place}: {text}" for text, place in sorted(missing.items(), key=lambda one: one[1]))
    assert not missing, f"{len(missing)} of {len(messages())} without {language}:\n{listed}"


def _said(entry):
    return all(entry.string) if isinstance(entry.string, tuple | list) else bool(entry.string)


@pytest.mark.parametrize("language", CATALOGUES)
def test_translations_keep_their_placeholders(language):
    wrong = []
    for text, entry in catalogue(language).items():
        said = entry.string if isinstance(entry.string, str) else entry.string[0]
        if said and set(re.findall(r"%\(\w+\)s", text)) != set(re.findall(r"%\(\w+\)s", said)):
            wrong.append(text)
    assert wrong == []


def test_no_japanese_stands_in_a_template_outside_a_translation():
    strays = {}
    for path in html():
        plain = _without_comments(path.read_text())
        plain = re.sub(r"\{% if LANGUAGE_CODE == .ja-easy. %\}.*?\{% endif %\}", "", plain, flags=re.DOTALL)
        plain = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", plain, flags=re.DOTALL)
        plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", plain, flags=re.DOTALL)
        if found := re.findall(r"[ぁ-んァ-ヶ一-龠]{2,}", plain):
            strays[short(path)] = found[:5]
    assert strays == {}


CALLED = re.compile(
    r"<(?:h[1-6]|button|label|th|caption|legend|summary|dt)\b[^>]*>\s*\{% translate \"([^\"]+)\" %\}", re.DOTALL
)


def test_what_names_a_thing_in_english_is_written_as_a_name():
    """A message that is a heading here and a word in the middle of a sentence there needs two Japanese texts."""
    with (SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as file:
        english = {message.id: message.string for message in read_po(file)}
    named = {(short(path), text) for path in html() for text in CALLED.findall(path.read_text())}
    assert len(named) > 100
    assert {(path, text) for path, text in named if str(english.get(text, "X"))[:1].islower()} == set()
