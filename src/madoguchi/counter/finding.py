"""What can be found by words: procedures, facilities, datasets, pages of this hall, and what another hall does.

Each kind is a `Source`: it says what the search keeps of it, and how a match is shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.catalogue.actions import PROCEDURE
from madoguchi.catalogue.queries import current
from madoguchi.catalogue.search import Document, Match, find, index
from madoguchi.foundation import yaml12
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.serving.shelf import shelf

from .queries import Card, card, language

FACILITY, DATASET, PAGE, ELSEWHERE = "facility", "dataset", "page", "elsewhere"


@dataclass(frozen=True)
class Hit:
    """Something that was found, in the reader's language. `card` stands where it is a procedure, `where` elsewhere."""

    kind: str
    name: str
    summary: str = ""
    url: str = ""
    where: str = ""
    card: Card | None = None


@dataclass(frozen=True)
class Source:
    """What the search keeps of a kind (None: its owner writes it), and how one of it is shown (None: it is gone)."""

    documents: Callable[[], Iterable[Document]] | None
    shown: Callable[[str], Hit | None]


def search(question: str) -> list[Hit]:
    """What fits a question, best first; what another hall does stands before everything else that fits no better."""
    hits = [SOURCES[match.kind].shown(match.code) for match in matches(question)]
    return [hit for hit in hits if hit]


def matches(question: str) -> list[Match]:
    """The same as codes. What names another hall's business is not followed by what only happens to hold a word."""
    found = find(question, list(SOURCES))
    is_elsewhere = bool(found) and found[0].kind == ELSEWHERE and found[0].tier > 0
    return [match for match in found if match.tier > 0 or match.kind == ELSEWHERE] if is_elsewhere else found


def procedure_codes(question: str) -> list[str]:
    """The codes of the procedures that fit, best first."""
    return [match.code for match in matches(question) if match.kind == PROCEDURE and match.code in current()]


def renew(kinds: Iterable[str] = (FACILITY, DATASET, PAGE, ELSEWHERE)) -> None:
    """Bring what is kept of these kinds up to date; what did not change costs nothing."""
    for kind in kinds:
        documents = SOURCES[kind].documents
        assert documents is not None, f"{kind} is written by its owner"
        index(kind, documents())


def hit_of(shown: Card) -> Hit:
    """A procedure's card as a hit."""
    return Hit(PROCEDURE, shown.name, shown.summary, reverse("counter:procedure", args=[shown.code]), card=shown)


def _procedure(code: str) -> Hit | None:
    listed = current().get(code)
    return hit_of(card(listed.compiled)) if listed else None


def _facilities() -> Iterable[Document]:
    for facility in facilities().values():
        names, summary = facility.name, facility.summary
        yield Document(
            kind=FACILITY,
            code=facility.code,
            names=(names.ja, names.en, names.easy),
            keywords=facility.keywords,
            summaries=(summary.ja, summary.en, summary.easy),
        )


def _facility(code: str) -> Hit | None:
    facility = facilities().get(code)
    if facility is None:
        return None
    lang = language()
    url = reverse("bookings:facility", args=[code])
    return Hit(FACILITY, facility.name.said(lang), facility.summary.said(lang), url)


def _datasets() -> Iterable[Document]:
    for one in Dataset.objects.filter(is_public=True):
        names = filter(None, (one.title, one.title_en, one.title_easy))
        summaries = filter(None, (one.description, one.description_en, one.description_easy))
        yield Document(DATASET, one.code, tuple(names), (), tuple(summaries), tuple(one.tags))


def _dataset(code: str) -> Hit | None:
    item, lang = shelf().items.get(code), language()
    if item is None:
        return None
    title, description = item.dataset.title_in(lang), item.dataset.description_in(lang)
    return Hit(DATASET, title, description, reverse("opendata:dataset", args=[code]))


@cache
def _listed(file: str, key: str) -> Mapping[str, Mapping[str, Any]]:
    rows = yaml12.load((settings.SEARCH_DIR / file).read_text("utf-8"))
    return {row[key]: row for row in rows}


def pages() -> Mapping[str, Mapping[str, Any]]:
    """Pages of this hall by the name of their address (`search/pages.yaml`)."""
    return _listed("pages.yaml", "url")


def elsewhere() -> Mapping[str, Mapping[str, Any]]:
    """What another hall does, by code (`search/elsewhere.yaml`)."""
    return _listed("elsewhere.yaml", "code")


def _pages() -> Iterable[Document]:
    for url, row in pages().items():
        yield Document(PAGE, url, tuple(row["name"].values()), tuple(row["keywords"]), tuple(row["summary"].values()))


def _page(url: str) -> Hit | None:
    row, lang = pages().get(url), language()
    return Hit(PAGE, row["name"][lang], row["summary"][lang], reverse(url)) if row else None


def _elsewhere() -> Iterable[Document]:
    for code, row in elsewhere().items():
        yield Document(ELSEWHERE, code, tuple(row["name"].values()), tuple(row["say"]))


def _other(code: str) -> Hit | None:
    row, lang = elsewhere().get(code), language()
    return Hit(ELSEWHERE, row["name"][lang], where=row["where"][lang]) if row else None


SOURCES: Final[Mapping[str, Source]] = {
    PROCEDURE: Source(None, _procedure),
    FACILITY: Source(_facilities, _facility),
    DATASET: Source(_datasets, _dataset),
    PAGE: Source(_pages, _page),
    ELSEWHERE: Source(_elsewhere, _other),
}
