"""Verbs: propose a decision (起案), approve or send back (決裁), decide."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases import events
from madoguchi.cases.actions import move, must_be_open, must_work_on, printable
from madoguchi.cases.models import Case, DocumentNumber
from madoguchi.cases.queries import flow_of
from madoguchi.foundation.dates import fiscal_year, parse_duration
from madoguchi.foundation.text import is_blank
from madoguchi.people.actor import Actor
from madoguchi.people.models import Officer, Post
from madoguchi.platform.calendar import today
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.town.offices import town

from . import rules
from .models import NEEDS_REASONS, Approval, Decision, Draft


@transaction.atomic
def propose(
    case: Case,
    *,
    result: str,
    by: Actor,
    reasons: Sequence[str] = (),
    explanation: str = "",
    conditions: Sequence[str] = (),
) -> Draft:
    """Draft a decision and send it up the chain. Refusing without reasons is impossible. Raises ActionRefused."""
    case = events.lock(case)
    officer = must_work_on(case, by)
    must_be_open(case)
    procedure = case.compiled.procedure
    if not result:
        raise ActionRefused(_("決定の内容を選んでください。"))
    if result not in flow_of(case).decisions or "drafted" not in flow_of(case).outcomes(case.step):
        raise ActionRefused(_("この段階では、この決定を起案できません。"), conflict=True)
    chosen = [reason.id for reason in procedure.refusal_reasons if reason.id in reasons]
    explanation, conditions = printable(explanation), [printable(text) for text in conditions]
    if result in NEEDS_REASONS and not (chosen and explanation):
        raise ActionRefused(_("拒否や一部拒否には、理由とあてはまる事実が必要です（行政手続法第8条）。"))
    draft = Draft.objects.create(
        case=case,
        result=result,
        reasons=chosen if result in NEEDS_REASONS else [],
        explanation=explanation if result in NEEDS_REASONS else "",
        conditions=[text for text in conditions if text],
        drafted_by=officer,
        drafted_at=timezone.now(),
    )
    seats = rules.chain(procedure.approval, case.office, refusing=result in NEEDS_REASONS)
    Approval.objects.bulk_create(
        Approval(draft=draft, order=order, **seat._asdict()) for order, seat in enumerate(seats, 1)
    )
    move(case, outcome="drafted", by=by, refusing=result == "refused")
    events.append(case, "drafted", by=by, data={"draft": draft.pk, "result": result})
    return draft


def next_seat(draft: Draft) -> Approval | None:
    """The seat whose turn it is."""
    return draft.approvals.filter(outcome="").order_by("order").first()


def sits_in(seat: Approval, by: Actor, on: date) -> tuple[bool, bool]:
    """(may act, as a deputy): the seat's holder, or the deputy while every holder is absent (代決)."""
    if by.holds(seat.office, [seat.position]):
        return True, False
    posts = list(Post.objects.filter(office=seat.office, role=seat.position))
    absent = bool(posts) and all(post.is_absent(on) for post in posts)
    return absent and any(by.officer is not None and post.deputy_id == by.officer.pk for post in posts), True


def _seat_for(draft: Draft, by: Actor) -> tuple[Approval, Officer, bool]:
    seat = next_seat(draft)
    if draft.state != Draft.State.PENDING or seat is None:
        raise ActionRefused(
            _("この起案は、ほかの職員によってすでに処理されています。画面を読み直してください。"), conflict=True
        )
    allowed, as_deputy = sits_in(seat, by, today())
    if by.officer is None or not allowed:
        raise ActionRefused(_("いまは、あなたの決裁の順番ではありません。"))
    if draft.drafted_by_id == by.officer.pk:
        raise ActionRefused(_("自分の起案を自分で決裁することはできません。"))
    return seat, by.officer, as_deputy


@transaction.atomic
def approve(draft: Draft, *, by: Actor, comment: str = "", valid_from: date | None = None) -> Decision | None:
    """Approve at one's seat; the last seat makes the decision in this transaction. Raises ActionRefused.

    `valid_from`: the first day of what is granted (None: the day of the decision).
    """
    case = draft.case if switched_off("decision-lock") else events.lock(draft.case)
    draft = Draft.objects.get(pk=draft.pk)
    seat, officer, as_deputy = _seat_for(draft, by)
    _fill(seat, "approved", officer, as_deputy, comment)
    events.append(
        case,
        "approved",
        by=by,
        data={"draft": draft.pk, "position": seat.position, "deputy": as_deputy, "order": seat.order},
    )
    if not seat.final:
        return None
    draft.state = Draft.State.APPROVED
    draft.save(update_fields=["state"])
    return _decide(case, draft, by, valid_from)


