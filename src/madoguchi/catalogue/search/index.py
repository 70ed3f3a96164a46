"""What is kept for the search of each thing that can be found."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.db import transaction

from ..models import Entry, Term
from .synonyms import synonyms
from .words import key, reading, words

WEIGHTS: Final[Mapping[str, int]] = {"names": 8, "keywords": 7, "summaries": 3, "texts": 1}
"""How much a word counts by where it stands; the heaviest place of a word in a document counts alone."""
WHOLE: Final = 10
"""A word that is a whole name or keyword: カフェ tells more of who has カフェ than of who has 猫カフェ."""


@dataclass(frozen=True)
class Document:
    """Something that can be found: its texts in all languages, by how much they tell of it."""

    kind: str
    code: str
    names: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Stands for its content, and for how words are cut: what a newer program cuts otherwise is kept anew."""
        return hashlib.sha256(_cutting() + repr(astuple(self)).encode()).hexdigest()


@cache
def _cutting() -> bytes:
    cut = [Path(__file__).with_name(name).read_bytes() for name in ("index.py", "words.py")]
    return b"".join([*cut, repr(sorted(synonyms().closing)).encode()])


@transaction.atomic
def index(kind: str, documents: Iterable[Document], *, is_whole: bool = True) -> None:
    """Keep the words of these documents; where they are all of their kind, those that are gone are forgotten."""
    wanted = {document.code: document for document in documents}
    if is_whole:
        Entry.objects.filter(kind=kind).exclude(code__in=list(wanted)).delete()
    kept = dict(Entry.objects.filter(kind=kind).values_list("code", "digest"))
    for document in wanted.values():
        if kept.get(document.code) != document.digest:
            _write(document)


def _write(document: Document) -> None:
    Entry.objects.filter(kind=document.kind, code=document.code).delete()
    entry = Entry.objects.create(
        kind=document.kind,
        code=document.code,
        digest=document.digest,
        names=_keys(document.names),
        keywords=_keys(document.keywords),
        is_closure=not synonyms().closing.isdisjoint(words(document.names[0])),
    )
    weights = _weights(document)
    Term.objects.bulk_create([Term(entry=entry, word=word[:100], weight=weight) for word, weight in weights.items()])


def _keys(phrases: Iterable[str]) -> list[str]:
    listed = [form for phrase in phrases for form in (key(phrase), reading(phrase)) if form]
    return list(dict.fromkeys(listed))


def _weights(document: Document) -> dict[str, int]:
    weights: dict[str, int] = {}
    for place, weight in WEIGHTS.items():
        for word in words("\n".join(getattr(document, place))):
            weights[word] = max(weight, weights.get(word, 0))
    for phrase in (*document.names, *document.keywords):
        if len(found := words(phrase)) == 1:
            weights[found[0]] = WHOLE
    return weights
