"""What the desk shows of payments: a charge with its ledger, the day's till, the treasurer's page."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.wording import facility_name
from madoguchi.catalogue.queries import procedure_name
from madoguchi.foundation.dates import DateRefused, read_day
from madoguchi.foundation.numbers import NumberRefused, read_yen
from madoguchi.payments.ledger import queries
from madoguchi.payments.ledger.queries import Taken
from madoguchi.payments.models import Charge, DayClose, Entry, Refund
from madoguchi.payments.paying import actions, till
from madoguchi.payments.paying.providers import provider_name
from madoguchi.payments.paying.providers.counter import METHODS
from madoguchi.payments.paying.providers.counter import Counter as Terminal
from madoguchi.payments.paying.repaying import is_by_hand, to_make_by_hand
from madoguchi.payments.words import method_name, subject
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Officer
from madoguchi.platform.refusing import ActionRefused
from madoguchi.town.offices import office_name, town

TRIANGLES = str.maketrans("▲△", "--")
NOT_YEN = marked("金額は、円の単位の数字で入れてください。例：1200、1,200")
MOST_SHOWN = 200


@dataclass(frozen=True)
class Movement:
    """A line of the ledger as officers read it."""

    at: datetime
    what: str
    way: str
    method: str
    slip: str
    yen: int
    reason: str
    who: str


def charge(found: Charge | None, actor: Actor) -> dict[str, Any]:
    """A charge with its ledger, the repayments that wait, and what this officer may do with it now."""
    if found is None:
        return {"charge": None}
    waiting = Refund.objects.filter(attempt__charge=found, done_at__isnull=True).select_related("attempt")
    open_due = found.due > 0 and found.lapsed_at is None
    works = actor.holds(found.office, CASE_WORKERS)
    return {
        "charge": found,
        "over": found.over,
        "subject": subject(found),
        "charge_office": office_name(found.office),
        "movements": _movements(found),
        "waiting_refunds": [(one, provider_name(one.attempt.provider), is_by_hand(one)) for one in waiting],
        "methods": [(code, method_name(code)) for code in METHODS],
        "may_take": open_due and actor.holds(found.office, till.AT_TILL),
        "may_reduce": works and found.owed > 0,
        "may_refund": works and found.paid > 0 and found.due <= 0 and found.owed > 0,
        "may_write_off": found.due > 0 and actor.holds(found.office, actions.MANAGERS),
    }


def repayments(actor: Actor) -> dict[str, Any]:
    """The repayments that an officer must make outside: how many, and the oldest of them with their charges."""
    found = to_make_by_hand(actor)
    shown = found.select_related("attempt__charge__case__version")[:MOST_SHOWN]
    return {
        "repayment_count": found.count(),
        "repayments": [
            {
                "refund": one,
                "charge": one.attempt.charge,
                "way": provider_name(one.attempt.provider),
                "subject": subject(one.attempt.charge),
                "office": office_name(one.attempt.charge.office),
            }
            for one in shown
        ],
    }


def _movements(found: Charge) -> list[Movement]:
    lines = list(found.entries.select_related("attempt").order_by("pk"))
    codes = {line.actor_code for line in lines if line.actor_kind == "officer" and line.actor_code.isdigit()}
    names = {str(one.pk): one.name for one in Officer.objects.filter(pk__in=codes)}
    slips = {f"refund:{one.pk}": one.slip for one in Refund.objects.filter(attempt__charge=found)}
    return [
        Movement(
            line.at,
            str(Entry.Kind(line.kind).label),
            provider_name(line.attempt.provider) if line.attempt else "",
            *_at_the_terminal(line, slips),
            line.yen,
            line.reason,
            names.get(line.actor_code, ""),
        )
        for line in lines
    ]


def _at_the_terminal(line: Entry, slips: Mapping[str, str]) -> tuple[str, str]:
    """The method and the slip's number of what was taken or given back by hand: who pays back needs them."""
    if line.attempt is None or line.attempt.provider != Terminal.code or line.kind != Entry.Kind.PAID:
        return "", slips.get(line.key, "")
    return method_name(line.attempt.method), line.attempt.provider_reference.split("/", 3)[-1]


