"""A bureau's own list taken over into a register: file, mapping, dry run, a second officer, undo."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from madoguchi.cases.sentences import language
from madoguchi.people.access import acting
from madoguchi.people.models import CASE_WORKERS
from madoguchi.platform.refusing import ActionRefused
from madoguchi.platform.spreadsheet import harmless
from madoguchi.registers import batches
from madoguchi.registers.directory import register_or_404
from madoguchi.registers.load import Defined
from madoguchi.registers.models import Batch

from .. import lists


def _mine(request: HttpRequest, code: str) -> Defined:
    defined = register_or_404(code)
    if not acting(request).holds(defined.register.office, CASE_WORKERS):
        raise Http404
    return defined


def index(request: HttpRequest, code: str) -> HttpResponse:
    """The lists that were taken over, and the form for another one."""
    defined = _mine(request, code)
    if request.method == "POST":
        return _take_in(request, defined)
    return _index(request, defined)


def _take_in(request: HttpRequest, defined: Defined) -> HttpResponse:
    sent = request.FILES.get("list")
    if sent is None or not sent.size:
        return _index(request, defined, _("CSVまたはXLSXのファイルを選んでください。"))
    try:
        made = lists.take_in(defined, name=sent.name or "", content=sent.read(), by=acting(request))
    except ActionRefused as refused:
        return _index(request, defined, str(refused))
    return redirect("desk:list", defined.register.code, made.pk)


def _index(request: HttpRequest, defined: Defined, refused: str = "") -> HttpResponse:
    found = Batch.objects.filter(register=defined.register.code).select_related("drafted_by", "entered_by")
    context = {
        "register": defined.name(language()),
        "code": defined.register.code,
        "lists": found.defer("rows", "fates").order_by("-drafted_at")[:50],
        "refused": refused,
    }
    return render(request, "desk/registers/lists.html", context, status=422 if refused else 200)


def one(request: HttpRequest, code: str, batch: UUID) -> HttpResponse:
    """One list: which heading fills what, and what becomes of each row."""
    defined, found = _found(request, code, batch)
    if request.method != "POST":
        return _page(request, defined, found)
    mapping = {key.removeprefix("map-"): str(value) for key, value in request.POST.items() if key.startswith("map-")}
    try:
        batches.map_columns(found, defined, mapping=mapping, by=acting(request))
    except ActionRefused as refused:
        found.mapping = mapping
        return _page(request, defined, found, refused)
    return redirect("desk:list", code, batch)


def _found(request: HttpRequest, code: str, batch: UUID) -> tuple[Defined, Batch]:
    found = Batch.objects.select_related("drafted_by", "entered_by", "undone_by")
    return _mine(request, code), get_object_or_404(found, register=code, pk=batch)


def _page(request: HttpRequest, defined: Defined, batch: Batch, refused: ActionRefused | None = None) -> HttpResponse:
    officer = acting(request).officer
    context: dict[str, Any] = {
        "register": defined.name(language()),
        "code": defined.register.code,
        "is_mine": bool(officer and batch.drafted_by_id == officer.pk),
        "refused": str(refused or ""),
        **lists.shown(batch, defined),
    }
    status = 200 if refused is None else 409 if refused.conflict else 422
    return render(request, "desk/registers/list.html", context, status=status)


def enter(request: HttpRequest, code: str, batch: UUID) -> HttpResponse:
    """A second officer lets the list in; a worker enters it."""
    defined, found = _found(request, code, batch)
    try:
        batches.approve(found, by=acting(request))
    except ActionRefused as refused:
        return _page(request, defined, found, refused)
    messages.success(request, _("取込みを始めました。終わるまで少しかかります。"))
    return redirect("desk:list", code, batch)


def undo(request: HttpRequest, code: str, batch: UUID) -> HttpResponse:
    """Take the whole list back."""
    defined, found = _found(request, code, batch)
    try:
        batches.undo(found, defined, by=acting(request))
    except ActionRefused as refused:
        return _page(request, defined, found, refused)
    messages.success(request, _("取込みを取り消しました。"))
    return redirect("desk:list", code, batch)


def fates(request: HttpRequest, code: str, batch: UUID) -> HttpResponse:
    """Each row's fate as CSV, to be mended in a spreadsheet."""
    defined, found = _found(request, code, batch)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="fates.csv"'
    rows = csv.writer(response)
    rows.writerow([_("行の番号"), _("番号"), _("どうなるか"), _("直すところ")])
    for row in found.fates:
        told = lists.told(row, defined)
        said = "；".join(f"{label}：{text}" for label, text in told["problems"])
        rows.writerow([told["line"], harmless(told["number"]), told["fate"], harmless(said)])
    return response
