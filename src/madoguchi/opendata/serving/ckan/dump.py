"""The rows of a resource as one file, sent while they are read, however many (CKAN's `/datastore/dump/<resource>`)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from madoguchi.platform.spreadsheet import harmless

from ...models.datasets import Version
from ..conditions import SearchRefused
from ..reader import TooSlow
from ..search import MOST_ROWS, Answer, Question, search
from ..shelf import Shelf, revision, shelf
from .parameters import Invalid, NotFound, Parameters, flag, invalid, number, only, text
from .rows import FORMATS, OF_A_QUESTION, cells, delimited, fields_of, question, version_of
from .views import JSON, OPEN_TO_ALL, as_given, error_body, tag_of

KNOWN: Final = (*OF_A_QUESTION, "format", "bom", "limit", "offset")
KINDS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": JSON,
}
Page = tuple[Answer, list[list[Any]]]


def dump(request: HttpRequest, resource: str) -> HttpResponseBase:
    """All rows, or those that are asked for: `format`, `bom`, `limit`, `offset`, and what asks for rows.

    A fault is CKAN's envelope with 404, or 400 as CKAN's own dump has it.
    """
    given = as_given((name, value) for name, values in request.GET.lists() for value in values)
    now = revision()
    _key, etag = tag_of(now, f"dump/{resource}", given)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        with translation.override("ja"):  # as the API
            try:
                answer = _file(shelf(now), resource, given)
            except (NotFound, Invalid, SearchRefused, TooSlow) as fault:
                return _refused(fault)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _refused(fault: Exception) -> HttpResponse:
    status, body = error_body("datastore_search", fault)
    return HttpResponse(body, status=400 if status == 409 else status, content_type=JSON, headers=OPEN_TO_ALL)


def _file(now: Shelf, resource: str, given: Parameters) -> StreamingHttpResponse:
    only(given, KNOWN)
    version, kind = version_of(now, resource), text(given, "format", "csv")
    if kind not in KINDS:
        raise invalid("format", _("%(names)sのどれかを書いてください。") % {"names": "、".join(KINDS)})
    asked = question({"sort": "_id", **given} if not flag(given, "distinct") else given, 0, number(given, "offset", 0))
    pages = _pages(version, asked, number(given, "limit", version.rows))
    first = next(pages)  # what cannot be answered is told before anything is sent
    pieces = _json(first, pages) if kind == "json" else _delimited(first, pages, FORMATS[kind])
    mark = ["\ufeff"] if flag(given, "bom") else []
    told = {"Content-Disposition": f'attachment; filename="{resource}.{kind}"', **OPEN_TO_ALL}
    return StreamingHttpResponse(chain(mark, pieces), content_type=KINDS[kind], headers=told)


def _pages(version: Version, asked: Question, most: int) -> Iterator[Page]:
    """At least one, so that the columns are known."""
    offset = asked.offset
    while True:
        limit = min(MOST_ROWS, most)
        answer = search(version, replace(asked, limit=limit, offset=offset))
        rows = cells(answer)
        yield answer, rows
        offset, most = offset + limit, most - limit
        if len(rows) < limit or not most:
            return


def _delimited(first: Page, more: Iterator[Page], between: str) -> Iterator[str]:
    """With a heading, and with nothing that a spreadsheet would run, as in the files."""
    fields = first[0].fields
    texts = [one["type"] == "string" for one in fields]
    yield delimited([[one["name"] for one in fields]], between)
    for _answer, rows in chain([first], more):
        yield delimited([list(map(_cell, texts, row)) for row in rows], between)


def _cell(is_text: bool, value: Any) -> Any:
    return harmless(value) if is_text and isinstance(value, str) else value


def _json(first: Page, more: Iterator[Page]) -> Iterator[str]:
    yield f'{{"fields": {json.dumps(fields_of(first[0]), ensure_ascii=False)}, "records": ['
    between = ""
    for _answer, rows in chain([first], more):
        if rows:
            yield between + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            between = ",\n"
    yield "]}\n"