def amount(posted: Mapping[str, str], name: str) -> int:
    """Yen as typed, also in full-width digits and with commas. Raises ActionRefused."""
    yen = _signed(posted, name)
    if yen < 0:
        raise ActionRefused(_(NOT_YEN))
    return yen


def counted(posted: QueryDict) -> dict[str, int]:
    """The terminal's totals as typed, with a minus where more was paid back than taken. Raises ActionRefused."""
    return {method: _signed(posted, f"counted.{method}") for method in METHODS}


def _signed(posted: Mapping[str, str], name: str) -> int:
    try:
        yen = read_yen(posted.get(name, "").translate(TRIANGLES))
    except NumberRefused:
        yen = None
    if yen is None or yen != int(yen):
        raise ActionRefused(_(NOT_YEN))
    return int(yen)


def day_of(text: str, today: date) -> date:
    """A day as asked for; today when it is none."""
    try:
        day = read_day(text)
    except DateRefused:
        return today
    return day if day and abs(day.year - today.year) < 100 else today


def till_page(office: str, day: date, actor: Actor, typed: Mapping[str, str]) -> dict[str, Any]:
    """The day of one office's terminal: what the ledger says, what was counted, and whether it is closed."""
    offices = actor.offices_with(till.AT_TILL)
    closed = DayClose.objects.select_related("closed_by").filter(office=office, day=day).first()
    expected = closed.expected if closed else till.expected(office, day)
    said = closed.counted if closed else {}
    return {
        "office": office,
        "offices": [(code, office_name(code)) for code in offices],
        "office_name": office_name(office),
        "date": day,
        "closed": closed,
        "note": typed.get("note", ""),
        "rows": [
            {
                "code": method,
                "name": method_name(method),
                "expected": expected.get(method, 0),
                "counted": said.get(method),
                "typed": typed.get(f"counted.{method}", ""),
            }
            for method in METHODS
        ],
    }


def sees_all(actor: Actor) -> bool:
    """Whether the actor works in the treasury, which sees every office's payments."""
    return actor.holds(town().treasury)


def treasury_rows(actor: Actor, since: date, until: date) -> list[Taken]:
    """What came in between two days, as far as this officer may see it."""
    return queries.taken(since, until, None if sees_all(actor) else actor.offices_with(till.AT_TILL))


def summed(rows: Iterable[Taken], key: Callable[[Taken], Any]) -> list[tuple[Any, int, int, int]]:
    """Yen in, yen back and payments by one key, in the key's order."""
    came: Counter[Any] = Counter()
    back: Counter[Any] = Counter()
    payments: Counter[Any] = Counter()
    for row in rows:
        came[key(row)] += row.came
        back[key(row)] += row.back
        payments[key(row)] += row.payments
    return [(one, came[one], back[one], payments[one]) for one in sorted(came)]


def subject_name(code: str) -> str:
    """The procedure or the facility that money came in for."""
    return facility_name(code) if code in facilities() else procedure_name(code)


def _subject(row: Taken) -> str:
    return subject_name(row.code)


def treasury(rows: list[Taken]) -> dict[str, Any]:
    """The treasurer's page: totals, and tables by procedure or facility, way to pay, and day."""
    known = facilities()
    tables = [
        ("by-procedure", _("手続ごと"), summed((row for row in rows if row.code not in known), _subject)),
        ("by-facility", _("施設ごと"), summed((row for row in rows if row.code in known), _subject)),
        ("by-way", _("支払方法ごと"), summed(rows, way)),
    ]
    return {
        "came": sum(row.came for row in rows),
        "back": sum(row.back for row in rows),
        "payments": sum(row.payments for row in rows),
        "cashless": queries.cashless_share(rows),
        "tables": [table for table in tables if table[2]],
        "days": summed(rows, lambda row: row.day),
    }


def way(row: Taken) -> str:
    """The way to pay of a line, with its method where that says more."""
    method = (
        method_name(row.method)
        if row.method and row.provider in {"counter", "stripe", "slip"} and row.method != row.provider
        else ""
    )
    return f"{provider_name(row.provider)} {method}".strip()
