"""Every link between the documents leads somewhere, also to the right heading; every named file exists."""

import re

import pytest

from tests.docs.reading import DOCS, ROOT

GUIDES = [ROOT / folder / "README.md" for folder in ("procedures", "flows", "verify")]
SLICES = sorted(ROOT.glob("src/madoguchi/*/README.md"))
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md")), *SLICES, *GUIDES]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:src|tests|docs|verify|flows|procedures|bench|drills|\.ci)/[\w./-]+\.\w+)`")

TODAY = [page for page in PAGES if page.parent.name != "decisions"]
"""A decision names what stood there on its day."""


def plain(page):
    """The page's text without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(page):
    """The headings of a page as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", plain(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(plain(page)):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        file, _hash, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target


@pytest.mark.parametrize("page", TODAY, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_named_file_exists(page):
    places = (ROOT, page.parent)
    assert [name for name in NAMED.findall(plain(page)) if not any((one / name).exists() for one in places)] == []
