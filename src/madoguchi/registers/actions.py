"""Verbs of a register: what a case is about is confirmed, what its decision does is entered; entries never change."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases import events
from madoguchi.cases.actions import must_be_open, must_work_on
from madoguchi.cases.models import Case
from madoguchi.foundation.dates import retention_end
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor
from madoguchi.platform.calendar import today
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.refusing import ActionRefused

from . import directory, queries
from .load import Defined
from .models import Concern, Entry, Holding
from .queries import Act, state_of
from .rules import OVER, Change, Effect, State, fold, may_follow

SETTING: Final = frozenset({"enter", "renew", "change", "succeed"})
"""Effects that set columns; what others say of them is only compared."""


def locked(case: Case) -> Holding | None:
    """The holding that a LOCKED case is about, locked until the transaction ends: case, then holding, then number."""
    concern = queries.concern_of(case) if case.compiled.procedure.concerns else None
    if concern is None or concern.holding_id is None:
        return None
    rows = Holding.objects.filter(pk=concern.holding_id)
    return rows.get() if switched_off("holding-lock") else rows.select_for_update().get()


def connect(case: Case, *, again: bool = False) -> Concern | None:
    """In the caller's transaction: what the number in an application finds, for an officer to confirm.

    `again`: the answers were corrected; what was confirmed before holds on only where nothing of it changed.
    """
    act = queries.act_of(case)
    if act is None:
        return None
    holding = None if act.begins else queries.find(act.register.register.code, act.number)
    before = queries.concern_of(case) if again else None
    if before and before.by_id and (before.holding == holding or not act.number) and before.effect == act.effect:
        return before
    if before:
        before.delete()
    if holding is None:
        return None
    found = {"holding": holding, "effect": act.effect, "at": timezone.now()}
    return Concern.objects.get_or_create(case=case, defaults=found)[0]


@transaction.atomic
def confirm(case: Case, *, number: str, by: Actor) -> Concern:
    """An officer says what a case is about, or (no number) that the register lacks it. Raises ActionRefused."""
    case = events.lock(case)
    officer = must_work_on(case, by)
    must_be_open(case)
    act = queries.act_of(case)
    if act is None or act.begins:
        raise ActionRefused(_("この案件は、台帳にあるものについての案件ではありません。"), conflict=True)
    holding = queries.find(act.register.register.code, number) if number else None
    if number and holding is None:
        raise ActionRefused(_("台帳に番号「%(number)s」はありません。番号を確かめてください。") % {"number": number})
    seen = holding.last_seq if holding else 0
    concern, _made = Concern.objects.update_or_create(
        case=case,
        defaults={"holding": holding, "effect": act.effect, "seen": seen, "by": officer, "at": timezone.now()},
    )
    told = {"register": act.register.register.code, "holding": str(holding.pk) if holding else "", "seen": seen}
    events.append(case, "holding-confirmed", by=by, data=told)
    return concern


def must_be_confirmed(case: Case, holding: Holding | None = None) -> None:
    """Raises ActionRefused where the decision of a case would change what nobody confirmed, or what changed since."""
    act = queries.act_of(case)
    if act is None or act.begins:
        return
    concern = queries.concern_of(case)
    if concern is None or concern.by_id is None:
        raise ActionRefused(_("先に、この案件が台帳のどの記載についてのものかを確かめてください。"))
    holding = holding or concern.holding
    if holding is not None and holding.last_seq != concern.seen:
        raise ActionRefused(
            _("確かめた後に、台帳のこの記載が変わりました。いまの記載を見て、もう一度確かめてください。"), conflict=True
        )


def settled(case: Case, holding: Holding | None) -> Act | None:
    """What the decision of a case does as things stand now: asked once, before the case is closed by it."""
    act = queries.act_of(case)
    return act and _as_it_is_now(act, holding)


def begins(act: Act | None, holding: Holding | None) -> date | None:
    """The first day of what is granted: after the present end for a renewal; None: the decision's day."""
    if act is None or act.effect != "renew" or holding is None or holding.until is None:
        return None
    return holding.until + timedelta(days=1)


@transaction.atomic
def take_effect(
    case: Case, *, act: Act | None, number: str, until: date | None, by: Actor, holding: Holding | None = None
) -> Entry | None:
    """Enter what the decision of a case does (`settled`); `holding` is locked. Raises ActionRefused.

    `number` is that of the decision's paper, `until` the last day that the decision set.
    """
    if act is None:
        _must_be_known(case)
        return None
    case = events.lock(case)
    must_be_confirmed(case, holding)
    if act.effect != "enter" and holding is None:
        return None  # an officer confirmed that the register has none: what ends or changes nothing is only filed
    _must_be_free(act, holding)
    if holding is None or act.begins:
        holding = begin(act.register, number=number, office=case.office, invented=case.invented)
    entry = enter(
        holding, act.register, effect=act.effect, values=act.values if act.effect in SETTING else {},
        on=act.on or today(),
        until=until if act.effect in ("enter", "renew") else None, number=number, case=case, by=by,
    )  # fmt: skip
    told = {"register": holding.register, "holding": str(holding.pk), "effect": act.effect, "seq": entry.seq}
    events.append(case, "registered", by=by, data=told)
    return entry


