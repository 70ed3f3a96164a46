"""The pages of the catalogue: finding datasets, one dataset, and what changed between two of its versions."""

import hashlib
import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.foundation.text import sought
from madoguchi.town.offices import town

from ..models.datasets import Dataset, File, Resource, Version
from ..publishing import store
from ..publishing.difference import difference
from ..publishing.themes import THEMES
from . import preview, versions
from .ckan.views import OPEN_TO_ALL
from .conditions import SearchRefused
from .describing import FORMATS, catalogue
from .finding import find, ordered
from .packaging import csv_metadata, data_package
from .reader import TooSlow
from .search import DEEPEST
from .shelf import LICENCES, LICENCES_IN_ENGLISH, MEDIA_TYPES, Item, office_of, revision, shelf

LOG = logging.getLogger(__name__)
PAGE = 20
_NUMBERED = re.compile(r"v([0-9]{1,9})")
LONGEST = 200
OF_A_CSV = "application/csvm+json"


def datasets(request: HttpRequest) -> HttpResponse:
    """All public datasets, by words, theme and office."""
    given = {name: sought(request.GET.get(name, ""), LONGEST) for name in ("q", "theme", "office")}
    items = list(shelf().items.values())
    found = ordered(_found(items, given["q"]), "metadata_modified desc")
    shown = [
        item for item in found
        if given["theme"] in ("", item.dataset.theme) and given["office"] in ("", item.dataset.office)
    ]  # fmt: skip
    start = _whole(request.GET.get("start", ""))
    context = {
        **given, "cards": [_card(item.dataset) for item in shown[start : start + PAGE]], "total": len(shown),
        "themes": [(code, THEMES[code].name) for code in sorted({item.dataset.theme for item in items})],
        "offices": _offices(items), "before": _link(given, start - PAGE) if start else "",
        "after": _link(given, start + PAGE) if start + PAGE < len(shown) else "",
    }  # fmt: skip
    return render(request, "opendata/datasets.html", context)


def _found(items: list[Item], q: str) -> list[Item]:
    """People type words; a colon, a bracket or a backslash of theirs is no language."""
    words = re.sub(r"\\", r"\\\\", q.replace('"', " ")).split()
    return find(items, q=" ".join(f'"{word}"' for word in words))


def _offices(items: list[Item]) -> list[tuple[str, str]]:
    language = get_language() or "ja"
    return sorted({(item.dataset.office, office_of(item.dataset).in_language(language)) for item in items})


def _link(given: dict[str, str], start: int) -> str:
    told = {name: value for name, value in {**given, "start": max(start, 0)}.items() if value}
    return f"?{urlencode(told)}"


def _whole(text: str) -> int:
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _card(dataset: Dataset) -> dict[str, Any]:
    language = get_language() or "ja"
    return {
        "dataset": dataset, "title": dataset.title_in(language), "description": dataset.description_in(language),
        "office": office_of(dataset).in_language(language), "theme": THEMES[dataset.theme].name,
    }  # fmt: skip


def _public(code: str) -> Item:
    found = shelf().items.get(code)
    if found is None or found.dataset.current is None:
        raise Http404(code)
    return found


def _current(item: Item) -> Version:
    if item.dataset.current is None:
        raise Http404(item.dataset.code)
    return item.dataset.current


def dataset(request: HttpRequest, code: str) -> HttpResponse:
    """One dataset: its first rows, a chart, a map, files, versions, licence, contact."""
    item = _public(code)
    current, q = _current(item), sought(request.GET.get("q", ""), LONGEST)
    start, fault, rows = _whole(request.GET.get("start", "")), "", None
    try:
        rows = preview.preview(current, q, start)
    except SearchRefused as refused:
        fault = str(refused)
    except TooSlow:
        fault = _("時間がかかりすぎるため、やめました。絞り込んでください。")
    licence, licence_url = LICENCES.get(item.dataset.licence, (item.dataset.licence, ""))
    if get_language() == "en":
        licence = LICENCES_IN_ENGLISH.get(item.dataset.licence, licence)
    is_more = rows is not None and start + preview.ROWS_SHOWN < rows.total
    context = {
        **_card(item.dataset), "version": current, "q": q, "fault": fault, "preview": rows, "phone": town().phone,
        "columns": [{**one, "own": one.get("titles", {}).get(get_language())} for one in current.fields],
        "files": [(file, Resource.Format(file.resource.format).label) for file in item.files],
        "chart": preview.chart(current), "map": preview.places(current), "licence": licence,
        "licence_url": licence_url, "versions": list(item.dataset.versions.order_by("-number")[:PAGE]),
        "resource": item.files[0].resource_id, "public_url": settings.PUBLIC_URL,
        "before": _link({"q": q}, start - preview.ROWS_SHOWN) if start else "",
        "after": _link({"q": q}, start + preview.ROWS_SHOWN) if is_more else "",
    }  # fmt: skip
    return render(request, "opendata/dataset.html", context, status=400 if fault else 200)


