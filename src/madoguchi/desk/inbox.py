"""The inbox: which cases, in which order, and how many; the last page costs what the first one costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.correspondence import Consultation
from madoguchi.cases.models import Case
from madoguchi.cases.names import name_key
from madoguchi.cases.queries import awaits_payment, flow_of, has_lookalike
from madoguchi.cases.sentences import step_name
from madoguchi.catalogue.queries import procedure_name
from madoguchi.decisions.models import Approval, Draft
from madoguchi.foundation.dates import open_days_between
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.foundation.text import sought
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Post, Role

from .filters import standing_at
from .paging import PAGE, by_day, cut, pair, place, read

MOST_COUNTED = 1000
SOON_DAYS = 3
LONGEST = 80
FILTERS = ("q", "procedure", "step", "channel", "assignee", "late")


def asked(get: Mapping[str, str]) -> dict[str, str]:
    """Tab, filters and mark as they stand in the address; nothing in them can break a query."""
    told = {name: sought(get.get(name, ""), LONGEST) for name in (*FILTERS, "after")}
    tab = get.get("tab", "")
    return {"tab": tab if tab in dict(tabs()) else "office", **told}


def tabs() -> list[tuple[str, str]]:
    """The views of the inbox."""
    return [
        ("mine", _("自分の担当")),
        ("office", _("課のすべて")),
        ("approval", _("決裁待ち")),
        ("consulted", _("照会")),
        ("closed", _("終わった案件")),
    ]


def listed(actor: Actor, tab: str, today: date) -> QuerySet[Case]:
    """The cases of a tab."""
    own = Case.objects.filter(office__in=actor.offices_with((*CASE_WORKERS, Role.CLERK)))
    match tab:
        case "mine":
            return own.filter(closed_at__isnull=True, assignee=actor.officer)
        case "approval":
            return Case.objects.filter(pk__in=waiting_for(actor, today), closed_at__isnull=True)
        case "consulted":
            asked_of_us = Consultation.objects.filter(
                case=OuterRef("pk"), office__in=actor.offices_with(CASE_WORKERS), answered_at__isnull=True
            )
            return Case.objects.filter(Exists(asked_of_us))
        case "closed":
            return own.filter(closed_at__isnull=False)
        case _all:
            return own.filter(closed_at__isnull=True)


def waiting_for(actor: Actor, today: date) -> QuerySet[Draft, Any]:
    """Ids of cases whose draft waits for this actor's seat, or for one in which the actor now decides as a deputy."""
    seats = Q(pk__in=[])
    for office, roles in (actor.offices or {}).items():
        seats |= Q(office=office, position__in=list(roles))
    for office, role in deputising(actor, today):
        seats |= Q(office=office, position=role)
    earlier = Approval.objects.filter(draft=OuterRef("draft"), outcome="", order__lt=OuterRef("order"))
    turn = Approval.objects.filter(seats, ~Exists(earlier), outcome="", draft__state=Draft.State.PENDING)
    return Draft.objects.filter(approvals__in=turn).exclude(drafted_by=actor.officer).values("case_id")


def deputising(actor: Actor, today: date) -> list[tuple[str, str]]:
    """The seats whose holders are all absent today, the actor being deputy of one (代決)."""
    away = Q(absent_from__lte=today, absent_until__gte=today)
    present = Post.objects.filter(~away, office=OuterRef("office"), role=OuterRef("role"))
    mine = Post.objects.filter(away, ~Exists(present), deputy=actor.officer)
    return list(mine.values_list("office", "role"))


def narrowed(cases: QuerySet[Case], told: Mapping[str, str], actor: Actor, today: date) -> QuerySet[Case]:
    """The filters and the search of the inbox."""
    wanted = {name: told[name] for name in ("procedure", "channel") if told[name]}
    cases = cases.filter(**wanted)
    if told["step"]:
        cases = cases.filter(standing_at(told["step"]))
    if told["assignee"]:
        cases = cases.filter(assignee=actor.officer if told["assignee"] == "me" else None)
    if told["late"]:
        cases = cases.filter(due_on__lt=today)
    if not told["q"]:
        return cases
    reference = parse_reference(told["q"])
    return cases.filter(reference=reference) if reference else cases.filter(name_key__contains=name_key(told["q"]))


def page(cases: QuerySet[Case], mark: str, *, closed: bool) -> tuple[list[Case], str]:
    """The cases behind a mark, and the mark of the next page ("" on the last). A mark nobody made begins anew."""
    cases = cases.select_related("assignee").annotate(has_lookalike=has_lookalike())
    found = _closed(cases, mark) if closed else by_day(cases, "due_on", mark)
    return cut(found, lambda case: case.received_at.isoformat() if closed else case.due_on)


def _closed(cases: QuerySet[Case], mark: str) -> list[Case]:
    """The newest first."""
    at = read(mark, datetime.fromisoformat)
    if at and isinstance(at[0], datetime) and timezone.is_aware(at[0]):
        cases = cases.filter(LessThan(pair(F("received_at"), F("id")), place(*at, DateTimeField())))
    return list(cases.order_by("-received_at", "-id")[: PAGE + 1])


def counted(cases: QuerySet[Any]) -> str:
    """How many, counted up to a limit so that the page costs the same at any size."""
    number = cases.order_by()[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else str(number)


def counts(actor: Actor, today: date) -> dict[str, str]:
    """The figures above the list: the office's day at a glance, and what waits for oneself."""
    office = listed(actor, "office", today)
    arrived = Case.objects.filter(office__in=actor.offices_with((*CASE_WORKERS, Role.CLERK)))
    midnight = timezone.make_aware(datetime.combine(today, time()))
    return {
        "received_today": counted(arrived.filter(received_at__gte=midnight)),
        "late": counted(office.filter(due_on__lt=today)),
        "waiting": counted(office.filter(due_on__isnull=True, period_days__isnull=False)),
        **{tab: counted(listed(actor, tab, today)) for tab in ("mine", "approval", "consulted")},
    }


@dataclass(frozen=True)
class Row:
    """A line of the inbox. `days`: until the promised day, in the period's own unit; negative when it has passed."""

    case: Case
    procedure: str
    step: str
    urgency: str
    days: int | None
    unpaid: bool


def row(case: Case, today: date) -> Row:
    """A case as a line; no further query."""
    days = _days(case, today) if case.due_on else None
    return Row(
        case, procedure_name(case.procedure), step_name(case), urgency(case, days, today), days, awaits_payment(case)
    )


def _days(case: Case, today: date) -> int:
    due = case.due_on or today
    if case.period_unit == "calendar":
        return (due - today).days
    return open_days_between(today, due) if due >= today else -open_days_between(due, today)


def urgency(case: Case, days: int | None, today: date) -> str:
    """late, soon or ok by the promised day; waiting, held or none where there is none; closed."""
    if not case.is_open:
        return "closed"
    if case.due_on is not None and days is not None:
        return "late" if case.due_on < today else "soon" if days <= SOON_DAYS else "ok"
    if case.period_days is None:
        return "none"
    return "waiting" if flow_of(case).step_by_id[case.step].is_correction else "held"
