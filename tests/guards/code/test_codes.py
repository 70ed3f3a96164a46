"""Every code and every address that a text of ours names exists: definitions, the town, projects, the gallery, pages.

A new file, and a new text in an old one, is covered by itself: what is looked at is keys and addresses, not files.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.cases.queries import flows
from madoguchi.catalogue.queries import current
from madoguchi.foundation import yaml12
from madoguchi.opendata.publishing.sources import SOURCES
from madoguchi.reform import published
from madoguchi.reform.kept import kept
from madoguchi.town.offices import town
from tests.docs.reading import DOCS, ROOT

pytestmark = pytest.mark.django_db
DATA = [
    file
    for folder in ("procedures", "flows", "projects", "indicators", "usecases", "facilities")
    for file in sorted((ROOT / folder).rglob("*.yaml"))
] + [ROOT / "town.yaml"]
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("*/README.md"))]
SOURCE = ROOT / "src" / "madoguchi"
WRITTEN = [
    *sorted(SOURCE.rglob("*.html")),
    *sorted(SOURCE.rglob("templates/**/*.txt")),
    *sorted(SOURCE.rglob("*.po")),
    *sorted((ROOT / "search").glob("*.yaml")),
]
LITERAL = re.compile(r"""{%\s*url\s+["'][\w:-]+["']((?:\s+[^%]*?)?)\s*(?:as \w+\s*)?%}""")
CODE = re.compile(r"""["']([a-z0-9-]+)["']""")
ADDRESS = re.compile(r"(?<![\w./:>-])/(?:en/|ja-easy/)?([a-z-]+)/([a-z0-9-]*)(/[\w./-]*)?")
OURS = ("procedures", "datasets", "facilities", "reform", "verify", "statistics", "applications", "desk", "pay")
OF_THE_TUTORIAL = {"bicycle-parking-pass"}
"""What the reader of the tutorial makes; the pages that quote it run with it (`tests/docs`)."""


@cache
def datasets() -> set[str]:
    return {source.code for register in (*SOURCES, published.sources) for source in register()}


@cache
def known() -> dict[str, set[str]]:
    """Key of the data files → the codes that may stand under it."""
    offices, procedures = set(town().offices), set(current())
    return {
        "office": offices,
        "owner": offices,
        "joint_on_refusal": offices,
        "treasury": offices,
        "bureau": set(town().bureaus),
        "life_events": set(town().life_events),
        "flow": set(flows()),
        "procedure": procedures,
        "procedures": procedures,
        "facility": set(facilities()),
        "datasets": datasets(),
        "indicator": set(kept().indicators),
    }


def named(value, key="") -> Iterator[tuple[str, str]]:
    """Every text in a tree with the key it stands under."""
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from named(one, str(inner))
    elif isinstance(value, list):
        for one in value:
            yield from named(one, key)
    elif isinstance(value, str):
        yield key, value


@cache
def objects() -> dict[str, set[str]]:
    """The first part of an address → what may follow it."""
    return {
        "procedures": set(current()) | OF_THE_TUTORIAL,
        "facilities": set(facilities()),
        "datasets": datasets() | {"use-cases", "requests", "changes", "feed"},
    }


def unknown_codes(tree) -> list[tuple[str, str]]:
    codes = known()
    return [(key, text) for key, text in named(tree) if key in codes and text not in codes[key]]


def dead_addresses(text: str) -> list[str]:
    """The addresses of this site in a text that lead nowhere; a placeholder in <> or … is none."""
    return [
        found[0]
        for found in ADDRESS.finditer(text)
        if found[1] in OURS
        and ((found[2] and found[2] not in objects().get(found[1], {found[2]})) or not _leads(found[0]))
    ]


def _leads(path: str) -> bool:
    """Whether some page answers the address, or stands below it (`/desk/cases/<reference>/` is quoted as its start)."""
    for tried in (path, f"{path}/", f"{path}x/", f"{path}/x/", f"/api/v1{path}", f"/api/v1{path}/x"):
        try:
            resolve(re.sub(r"/{2,}", "/", tried))
        except Resolver404:
            continue
        return True
    return False


@pytest.mark.parametrize("file", DATA, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_code_and_address_in_a_data_file_exists(file):
    tree = yaml12.load(file.read_text(encoding="utf-8"))
    # Examples hold answers, wordings hold questions: their keys are ids, which the check of definitions knows.
    if not {"examples", "wording"} & set(file.parts):
        assert unknown_codes(tree) == []
    assert [one for _key, text in named(tree) for one in dead_addresses(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_address_on_a_page_of_the_documentation_exists(page: Path):
    assert dead_addresses(page.read_text(encoding="utf-8")) == []


def unknown_literals(template: str) -> list[str]:
    """The codes written out in the links of a template that nothing has."""
    every = set().union(*known().values(), *objects().values())
    return [code for link in LITERAL.finditer(template) for code in CODE.findall(link[1]) if code not in every]


def test_every_code_and_address_in_a_template_or_a_translation_exists():
    faults = {}
    for file in WRITTEN:
        text = file.read_text(encoding="utf-8")
        if found := [*dead_addresses(text), *unknown_literals(text)]:
            faults[str(file.relative_to(ROOT))] = found
    assert len(WRITTEN) > 150
    assert faults == {}


def test_a_planted_code_and_a_planted_address_are_seen():
    """The control."""
    assert unknown_codes({"goals": [{"indicator": "no-such"}], "datasets": ["facilities", "nothing"]}) == [
        ("indicator", "no-such"),
        ("datasets", "nothing"),
    ]
    assert dead_addresses("See /procedures/no-such-permit/ and /en/datasets/none/.") == [
        "/procedures/no-such-permit/",
        "/en/datasets/none/.",
    ]
    assert dead_addresses("See /procedures/food-business-permit/ and `/datasets/`.") == []
    assert unknown_literals("{% url 'counter:procedure' code='no-such' %}{% url \"counter:home\" %}") == ["no-such"]
    assert unknown_literals("{% url 'counter:procedure' 'food-business-permit' %}") == []
