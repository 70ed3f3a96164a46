"""Every text of the interface can be said in every language, and Django finds it."""

import ast
import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils.translation import gettext, override

from madoguchi.design import locales

TWICE = re.compile(r"(.{12,}?)\s*\1", re.DOTALL)
JAPANESE = re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]")
TAGS = re.compile(r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{[%#{].*?[%#}]}", re.DOTALL)
POLITE = re.compile("いただ|おります|ございます|なお、|及び|お(待ち|願い|届け)し|ご(記入|確認|了承)")


@pytest.fixture(scope="module")
def wanted() -> set[locales.Identifier]:
    return locales.all_texts()


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_nothing_is_missing(language: str, wanted: set[locales.Identifier]) -> None:
    assert not locales.missing(language, wanted), "python -m madoguchi.design.locales extract, then translate"


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_the_catalogue_holds_what_is_asked_for_and_nothing_else(
    language: str, wanted: set[locales.Identifier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = locales.po(language).read_text()
    catalogue = locales.merged(locales.load(language), wanted)
    monkeypatch.setattr(locales, "HOME", tmp_path)
    locales.write(language, catalogue)
    assert locales.po(language).read_text() == kept, "python -m madoguchi.design.locales extract"


def test_every_name_of_gettext_is_known_to_the_extractor() -> None:
    for path in (path for path in locales.sources() if path.suffix == ".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                names = {alias.asname or alias.name for alias in node.names if "gettext" in alias.name}
                assert names <= set(locales.KEYWORDS), path


def test_no_japanese_in_templates_escapes_translation() -> None:
    """Every Japanese word of a page stands in a tag of translation."""
    for path in (path for path in locales.sources() if path.suffix == ".html"):
        text = TAGS.sub("", path.read_text())
        assert not JAPANESE.search(text), f"{path.name}: {JAPANESE.search(text)}"


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_translations_keep_the_shape_of_a_page(language: str) -> None:
    for message in locales.load(language):
        forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
        for form in forms if message.id else []:
            words = re.search(r"\w", str(message.id))  # marks alone take the space of their language with them
            assert (form == form.strip() or not words) and "<" not in form and "&" not in form, form
            assert not TWICE.fullmatch(form), "the same said twice, as when two branches are joined"
            assert language != "en" or not re.search("[。、（）「」：]", form), (
                f"Japanese punctuation in English: {form}"
            )


def test_easy_japanese_is_easy() -> None:
    """です・ます, sentences of at most 60 characters, none of the politeness that makes official texts long."""
    for message in locales.load("ja-easy"):
        if not message.id:
            continue
        text = message.string if isinstance(message.string, str) else "".join(message.string or ())
        assert not POLITE.search(text), text
        for sentence in re.split("[。：]", re.sub(r"（.*?）", "", text)):
            assert len(sentence) <= 60, sentence


def said(language: str, text: str) -> str:
    with override(language):
        return gettext(text)


def test_django_finds_them() -> None:
    locales.compile_all()
    assert said("en", "補正") == "Correction"
    assert said("ja-easy", "補正") == "直す こと（補正）"
    assert said("ja", "補正") == "補正"


def test_messages_of_django_and_of_sign_in_fall_back_to_japanese() -> None:
    for text in ("This field is required.", "The email address and/or password you specified are not correct."):
        assert JAPANESE.search(said("ja", text))
        assert said("ja-easy", text) == said("ja", text)
        assert said("en", text) == text


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [("ja", "1件の手続", "2件の手続"), ("en", "1 procedure", "2 procedures"), ("ja-easy", "手続 1件", "手続 2件")],
)
def test_plurals(language: str, one: str, two: str) -> None:
    source = "{% blocktranslate count n=n %}{{ n }}件の手続{% plural %}{{ n }}件の手続{% endblocktranslate %}"
    template = engines["django"].from_string(source)
    with override(language):
        assert [template.render({"n": n}) for n in (1, 2)] == [one, two]


def write_sources(folder: Path, template: str, module: str) -> None:
    (folder / "slice/templates/slice").mkdir(parents=True)
    (folder / "slice/templates/slice/page.html").write_text(template)
    (folder / "slice/views.py").write_text(module)
    (folder / "slice/tests").mkdir()
    (folder / "slice/tests/test_views.py").write_text('_("試験")')


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one template and one module, and its own catalogues."""
    template = """{% translate "見出し" %}<p>it's 1 < 2 {# 註 #}</p>
  {% include "x.html" with text=_("空です。") %}
      {% blocktranslate with n=a|length %}{{ n }}件、100%{% endblocktranslate %}
    {% blocktranslate count n=n %}{{ n }}日{% plural %}{{ n }}日間{% endblocktranslate %} (()"""
    write_sources(tmp_path, template, 'A = marked("一つ" "二つ")\nB = _("三つ")\nC = gettext_lazy(f"{A}")\nD = _(B)\n')
    monkeypatch.setattr(locales, "PACKAGE", tmp_path)
    monkeypatch.setattr(locales, "HOME", tmp_path / "locale")
    monkeypatch.setattr(locales, "SPOKEN_ELSEWHERE", ("令和",))
    return tmp_path


def test_texts_are_found_in_templates_and_modules(small: Path) -> None:
    expected = {"見出し", "空です。", "%(n)s件、100%%", ("%(n)s日", "%(n)s日間"), "一つ二つ", "三つ", "令和"}
    assert locales.all_texts() == expected


def test_extract_keeps_translations_and_drops_what_nobody_asks_for(small: Path) -> None:
    locales.main(["extract"])
    catalogue = locales.load("en")
    catalogue.get("三つ").string = "three"
    catalogue.add("昔の文", "old")
    locales.write("en", catalogue)
    locales.main(["extract"])
    again = locales.load("en")
    assert again.get("三つ").string == "three"
    assert again.get("昔の文") is None
    before = locales.po("en").read_bytes()
    locales.main(["extract"])
    assert locales.po("en").read_bytes() == before
    assert b"2026" not in before and str(small).encode() not in before and b"#:" not in before


def test_missing_counts_a_lost_placeholder_and_a_lost_plural(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locales.main(["extract"])
    assert locales.main(["missing"]) == 1
    for language in locales.LANGUAGES:
        catalogue = locales.load(language)
        for message in catalogue:
            if message.id:
                message.string = tuple(message.id[: catalogue.num_plurals]) if message.pluralizable else message.id
        locales.write(language, catalogue)
    capsys.readouterr()
    assert locales.main(["missing"]) == 0
    catalogue = locales.load("en")
    catalogue.get("%(n)s件、100%%").string = "cases, 100%%"
    catalogue.get(("%(n)s日", "%(n)s日間")).string = ("%(n)s day", "")
    locales.write("en", catalogue)
    assert locales.main(["missing"]) == 1
    assert capsys.readouterr().out.count("en: ") == 2


def test_compile_writes_only_what_is_older(small: Path) -> None:
    locales.main(["extract"])
    locales.main(["compile"])
    target = locales.po("en").with_suffix(".mo")
    first = target.stat().st_mtime_ns
    locales.main(["compile"])
    assert target.stat().st_mtime_ns == first
    assert not list(target.parent.glob("*.new"))


def test_an_unknown_verb_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert locales.main(["translate"]) == 2
    assert "extract|missing|compile" in capsys.readouterr().err
