"""At the desk: the office's projects, their reports and the ratings that wait, entered values, and the register."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from madoguchi.catalogue.messages import SENTENCES
from madoguchi.foundation.dates import DateRefused, plausible_day
from madoguchi.foundation.numbers import NumberRefused, read_number
from madoguchi.people.access import acting
from madoguchi.people.actor import Actor
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused
from madoguchi.town.offices import town

from .. import actions, queries
from ..kept import indicator_or_404, kept, project_or_404
from ..models import Entry, Item, State, Voice
from ..rules import Quarter, months_before

NOT_A_NUMBER = SENTENCES["not-a-number"]
MOST_VOICES = 200
TAKEN = 409
UNFIT = 422


def home(request: HttpRequest) -> HttpResponse:
    """My offices' projects with what is due, the ratings that wait, and what is entered each month."""
    actor = acting(request)
    offices = actor.offices_with(actions.REPORTERS)
    mine = [(ref, one) for ref, one in kept().projects.items() if one.owner in offices]
    reports = queries.quarters_of([ref for ref, _one in mine])
    waiting = dict.fromkeys((ref for ref, _one in mine), 0)
    for ref in Voice.objects.filter(office__in=offices, reply__isnull=True).values_list("project", flat=True):
        waiting[ref] = waiting.get(ref, 0) + 1
    rows: list[dict[str, Any]] = [
        {
            "ref": ref, "edition": ref.partition("/")[0], "project": one, "waiting": waiting[ref],
            "missing": [q for q in reports[ref] if not q.report],
        }
        for ref, one in mine
    ]  # fmt: skip
    context = {
        "rows": sorted(rows, key=lambda row: (-len(row["missing"]), -row["waiting"], row["ref"])),
        "indicators": [one for one in kept().indicators.values() if one.entered and offices],
    }
    return render(request, "reform/desk/home.html", context)


def _mine(edition: str, code: str, actor: Actor) -> str:
    ref, project = project_or_404(edition, code)
    if not actor.holds(project.owner, actions.REPORTERS):
        raise PermissionDenied(f"{ref} belongs to {project.owner}")
    return ref


