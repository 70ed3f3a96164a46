"""The weight of what every page loads, and what the style sheets may hold."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from madoguchi.design import assets

KILOBYTE = 1024


@pytest.fixture(scope="module")
def static() -> Path:
    if not assets.MODULES.exists():
        pytest.skip("npm's packages are not installed: python -m madoguchi.design.assets")
    assets.main()
    return assets.BUILD / "static"


def weight(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_pages_stay_light(static: Path) -> None:
    assert weight(static / "css/site.css") <= 5 * KILOBYTE
    assert weight(static / "css/pages.css") <= 4 * KILOBYTE
    assert weight(static / "js/base.js") <= 2 * KILOBYTE


@pytest.fixture
def loaded_later(static: Path) -> Callable[[str, str], Path]:
    """The file that a script asks for when it is needed, by another name at each try."""

    def find(name: str, script: str) -> Path:
        (found,) = re.findall(rf"import\(new URL\(`({name}-\w+\.js)\?\$", script)
        return static / f"js/{found}"

    return find


def test_the_form_loads_one_script_and_the_rule_engine_only_when_needed(
    static: Path, loaded_later: Callable[[str, str], Path]
) -> None:
    form = (static / "js/form.js").read_text()
    assert re.findall(r"(?:from|import) ?\"\./", form) == []
    assert weight(static / "js/form.js") <= 2.5 * KILOBYTE
    filling = loaded_later("filling", form)
    assert loaded_later("cel", filling.read_text()).exists()
    assert re.findall(r"(?:from|import) ?\"\./", filling.read_text()) == []


def test_nothing_is_loaded_from_elsewhere(static: Path) -> None:
    for sheet in (static / "css").glob("*.css"):
        css = sheet.read_text()
        assert "@import" not in css and "@font-face" not in css
        assert all(url.startswith("data:") for url in re.findall(r"url\([\"']?([^\"')]+)", css))


def test_colours_are_tokens() -> None:
    for sheet in (assets.SOURCES / "css").glob("*.css"):
        css = re.sub(r"url\(\"[^\"]*\"\)", "", sheet.read_text())
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", css)) <= {"#fff", "#000", "#furigana"}, sheet.name


def test_only_used_tokens_are_kept() -> None:
    if not assets.MODULES.exists():
        pytest.skip("npm's packages are not installed: python -m madoguchi.design.assets")
    kept = re.findall(r"(--[\w-]+):", assets.tokens())
    css = "".join(path.read_text() for path in (assets.SOURCES / "css").glob("*.css"))
    assert kept and all(f"var({name})" in css for name in kept)


def test_a_misspelt_token_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not assets.MODULES.exists():
        pytest.skip("npm's packages are not installed: python -m madoguchi.design.assets")
    (tmp_path / "css").mkdir()
    (tmp_path / "css/wrong.css").write_text("a { color: var(--color-primitive-blau-900) }")
    monkeypatch.setattr(assets, "SOURCES", tmp_path)
    with pytest.raises(assets.AssetsFailed, match="blau"):
        assets.tokens()


def test_the_lock_names_no_address_and_every_digest() -> None:
    lock = (assets.PROJECT / "package-lock.json").read_text()
    assert "://" not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')


@pytest.mark.parametrize("sheet", sorted(assets.SOURCES.glob("css/*.css")), ids=lambda sheet: sheet.name)
def test_no_rule_lies_within_another(sheet: Path) -> None:
    """A brace that is missing makes all that follows a part of the rule before it, and nothing says so."""
    within: list[str] = []
    for head, brace in re.findall(r"([^{};]*)([{}])", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)):
        if brace == "}":
            within.pop()
        else:
            assert not [rule for rule in within if not rule.startswith("@")], f"{head.strip()} within {within}"
            within.append(head.strip())
    assert within == []
