"""The terminal at a real counter: taking a payment with its slip's number, and the end of the day (日締め)."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Officer, Role
from madoguchi.platform.refusing import ActionRefused, written

from ..ledger import lines as ledger
from ..ledger.rules import MOST_YEN
from ..models import Attempt, Charge, DayClose, Entry
from .attempts import must_be_due, settle
from .providers.counter import METHODS, Counter

AT_TILL = (*CASE_WORKERS, Role.CLERK)


def must_be_open(office: str, day: date, *, repaying: bool = False) -> None:
    """The day's terminal, until the transaction ends. Raises ActionRefused when the day was closed."""
    _hold(office, day)
    if DayClose.objects.filter(office=office, day=day).exists():
        if repaying:
            raise ActionRefused(_("今日の窓口はすでに締めました。この返金は、次の日に入力してください。"))
        raise ActionRefused(_("今日の窓口はすでに締めました。この支払いは、次の日に入力してください。"))


def _hold(office: str, day: date) -> None:
    """Nobody takes a payment of this day while it is being closed, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"till/{office}/{day}"])


def _must_stand_at(office: str, by: Actor) -> Officer:
    if by.officer is None or not by.holds(office, AT_TILL):
        raise ActionRefused(_("この窓口の職員だけができる操作です。"))
    return by.officer


@transaction.atomic
def take_at_counter(*, charge: Charge, method: str, slip: str, by: Actor) -> Attempt:
    """A visitor paid what is due at the terminal; the clerk enters its slip's number. Once per slip.

    Raises ActionRefused: nothing due, an unknown method, a slip used before, the day closed.
    """
    now = timezone.now()
    day = timezone.localdate(now)
    charge = ledger.locked(charge)
    _must_stand_at(charge.office, by)
    must_be_open(charge.office, day)
    must_be_due(charge)
    if method not in METHODS:
        raise ActionRefused(_("支払方法を、カード・電子マネー・コード決済から選んでください。"))
    if not (slip := written(as_code(slip), 40)):
        raise ActionRefused(_("端末の伝票番号を入れてください。"))
    notice = Counter.taken(charge.office, method, slip, charge.due, timezone.localtime(now))
    attempt = _attempt(charge, notice.provider_reference, method, by)
    settle(notice, provider=Counter.code, by=by)
    attempt.refresh_from_db()
    return attempt


def _attempt(charge: Charge, reference: str, method: str, by: Actor) -> Attempt:
    try:
        with transaction.atomic():
            return Attempt.objects.create(
                charge=charge,
                provider=Counter.code,
                provider_reference=reference,
                method=method,
                yen=charge.due,
                started_at=timezone.now(),
                taken_by=by.officer,
            )
    except IntegrityError:
        raise ActionRefused(
            _("この伝票番号は、今日すでに入力されています。番号を確かめてください。"), conflict=True
        ) from None


def expected(office: str, day: date) -> dict[str, int]:
    """What the ledger says came in at this office's terminal on a day, less what was paid back: method → yen."""
    lines = Entry.objects.filter(attempt__provider=Counter.code, charge__office=office, at__date=day)
    came = Sum("yen", filter=Q(kind=Entry.Kind.PAID), default=0)
    back = Sum("yen", filter=Q(kind=Entry.Kind.REFUNDED), default=0)
    rows = lines.values_list("attempt__method").annotate(came=came, back=back)
    found = {method: paid - repaid for method, paid, repaid in rows}
    return {method: found.get(method, 0) for method in METHODS}


@transaction.atomic
def close_day(*, office: str, day: date, counted: Mapping[str, int], note: str, by: Actor) -> DayClose:
    """Close a day: what the terminal's slip says beside what the ledger says; a difference needs a note.

    Raises ActionRefused: a day to come, closed before, an amount missing, a difference without a note.
    """
    officer = _must_stand_at(office, by)
    _hold(office, day)
    if day > timezone.localdate():
        raise ActionRefused(_("先の日は締められません。"))
    if DayClose.objects.filter(office=office, day=day).exists():
        raise ActionRefused(_("この日はすでに締めてあります。"), conflict=True)
    if set(counted) != set(METHODS) or any(abs(yen) > MOST_YEN for yen in counted.values()):
        raise ActionRefused(_("支払方法ごとに、端末の合計額を入れてください。なかったときは0です。"))
    by_ledger, note = expected(office, day), written(note, 400)
    if dict(counted) != by_ledger and not note:
        raise ActionRefused(_("記録と端末の金額が違います。違う理由を書いてください。"))
    return DayClose.objects.create(
        office=office,
        day=day,
        expected=by_ledger,
        counted=dict(counted),
        note=note,
        closed_at=timezone.now(),
        closed_by=officer,
    )