def project(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The quarters to report on, and the ratings that wait for an answer."""
    return _project(request, _mine(edition, code, acting(request)))


def _project(request: HttpRequest, ref: str, refused: str = "", status: int = 200) -> HttpResponse:
    quarters = queries.quarters(ref)
    current = Quarter.of(today())
    edition, _slash, code = ref.partition("/")
    context = {
        "ref": ref, "edition": edition, "code": code, "project": kept().projects[ref],
        "fictional": kept().edition_of(ref).fictional, "quarters": quarters,
        "current": current if all(one.quarter != current for one in quarters) else None,
        "voices": Voice.objects.filter(project=ref, reply__isnull=True).order_by("-at", "-pk")[:MOST_VOICES],
        "chosen": request.POST.getlist("voice"), "typed": request.POST, "refused": refused,
    }  # fmt: skip
    return render(request, "reform/desk/project.html", context, status=status)


def report(request: HttpRequest, edition: str, code: str, year: int, number: int) -> HttpResponse:
    """Write or revise the report of a quarter."""
    ref = _mine(edition, code, acting(request))
    if number not in range(1, 5) or year not in range(2000, 2200):
        raise Http404("no such quarter")
    quarter, refused, status = Quarter(year, number), "", 200
    if request.method == "POST":
        try:
            texts = {name: request.POST.get(name, "") for name in ("progress", "next", "cause")}
            actions.report(ref, quarter, **texts, seen=_number(request.POST.get("seen", "")), by=acting(request))
        except ActionRefused as fault:
            refused, status = str(fault), TAKEN if fault.conflict else UNFIT
        else:
            messages.success(request, _("報告を公開しました。"))
            return redirect("reform:desk-project", edition, code)
    held = next((one for one in queries.quarters(ref) if one.quarter == quarter), None)
    last = held.report if held else None
    stored = {"progress": last.progress, "next": last.next, "cause": ""} if last else {}
    context = {
        "edition": edition, "code": code, "project": kept().projects[ref], "quarter": quarter, "last": last,
        "typed": request.POST if request.method == "POST" else stored, "refused": refused,
    }  # fmt: skip
    return render(request, "reform/desk/report.html", context, status=status)


def reply(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Answer chosen ratings together."""
    ref = _mine(edition, code, acting(request))
    chosen = [_number(one) for one in request.POST.getlist("voice")]
    said, did = request.POST.get("said", ""), request.POST.get("did", "")
    try:
        actions.reply(ref, chosen, said=said, did=did, by=acting(request))
    except ActionRefused as refused:
        return _project(request, ref, str(refused), TAKEN if refused.conflict else UNFIT)
    messages.success(request, _("回答を公開しました。"))
    return redirect("reform:desk-project", edition, code)


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a bureau's value of a month, with its evidence."""
    found, actor, refused, status = indicator_or_404(code), acting(request), "", 200
    if not found.entered:
        raise Http404(code)
    if request.method == "POST":
        try:
            actions.enter(code, **_entry(request, code), by=actor)
        except ActionRefused as fault:
            refused, status = str(fault), TAKEN if fault.conflict else UNFIT
        else:
            messages.success(request, _("数字を公開しました。"))
            return redirect("reform:desk-indicator", code)
    months = months_before(today().replace(day=1), queries.MONTHS)
    context = {
        "indicator": found, "months": [f"{one:%Y-%m}" for one in reversed(months)], "typed": request.POST,
        "bureaus": [one for one in town().bureaus.values() if actions.may_enter(one.code, actor)],
        "revisions": queries.revisions(found)[:100], "refused": refused, "names": town().bureaus,
    }  # fmt: skip
    return render(request, "reform/desk/indicator.html", context, status=status)


def _entry(request: HttpRequest, code: str) -> dict[str, Any]:
    """What was typed; a changed value names its cause, and the revision is the one that holds now."""
    posted = request.POST
    month, bureau = _day(f"{posted.get('month', '')}-01"), posted.get("bureau", "")
    try:
        value = read_number(posted.get("value", ""))
    except NumberRefused:
        value = None
    if value is None:
        raise ActionRefused(_(NOT_A_NUMBER))
    if bureau not in town().bureaus:
        raise ActionRefused(_("その局の職員か、改革推進の職員だけができる操作です。"))
    held = Entry.objects.filter(indicator=code, bureau=bureau, month=month)
    seen = posted.get("seen", "") or str(held.count())
    texts = {"evidence": posted.get("evidence", ""), "cause": posted.get("cause", "")}
    return {"bureau": bureau, "month": month, "value": value, "seen": _number(seen), **texts}


def register(request: HttpRequest) -> HttpResponse:
    """The register of my offices: fax lines, seal requirements, charging points."""
    actor, refused, status = acting(request), "", 200
    if request.method == "POST":
        try:
            texts = {name: request.POST.get(name, "") for name in ("kind", "office", "label", "evidence")}
            actions.register(**texts, since=_day(request.POST.get("since", "")), by=actor)
        except ActionRefused as fault:
            refused, status = str(fault), UNFIT
        else:
            messages.success(request, _("台帳に登録しました。"))
            return redirect("reform:desk-register")
    offices = actor.offices_with(actions.REPORTERS)
    states = State.objects.filter(item__office__in=offices).order_by("item", "-revision").distinct("item")
    context = {
        "states": sorted(states.select_related("item"), key=lambda s: (s.item.kind, s.item.office, s.item.label)),
        "offices": offices, "kinds": Item.Kind.choices, "typed": request.POST, "refused": refused,
    }  # fmt: skip
    return render(request, "reform/desk/register.html", context, status=status)


def item(request: HttpRequest, number: int) -> HttpResponse:
    """One line of the register with its log, and a new state for it."""
    found, actor, refused, status = get_object_or_404(Item, pk=number), acting(request), "", 200
    if not actor.holds(found.office, actions.REPORTERS):
        raise PermissionDenied("another office's line")
    if request.method == "POST":
        try:
            texts = {name: request.POST.get(name, "") for name in ("value", "evidence", "cause")}
            since, seen = _day(request.POST.get("since", "")), _number(request.POST.get("seen", ""))
            actions.change(found, **texts, since=since, seen=seen, by=actor)
        except ActionRefused as fault:
            refused, status = str(fault), TAKEN if fault.conflict else UNFIT
        else:
            messages.success(request, _("状態を保存しました。"))
            return redirect("reform:desk-item", number)
    log = list(found.states.select_related("by").order_by("-revision"))
    context = {"item": found, "log": log, "values": State.Value.choices, "typed": request.POST, "refused": refused}
    return render(request, "reform/desk/item.html", context, status=status)


def _day(text: str) -> date:
    try:
        day = plausible_day(text, today())
    except DateRefused:
        day = None
    if day is None:
        raise ActionRefused(_("日付を選び直してください。"))
    return day


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