def changes(request: HttpRequest, code: str, before: int, after: int) -> HttpResponse:
    """What changed from one version to another."""
    item = _public(code)
    found = {one.number: one for one in item.dataset.versions.filter(number__in=[before, after])}
    if before not in found or after not in found:
        raise Http404(code)
    try:
        told = difference(found[before], found[after])
    except store.ContentMissing as lost:
        raise _lost(lost) from lost
    pairs = [[(old, new, old != new) for old, new in zip(was, is_now, strict=True)] for was, is_now in told.changed]
    context = {
        **_card(item.dataset), "before": found[before], "after": found[after], "difference": told, "pairs": pairs,
        "versions": list(item.dataset.versions.order_by("-number")[:100]),
    }  # fmt: skip
    return render(request, "opendata/changes.html", context)


def compare(request: HttpRequest, code: str) -> HttpResponse:
    """The same for the two versions chosen in the form."""
    item = _public(code)
    newest = _current(item).number
    given = [_whole(request.GET.get(name, "")) for name in ("before", "after")]
    return changes(request, code, given[0] or max(newest - 1, 1), given[1] or newest)


def _version_of(item: Item, stem: str) -> Version:
    """`v3` is one version, which never changes; the dataset's own name is the newest. Raises Http404."""
    numbered = _NUMBERED.fullmatch(stem)
    if not numbered and stem != item.dataset.code:
        raise Http404(stem)
    found = versions.numbered(item.dataset, int(numbered[1])) if numbered else versions.whole(_current(item))
    if found is None:
        raise Http404(stem)
    return found


def file(request: HttpRequest, code: str, file_name: str) -> HttpResponseBase:
    """A frozen file: `v3.csv` of one version; `<code>.csv` of the newest."""
    item, stem, kind = _public(code), *file_name.rpartition(".")[::2]
    held = versions.file_of(_version_of(item, stem), kind)
    if held is None:
        raise Http404(code)
    etag = f'"{held.sha256[:32]}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = FileResponse(
            _copy(held).open("rb"), as_attachment=True, filename=f"{code}-v{held.version.number}.{kind}",
            content_type=MEDIA_TYPES[kind], headers=OPEN_TO_ALL,
        )  # fmt: skip
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "no-cache"
    if kind == Resource.Format.CSV:
        answer.headers["Link"] = f'<{file_name}-metadata.json>; rel="describedby"; type="{OF_A_CSV}"'
    return answer


def _copy(held: File) -> Path:
    """The file itself. Raises Http404 where it was lost."""
    try:
        return store.local(held)
    except store.ContentMissing as lost:
        raise _lost(lost) from lost


def _lost(lost: store.ContentMissing) -> Http404:
    """What readers are told, and the operator's log with more."""
    LOG.error("%s", lost)
    return Http404(str(lost))


def metadata(request: HttpRequest, code: str, file_name: str) -> HttpResponse:
    """What CSV on the Web says of a CSV, at the address where its readers look."""
    version = _version_of(_public(code), file_name.rpartition(".")[0])
    options = {"ensure_ascii": False, "indent": 1}
    told = csv_metadata(version, file_name)
    return JsonResponse(told, json_dumps_params=options, content_type=OF_A_CSV, headers=OPEN_TO_ALL)


def datapackage(request: HttpRequest, code: str) -> HttpResponse:
    """The Frictionless data package of the newest version."""
    item = _public(code)
    version = versions.whole(_current(item))
    options = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(data_package(version), json_dumps_params=options, headers=OPEN_TO_ALL)


def catalog(request: HttpRequest, kind: str) -> HttpResponse:
    """The catalogue as DCAT."""
    etag = f'"{hashlib.sha256(revision().encode()).hexdigest()[:24]}-{kind}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(catalogue(kind), content_type=FORMATS[kind][1], headers=OPEN_TO_ALL)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def negotiated(request: HttpRequest) -> HttpResponse:
    """The catalogue under its own name: the page for people, the form they ask for for programs, else Turtle."""
    kinds = {told.partition(";")[0]: kind for kind, (_name, told) in FORMATS.items()}
    wanted = request.get_preferred_type(["text/turtle", *kinds, "application/json", "text/html"])
    if wanted == "text/html":
        answer: HttpResponse = HttpResponseRedirect(reverse("opendata:datasets"))
        answer.status_code = 303
    elif wanted is None:
        answer = HttpResponse("\n".join(["text/html", *kinds]), status=406, content_type="text/plain; charset=utf-8")
    else:
        kind = kinds.get(wanted, "jsonld")
        answer = catalog(request, kind)
        answer.headers["Content-Location"] = reverse("opendata-api:catalog", args=[kind])
    patch_vary_headers(answer, ["Accept"])
    return answer
