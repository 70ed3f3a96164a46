"""Payments at the desk: a charge and what one does with it, the terminal's end of the day, the treasurer's page."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from madoguchi.bookings.models import Order
from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.foundation.text import sought
from madoguchi.payments.models import Charge, Refund
from madoguchi.payments.paying import actions, till
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused
from madoguchi.platform.spreadsheet import harmless

from .. import money
from .case import show, status_of

MOST_DAYS = 400
LONGEST = 200


def _charge(request: HttpRequest, charge: str) -> Charge:
    offices = acting(request).offices_with(till.AT_TILL)
    found = Charge.objects.select_related("case").filter(office__in=offices)
    return get_object_or_404(found, reference=parse_reference(charge) or "")


def _show(request: HttpRequest, found: Charge, refused: str = "", status: int = 200) -> HttpResponse:
    case = Case.objects.for_actor(acting(request)).filter(charge=found).first()
    if case:
        return show(request, case, refused, status) if refused else redirect("desk:case", case.reference)
    sale = Order.objects.filter(charge=found).values_list("secret", flat=True).first()
    context = {**money.charge(found, acting(request)), "sale": sale, "refused": refused, "typed": request.POST}
    return render(request, "desk/charge.html", context, status=status)


def charge(request: HttpRequest, charge: str) -> HttpResponse:
    """A charge by its number; that of a case is shown on the case's screen."""
    return _show(request, _charge(request, charge))


def find(request: HttpRequest) -> HttpResponse:
    """Find a charge by the number that a visitor says or shows; below, the repayments to be made by hand."""
    asked = sought(request.GET.get("q", ""), LONGEST)
    found = Charge.objects.filter(reference=parse_reference(asked) or "").first() if asked else None
    if found is not None and found.office in acting(request).offices_with(till.AT_TILL):
        return redirect("desk:charge", found.reference)
    context = {"q": asked, "missing": bool(asked), **money.repayments(acting(request))}
    return render(request, "desk/find_charge.html", context)


def does(action: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """A POST on a charge: do it and go back to its page; a refusal shows the page with its sentence."""

    @wraps(action)
    def view(request: HttpRequest, charge: str, **kwargs: Any) -> HttpResponse:
        found = _charge(request, charge)
        try:
            action(request, found, **kwargs)
        except ActionRefused as refused:
            return _show(request, _charge(request, charge), str(refused), status_of(refused))
        return redirect("desk:charge", found.reference)

    return require_POST(view)


@does
def take(request: HttpRequest, charge: Charge) -> None:
    """A visitor paid at the terminal."""
    actions.take_at_counter(
        charge=charge,
        method=request.POST.get("method", ""),
        slip=request.POST.get("slip", ""),
        by=acting(request),
    )


@does
def reduce(request: HttpRequest, charge: Charge) -> None:
    """減免."""
    yen = money.amount(request.POST, "yen")
    actions.reduce(charge=charge, yen=yen, reason=request.POST.get("why", ""), by=acting(request))


@does
def refund(request: HttpRequest, charge: Charge) -> None:
    """還付."""
    yen = money.amount(request.POST, "yen")
    actions.refund(charge=charge, yen=yen, reason=request.POST.get("why", ""), by=acting(request))


@does
def write_off(request: HttpRequest, charge: Charge) -> None:
    """不納欠損."""
    actions.write_off(charge=charge, reason=request.POST.get("why", ""), by=acting(request))


@does
def repaid(request: HttpRequest, charge: Charge, refund: str) -> None:
    """A repayment was made at the terminal or by bank transfer."""
    found = get_object_or_404(Refund.objects.select_related("attempt"), attempt__charge=charge, pk=refund)
    actions.repaid_by_hand(refund=found, slip=request.POST.get("slip", ""), by=acting(request))


def till_day(request: HttpRequest) -> HttpResponse:
    """The end of the day at a terminal: what the ledger says beside what the clerk counted."""
    actor, told = acting(request), request.POST if request.method == "POST" else request.GET
    offices = actor.offices_with(till.AT_TILL)
    office, day = told.get("office") or offices[0], money.day_of(told.get("day", ""), today())
    refused, status = "", 200
    if request.method == "POST":
        try:
            counted = money.counted(request.POST)
            actions.close_day(office=office, day=day, counted=counted, note=told.get("note", ""), by=actor)
        except ActionRefused as sentence:
            refused, status = str(sentence), status_of(sentence)
    office = office if office in offices else offices[0]
    context = {**money.till_page(office, day, actor, told if refused else {}), "refused": refused}
    return render(request, "desk/till.html", context, status=status)


def _span(request: HttpRequest) -> tuple[date, date]:
    until = money.day_of(request.GET.get("until", ""), today())
    since = money.day_of(request.GET.get("since", ""), until.replace(day=1))
    return max(min(since, until), until - timedelta(days=MOST_DAYS)), until


def treasury(request: HttpRequest) -> HttpResponse:
    """What came in by procedure or facility, way to pay and day, and the share of cashless payments."""
    since, until = _span(request)
    actor = acting(request)
    rows = money.treasury_rows(actor, since, until)
    told = {"since": since, "until": until, "query": f"?since={since}&until={until}", "all": money.sees_all(actor)}
    return render(request, "desk/treasury.html", {**told, **money.treasury(rows)})


def treasury_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file for a spreadsheet (UTF-8 with BOM)."""
    since, until = _span(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="treasury_{since}_{until}.csv"'
    out = csv.writer(response)
    out.writerow(["日", "コード", "名称", "支払方法", "決済手段", "収入（円）", "還付（円）", "件数"])
    for row in money.treasury_rows(acting(request), since, until):
        name = money.subject_name(row.code)
        out.writerow([row.day, row.code, harmless(name), row.provider, row.method, row.came, row.back, row.payments])
    return response