@transaction.atomic
def send_back(draft: Draft, *, by: Actor, comment: str) -> None:
    """Send the draft back to its author, saying why (差戻し). Raises ActionRefused."""
    case = events.lock(draft.case)
    draft = Draft.objects.get(pk=draft.pk)
    if is_blank(comment):
        raise ActionRefused(_("差し戻す理由を書いてください。"))
    seat, officer, as_deputy = _seat_for(draft, by)
    _fill(seat, "sent-back", officer, as_deputy, comment)
    draft.state = Draft.State.SENT_BACK
    draft.save(update_fields=["state"])
    move(case, outcome="sent-back", by=by)
    events.append(case, "sent-back", by=by, data={"draft": draft.pk, "position": seat.position})


def _fill(seat: Approval, outcome: str, officer: Officer, as_deputy: bool, comment: str) -> None:
    seat.outcome, seat.by, seat.as_deputy, seat.at, seat.comment = (
        outcome,
        officer,
        as_deputy,
        timezone.now(),
        written(comment),
    )
    seat.save(update_fields=["outcome", "by", "as_deputy", "at", "comment"])


def decide(
    case: Case,
    draft: Draft,
    *,
    number: int,
    document_number: str,
    on: date | None = None,
    valid_from: date | None = None,
) -> Decision:
    """What a draft decides on a day (None: today), not yet stored: also the preview of the document reads it.

    What it grants holds from `valid_from` (None: that day). That whole day counts when it is another than the
    decision's, of whose own day a part is gone (民法第140条).
    """
    procedure, day = case.compiled.procedure, on or today()
    begins, term = valid_from or day, case.compiled.procedure.outcome.valid
    granted, refusing = draft.result != "refused", draft.result in NEEDS_REASONS
    return Decision(
        case=case,
        draft=draft,
        result=draft.result,
        decided_on=day,
        office=case.office,
        fiscal_year=fiscal_year(day),
        number=number,
        document_number=document_number,
        reasons=rules.reasons(procedure, draft.reasons),
        explanation=draft.explanation,
        appeal=rules.appeal_notice(procedure.appeal) if refusing and procedure.appeal else [],
        conditions=[*procedure.outcome.conditions, *draft.conditions] if granted else [],
        valid_from=begins if granted else day,
        valid_until=_last_day(term, day, valid_from) if granted and term else None,
    )


def _last_day(term: str, day: date, valid_from: date | None) -> date:
    return parse_duration(term).filling(valid_from) if valid_from else parse_duration(term).after(day)


def _decide(case: Case, draft: Draft, by: Actor, valid_from: date | None) -> Decision:
    year = fiscal_year(today())
    number = _take_number(case.office, year)
    mark = town().offices[case.office].mark
    written = rules.document_number(mark, year, number)
    decision = decide(case, draft, number=number, document_number=written, valid_from=valid_from)
    decision.save(force_insert=True)
    move(case, outcome="approved", decision=draft.result, by=by)
    told = {"decision": decision.pk, "result": decision.result, "number": decision.document_number}
    events.append(case, "decided", by=by, data=told)
    return decision


def _take_number(office: str, year: int) -> int:
    # The row lock lasts until commit: a rolled-back decision gives its number back, so there are no gaps.
    DocumentNumber.objects.get_or_create(office=office, fiscal_year=year)
    row = DocumentNumber.objects.filter(office=office, fiscal_year=year)
    row.update(last=F("last") + 1)
    return row.values_list("last", flat=True).get()


@transaction.atomic
def acknowledge(case: Case, *, by: Actor) -> str:
    """End the office's work on a notification (届出), which has no yes or no; returns the receipt's number."""
    case = events.lock(case)
    must_work_on(case, by)
    must_be_open(case)
    flow = flow_of(case)
    ends = [o for o, outcome in flow.outcomes(case.step, "officer").items() if outcome.to in flow.end_by_id]
    if not ends:
        raise ActionRefused(_("この段階では完了にできません。"), conflict=True)
    year = fiscal_year(today())
    number = rules.document_number(town().offices[case.office].mark, year, _take_number(case.office, year))
    move(case, outcome=ends[0], by=by)
    events.append(case, "closed", by=by, data={"number": number})
    return number
