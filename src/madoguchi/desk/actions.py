"""Verbs that join stages: the last approval decides and issues at once; a proposal can be looked at first."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.applications.step_answers import file_step
from madoguchi.cases import actions as cases
from madoguchi.cases import events
from madoguchi.cases.models import Case
from madoguchi.cases.queries import flow_of
from madoguchi.credentials import actions as credentials
from madoguchi.credentials import paper
from madoguchi.credentials.models import Credential
from madoguchi.decisions import actions as decisions
from madoguchi.decisions.models import Draft
from madoguchi.paper.glyphs import MissingGlyph
from madoguchi.paper.typst import render
from madoguchi.people.actor import Actor
from madoguchi.platform.failpoints import switched_off
from madoguchi.platform.refusing import ActionRefused
from madoguchi.registers import actions as registers
from madoguchi.registers import queries as registers_of

from . import queries


@contextmanager
def printed_as_written() -> Iterator[None]:
    """A character that no font of the documents can draw stops the document; the officer is told which."""
    try:
        yield
    except MissingGlyph as missing:
        raise ActionRefused(
            _("文書の書体にない文字があります：%(characters)s　申請者に確かめ、補正を求めてください。")
            % {"characters": "、".join(missing.characters)}
        ) from missing


@transaction.atomic
def approve(draft: Draft, *, by: Actor, comment: str = "") -> Credential | None:
    """Approve at one's seat; the last seat decides and issues the document, or nothing happens at all."""
    case = draft.case if switched_off("decision-lock") else events.lock(draft.case)
    holding = registers.locked(case)  # the register's lock before that of the number, everywhere
    act = registers.settled(case, holding)
    begins = registers.begins(act, holding)
    decision = decisions.approve(draft, by=by, comment=comment, valid_from=begins)
    if decision is None:
        return None
    if decision.result != "refused":
        registers.take_effect(
            case, act=act, number=decision.document_number, until=decision.valid_until, holding=holding, by=by
        )
    with printed_as_written():
        return credentials.issue(decision, by=by)


@transaction.atomic
def acknowledge(case: Case, *, by: Actor) -> Credential:
    """Finish a notification and issue its receipt."""
    case = events.lock(case)
    holding = registers.locked(case)
    act = registers.settled(case, holding)
    number = decisions.acknowledge(case, by=by)
    registers.take_effect(case, act=act, number=number, until=None, holding=holding, by=by)
    with printed_as_written():
        return credentials.issue_receipt(case, number, by=by)


@transaction.atomic
def withdraw_document(credential: Credential, *, reason: str, by: Actor) -> Credential:
    """Withdraw a document (取消), and what a register holds of its decision with it. Raises ActionRefused."""
    case = events.lock(credential.case)
    registers.revoke(case, by=by)
    return credentials.withdraw(credential, reason=reason, by=by)


def preview(draft: Draft) -> bytes:
    """The document as it would be issued: unsigned, and marked as a draft in place of its number."""
    with printed_as_written():
        holding = registers_of.held_by(draft.case)
        begins = registers.begins(registers.settled(draft.case, holding), holding)
        return render(paper.of_draft(draft, begins), fonts=settings.FONTS_DIR)


@transaction.atomic
def propose(case: Case, *, by: Actor, **proposal: Any) -> Draft:
    """Propose a decision whose document can be printed: nobody who approves it finds out that it cannot."""
    draft = decisions.propose(case, by=by, **proposal)
    if draft.result != "refused":
        registers.must_be_confirmed(case)
    preview(draft)
    return draft


def preview_proposal(case: Case, *, by: Actor, **proposal: Any) -> bytes:
    """What a proposal would issue. It is proposed by the same rules and taken back, so nothing of it is kept."""
    with transaction.atomic():
        pdf = preview(decisions.propose(case, by=by, **proposal))
        transaction.set_rollback(True)
    return pdf


@transaction.atomic
def finish_step(case: Case, *, outcome: str, answers: Mapping[str, Any], seen: str, by: Actor) -> None:
    """Answer what the step asks and finish it: one press, or nothing. Raises NotAccepted, ActionRefused."""
    offered = queries.offered(case) if case.is_open and seen == case.step else {}
    if outcome not in offered:
        raise ActionRefused(_("この段階では選べない結果です。画面を読み直してください。"), conflict=True)
    file_step(case, answers=answers, outcome=outcome, seen=seen, by=by)
    if offered[outcome].to in flow_of(case).end_by_id:
        acknowledge(case, by=by)
    else:
        cases.advance_step(case, outcome=outcome, seen=seen, by=by)


@transaction.atomic
def check(case: Case, *, seen: str, before: Iterable[str], now: Iterable[str], by: Actor) -> None:
    """Tick and untick what this officer changed on the page; what a colleague ticked meanwhile stays."""
    if seen != case.step:
        raise ActionRefused(
            _("この案件は、ほかの職員が次の段階に進めました。画面を読み直してください。"), conflict=True
        )
    for item in set(before) ^ set(now):
        cases.tick(case, item=item, done=item in set(now), by=by)
