"""Search by words: Sudachi's normalised tokens in a PostgreSQL `tsvector`, so that 引越し finds 引っ越し."""

import re
from functools import cache
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, Func

from madoguchi.foundation.folding import fold, unify

from .compiled import Compiled
from .models import Entry

MEANINGLESS = {"空白", "補助記号", "助詞", "助動詞"}
MAX_QUERY = 200


@cache
def _tokenizer() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small").tokenizer()


def tokens(sentence: str) -> list[str]:
    """The normalised forms of the meaningful words, short units (mode A), folded for comparison."""
    from sudachipy import SplitMode

    words = _tokenizer().tokenize(unify(sentence[:40_000]), SplitMode.A)
    forms = (fold(word.normalized_form()) for word in words if word.part_of_speech()[0] not in MEANINGLESS)
    return [form for form in (re.sub(r"[^\w]", "", form) for form in forms) if form]


def index(compiled: Compiled) -> None:
    """Write the search entries of a procedure: name and keywords weigh most, then the summary, then the rest."""
    procedure = compiled.procedure
    Entry.objects.filter(code=procedure.code).delete()
    parts = {
        "A": [procedure.name, *procedure.keywords, *_worded(compiled, "name")],
        "B": [procedure.summary, procedure.who_may_apply, *_worded(compiled, "summary")],
        "C": [*(question.label for question in compiled.questions), *procedure.needed, *map(str, procedure.law)],
    }
    _write(procedure.code, {weight: tokens("\n".join(texts)) for weight, texts in parts.items()})


def _worded(compiled: Compiled, key: str) -> list[str]:
    return [texts[key] for texts in compiled.wordings.values() if key in texts]


def _write(code: str, weighted: dict[str, list[str]]) -> None:
    vectors = " || ".join(f"setweight(to_tsvector('simple', %s), '{weight}')" for weight in weighted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO catalogue_entry (code, language, tokens) VALUES (%s, 'ja', {vectors})",  # noqa: S608 - weights are ours
            [code, *(" ".join(words) for words in weighted.values())],
        )


def find_codes(query: str, limit: int = 50) -> list[str]:
    """Codes of the procedures that hold every word of the query (the last one may be unfinished), best first."""
    words = tokens(query[:MAX_QUERY])
    if not words:
        return []
    terms = " & ".join(f"'{word}':*" for word in words)
    wanted = SearchQuery(terms, config="simple", search_type="raw")
    rank = Func(F("tokens"), wanted, function="ts_rank")
    found = Entry.objects.filter(tokens=wanted).annotate(rank=rank).order_by("-rank", "code")
    return list(found.values_list("code", flat=True)[:limit])