def _must_be_known(case: Case) -> None:
    concerns = case.compiled.procedure.concerns
    if concerns and concerns.register_code not in directory.registers():
        raise ActionRefused(_("この手続の台帳の定義が見つかりません。システムの担当に知らせてください。"))


def _as_it_is_now(act: Act, holding: Holding | None) -> Act:
    """A renewal of what is over, or of what the register never had, begins something new with a number of its own."""
    if act.effect != "renew":
        return act
    state = state_of(holding, today()) if holding else State()
    is_over = holding is None or bool(state.until and state.until < today() and not queries.is_renewing(holding))
    return replace(act, effect="enter") if is_over or not may_follow("renew", state) else act


def _must_be_free(act: Act, holding: Holding | None) -> None:
    if not act.register.register.one_each or act.effect not in ("enter", "succeed"):
        return
    key = queries.holder_key(act.register, act.values)
    others = queries.standing(act.register.register.code).filter(holder_key=key) if key else Holding.objects.none()
    if other := next((one for one in others if holding is None or one.pk != holding.pk), None):
        raise ActionRefused(
            _("この方は、すでに有効な「%(number)s」を持っています。台帳では一人に一つです。") % {"number": other.number}
        )


@transaction.atomic
def begin(defined: Defined, *, number: str, office: str, invented: bool = False) -> Holding:
    """A holding without entries yet. What was imported and taken back may come again.

    Where another has the number (a list may have had it), this one is told apart: a decision is never stopped by it.
    """
    number, known = as_code(number), Holding.objects.filter(register=defined.register.code)
    if void := known.select_for_update().filter(number=number, standing="void").first():
        return void
    taken = known.filter(number__startswith=number).count()
    if taken and known.filter(number=number).exists():
        number = f"{number}の{taken + 1}"
    of = {"register": defined.register.code, "office": office, "invented": invented}
    return Holding.objects.create(**of, number=number, standing="coming")


def enter(
    holding: Holding,
    defined: Defined,
    *,
    effect: Effect,
    values: Mapping[str, Any],
    on: date,
    until: date | None = None,
    by: Actor,
    **source: Any,
) -> Entry:
    """Append one entry to a LOCKED holding and recount it. `source`: case, batch and number of a paper."""
    if holding.purged_at or not may_follow(effect, _at_the_end(holding)):
        raise ActionRefused(_("台帳の記載「%(number)s」は、もう終わっています。") % {"number": holding.number})
    if until and on > until:
        raise ActionRefused(_("はじまりの日が、期限より後になっています。日を直してください。"))
    entry = Entry.objects.create(
        holding=holding, seq=holding.last_seq + 1, effect=effect, on=on, until=until, values=dict(values),
        by=by.officer, at=timezone.now(), **source,
    )  # fmt: skip
    holding.last_seq = entry.seq
    holding.told_days = None if effect == "renew" else holding.told_days
    recount(holding, defined)
    return entry


def _at_the_end(holding: Holding) -> State:
    """What all entries come to, those of days to come too: nothing follows on an end that is already entered."""
    return state_of(holding, date.max)


def revoke(case: Case, *, by: Actor) -> Entry | None:
    """The decision of a LOCKED case is withdrawn (取消): what it began ends today, where it still stands.

    The paper of a change, a succession or a renewal may be withdrawn as well; the right itself stays as it is.
    """
    entry = Entry.objects.filter(case=case, effect="enter").first()
    if entry is None:
        return None
    holding = Holding.objects.select_for_update().get(pk=entry.holding_id)
    defined = directory.registers().get(holding.register)
    if defined is None or not may_follow("end", _at_the_end(holding)):
        return None
    ended = enter(holding, defined, effect="end", values={}, on=today(), by=by)
    told = {"register": holding.register, "holding": str(holding.pk), "effect": "end", "seq": ended.seq}
    events.append(case, "registered", by=by, data=told)
    return ended


def recount(holding: Holding, defined: Defined) -> Holding:
    """The present state of a LOCKED holding from its entries; called again on each day on which one takes effect."""
    put(holding, defined, queries.changes(holding.entries.all()))
    holding.save(update_fields=PRESENT)
    return holding


PRESENT: Final = (
    "title", "holder", "holder_key", "values", "standing", "since", "until", "ended_on", "next_on", "last_seq",
    "told_days", "retention_until",
)  # fmt: skip
"""What of a holding is counted from its entries."""


def put(holding: Holding, defined: Defined, changes: Sequence[Change]) -> None:
    """Set what a holding's entries come to today, not yet stored."""
    state = fold(changes, today())
    if state.since is None:  # what comes is shown as it will be
        state = replace(state, values=fold(changes, date.max).values)
    party = next(iter(queries.parties(defined, state.values)), {})
    named = defined.register.name_column
    holding.standing, holding.since, holding.until = state.standing, state.since, state.until
    holding.ended_on, holding.next_on, holding.values = state.ended_on, state.next_on, dict(state.values)
    holding.title = queries.shown(defined, named, state.values.get(named), "ja")[:200]
    holding.holder = str(party.get("name", ""))[:200]
    holding.holder_key = queries.holder_key(defined, state.values)
    over = state.ended_on if state.standing in OVER else state.until
    holding.retention_until = retention_end(over, defined.register.retention.years) if over else None
    if state.standing == "void":
        holding.retention_until = today()  # it was never to be there
