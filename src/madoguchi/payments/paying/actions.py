"""Verbs on a charge: keyword-only, `by=` the actor, one transaction under the lock of the charge.

Starting to pay and settling stand in `attempts`, paying back in `repaying`; they are offered from here as well.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.actions import move
from madoguchi.cases.queries import flow_of
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Role
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.platform.sql.rows import instance, write

from ..ledger import lines
from ..ledger.opening import opening
from ..ledger.rules import MOST_YEN
from ..models import Attempt, Charge, Entry
from .attempts import look, look_at_open, receive, settle, start, tell_case
from .providers import PROVIDERS
from .repaying import pay_back, repaid_by_hand
from .till import close_day, take_at_counter

MANAGERS = (Role.MANAGER, Role.DIRECTOR)
FILE_WITHIN = timedelta(days=7)
"""So late a file of a bank or an acquirer may tell of a payment (this town's own choice)."""
CHANGED, LAPSED, WITHDRAWN = "申請内容の変更による", "納付期限が過ぎたため", "申請が終わったため"

__all__ = [
    "close_day", "lapse", "look", "look_at_open", "lower", "open_charge", "owe_more", "pay_back", "receive", "reduce",
    "refund", "remind", "repaid_by_hand", "settle", "start", "take_at_counter", "waive_rest", "write_off",
]  # fmt: skip


def must_handle(charge: Charge, by: Actor, roles: tuple[str, ...] = CASE_WORKERS) -> None:
    """Raises ActionRefused unless the officer has such a role in the charge's office."""
    if by.officer is None or not by.holds(charge.office, roles):
        raise ActionRefused(_("この請求を扱う担当課の、権限のある職員だけができる操作です。"))


def amount(yen: int) -> int:
    """An amount of money that moves. Raises ActionRefused."""
    if not 0 < yen <= MOST_YEN:
        raise ActionRefused(_("金額は1円以上の整数で入れてください。"))
    return yen


def _because(reason: str) -> str:
    if not (reason := written(reason, 400)):
        raise ActionRefused(_("理由を書いてください。"))
    return reason


@transaction.atomic
def open_charge(*, code: str, office: str, label: str, yen: int, by: Actor, due_on: date | None = None) -> Charge:
    """Ask for `yen` (> 0) for something that is no case (its fee: `fees.follow_fee`). Raises ActionRefused."""
    now = timezone.now()
    opened = opening(code=code, office=office, label=label, yen=amount(yen), at=now, due_on=due_on, by=by)
    write(Charge, opened.charge)
    write(Entry, opened.entry)
    return instance(Charge, opened.charge, case=None)


@transaction.atomic
def owe_more(*, charge: Charge, yen: int, key: str, by: Actor, reason: str = "") -> Charge:
    """Ask for more on the same ledger; `key` names the change, which is charged once."""
    charge = lines.locked(charge)
    due = charge.due
    if lines.write(charge, "owed", amount(yen), by=by, key=f"owed:{charge.pk}:{key}", reason=reason):
        lines.keep(charge, due_before=due, reason=CHANGED)
        tell_case(charge, "charged", by=by, data={"yen": yen})
    return charge


@transaction.atomic
def lower(*, charge: Charge, yen: int, key: str, reason: str, by: Actor) -> Charge:
    """Ask for less (減額) because what it is for changed; what was paid beyond it is paid back. Once per `key`.

    Raises ActionRefused for more than is asked for.
    """
    charge = lines.locked(charge)
    full = f"lowered:{charge.pk}:{key}"
    if not Entry.objects.filter(key=full).exists():
        _lessen(charge, "lowered", yen, key=full, reason=_because(reason), by=by)
    return charge


def _lessen(charge: Charge, kind: str, yen: int, *, key: str, reason: str, by: Actor) -> None:
    due = charge.due
    if amount(yen) > charge.owed:
        raise ActionRefused(_("請求している金額より大きい金額は引けません。"))
    lines.write(charge, kind, yen, by=by, key=key, reason=reason)
    lines.keep(charge, due_before=due, reason=reason)
    if kind == "written-off":
        tell_case(charge, "written-off", by=by, data={"yen": yen})
    else:
        tell_case(charge, "reduced", by=by, data={"yen": yen, "kind": kind})


def _next_key(charge: Charge, kind: str) -> str:
    return f"{kind}:{charge.pk}:{charge.entries.count()}"


@transaction.atomic
def reduce(*, charge: Charge, yen: int, reason: str, by: Actor) -> Charge:
    """Reduce or remit (減免) with a reason; what was already paid beyond it is paid back."""
    charge = lines.locked(charge)
    must_handle(charge, by)
    _lessen(charge, "reduced", yen, key=_next_key(charge, "reduced"), reason=_because(reason), by=by)
    return charge


@transaction.atomic
def refund(*, charge: Charge, yen: int, reason: str, by: Actor) -> Charge:
    """Pay back (還付) so much of what was paid, through the way it came: the claim is lowered, a job pays back."""
    charge = lines.locked(charge)
    must_handle(charge, by)
    if amount(yen) > min(charge.paid, charge.owed):
        raise ActionRefused(_("納付された金額より大きい金額は還付できません。"))
    if charge.due > 0:
        raise ActionRefused(_("まだ納付が済んでいません。減免か、請求の取消しを使ってください。"))
    _lessen(charge, "lowered", yen, key=_next_key(charge, "refund"), reason=_because(reason), by=by)
    return charge


@transaction.atomic
def write_off(*, charge: Charge, reason: str, by: Actor) -> Charge:
    """Give up what is still due (不納欠損); a manager's decision, with its reason."""
    charge = lines.locked(charge)
    must_handle(charge, by, MANAGERS)
    if charge.due <= 0:
        raise ActionRefused(_("未納の金額がありません。画面を読み直してください。"), conflict=True)
    _lessen(charge, "written-off", charge.due, key=_next_key(charge, "written-off"), reason=_because(reason), by=by)
    return charge


@transaction.atomic
def waive_rest(*, charge: Charge, by: Actor, reason: str = WITHDRAWN) -> Charge:
    """Ask for nothing more, since the matter has ended; what was paid stays paid. Safe to repeat."""
    charge = lines.locked(charge)
    if charge.due > 0:
        _close(charge, by, reason)
    return charge


def _close(charge: Charge, by: Actor, reason: str) -> int:
    due, charge.lapsed_at = charge.due, timezone.now()
    lines.write(charge, "lowered", due, by=by, key=_next_key(charge, "lapsed"), reason=reason)
    lines.keep(charge, due_before=due, reason=reason)
    return due


def _last_day(charge: Charge) -> date:
    """Its last day, or later while a slip or a code may have been paid that a file has not told of yet."""
    assert charge.due_on is not None
    by_file = [code for code, one in PROVIDERS.items() if one.by_file]
    waits = charge.attempts.filter(provider__in=by_file, state=Attempt.State.STARTED).exists()
    return charge.due_on + (FILE_WITHIN if waits else timedelta())


@transaction.atomic
def lapse(*, charge: Charge, by: Actor) -> bool:
    """Let a charge lapse whose day has passed unpaid; its case ends with it. Whether it did; safe to repeat.

    Where the flow does not end a case for its fee (due at delivery), the charge stays.
    """
    charge = lines.locked(charge)
    if charge.lapsed_at or charge.due <= 0 or charge.due_on is None or _last_day(charge) >= timezone.localdate():
        return False
    case = charge.case
    if case is not None and not (case.is_open and "lapsed" in flow_of(case).outcomes(case.step, "system")):
        return False
    due = _close(charge, by, LAPSED)
    tell_case(charge, "payment-lapsed", by=by, data={"yen": due})
    if case is not None:
        move(case, outcome="lapsed", by=by)
    return True


@transaction.atomic
def remind(*, charge: Charge) -> bool:
    """Mark that the payer is reminded; True once, for the letter that leaves in the same transaction."""
    charge = lines.locked(charge)
    if charge.reminded_at or charge.lapsed_at or charge.due <= 0:
        return False
    charge.reminded_at = timezone.now()
    charge.save(update_fields=["reminded_at"])
    return True
