"""Verbs of the applicant: submit, correct, enter the case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases import events
from madoguchi.cases.actions import move, must_be_open
from madoguchi.cases.addresses import key_of
from madoguchi.cases.clock import Clock
from madoguchi.cases.models import Case, Task
from madoguchi.cases.queries import flow_of, flow_under
from madoguchi.catalogue import insistence
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.insistence import KEY
from madoguchi.catalogue.judgement import Answers, Judgement
from madoguchi.catalogue.problems import Problem
from madoguchi.foundation import record
from madoguchi.foundation.dates import retention_end
from madoguchi.foundation.identifiers import new_id, new_reference, new_secret
from madoguchi.people.actor import Actor, applicant
from madoguchi.people.keys import case_key
from madoguchi.people.models import CASE_WORKERS, Role
from madoguchi.platform.failpoints import failpoint, switched_off
from madoguchi.platform.once import fingerprint, same
from madoguchi.platform.refusing import ActionRefused
from madoguchi.platform.sql.rows import instance, read, row

from . import correcting, intake, likeness, sheets
from .files.uploads import upload_problems
from .models import Filing, Idempotency, Upload

EMAIL = "contact_email"
"""The question that asks for the address of letters, in every procedure (`catalogue/common.yaml`)."""


class NotAccepted(Exception):
    """The answers have faults; `answers` is what could be read, `problems` what is wrong."""

    def __init__(self, answers: Answers, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.answers, self.problems = answers, tuple(problems)


class KeyReused(Exception):
    """The idempotency key was used before with another body."""


@dataclass(frozen=True)
class Submitted:
    """A case that now exists, the key to it, and whether it existed before this call."""

    case: Case
    key: str
    replayed: bool


def submit(
    *,
    compiled: Compiled,
    answers: Mapping[str, Any],
    key: str,
    channel: str,
    language: str,
    by: Actor,
    seconds: int | None = None,
) -> Submitted:
    """File an application: one durable transaction, once per idempotency key.

    `seconds` is the time from opening the form, when told. Raises NotAccepted, KeyReused.
    """
    judged = compiled.judge(answers)
    scope = _scope(compiled.procedure.code)
    key = new_secret() if switched_off("idempotency") else key
    if judged.problems:
        return _refuse(compiled, judged, scope, key)
    case = _new_case(compiled, judged.answers, channel, language)
    number, at = case["id"], case["received_at"]
    told = {} if seconds is None else {"seconds": min(max(seconds, 0), 30 * 24 * 3600)}
    told |= _insisted(judged.answers)
    actor = by if by.kind == "officer" else applicant(case["reference"])
    data = {"filing": 1, "channel": channel, "fee": case["fee"], **told}
    event = events.next_row(number, "submitted", by=actor, data=data)
    case |= {"last_seq": 1, "last_hash": event["hash"]}
    failpoint("before-commit")
    is_written = intake.insert(
        key=row(Idempotency, scope=scope, key=key, body=_body(judged.answers), case_id=number, at=at),
        case=case,
        filing=row(Filing, case_id=number, number=1, answers=judged.answers, typed=judged.typed, at=at),
        task=row(Task, case_id=number, step=case["step"], opened_at=at),
        event=event,
        claims=_claims(compiled, judged.answers),
        application=sheets.application_of(key),
    )
    failpoint("after-commit")
    if not is_written:
        return _refuse(compiled, judged, scope, key)
    return Submitted(instance(Case, case), case_key(number), replayed=False)


def _insisted(answers: Answers) -> dict[str, Any]:
    """What the record says of values that looked wrong and are meant: which problem and where, never the value."""
    return {"as_written": insistence.without_marks(answers)} if KEY in answers else {}


def _scope(code: str) -> str:
    return f"submit/{code}"


def reference_of(code: str, key: str) -> str:
    """The reference of the case that this idempotency key made; empty when it made none."""
    made = Idempotency.objects.filter(scope=_scope(code), key=key).values_list("case__reference", flat=True)
    return made.first() or ""


def _claims(compiled: Compiled, answers: Answers) -> list[intake.Claim]:
    return [
        intake.Claim(upload, question.accept, question.max_mb * 1024 * 1024)
        for _path, question, uploads in compiled.files_in(answers)
        for upload in uploads
    ]


def _refuse(compiled: Compiled, judged: Judgement, scope: str, key: str) -> Submitted:
    # A retry is answered first: its files are claimed by then, and a day may have passed since its dates were judged.
    if Idempotency.objects.filter(scope=scope, key=key).exists():
        return _replay(scope, key, _body(judged.answers))
    problems = (*judged.problems, *upload_problems(compiled, judged.answers))
    raise NotAccepted(judged.answers, problems or [Problem((), "file-missing")])


def _replay(scope: str, key: str, body: str) -> Submitted:
    before = Idempotency.objects.select_related("case").get(scope=scope, key=key)
    before = same(before, body, otherwise=KeyReused())
    return Submitted(before.case, case_key(before.case_id, before.case.key_salt), replayed=True)


def _body(answers: Answers) -> str:
    return fingerprint(record.canonical(answers))


def _new_case(compiled: Compiled, answers: Answers, channel: str, language: str) -> dict[str, Any]:
    """The row of a case that arrives now; its record begins with the first event."""
    procedure, now = compiled.procedure, timezone.now()
    period = procedure.standard_period
    day = timezone.localdate(now)
    fee = compiled.fee(answers)
    return row(
        Case,
        id=new_id(),
        reference=new_reference(),
        version_id=compiled.version_id,
        procedure=procedure.code,
        office=procedure.office,
        flow=procedure.flow,
        step=flow_under(compiled).start,
        channel=channel,
        language=language,
        title=title_of(compiled, answers),
        fee=fee,
        unpaid=fee or 0,
        electronic_notice=bool(answers.get("electronic_notice")),
        likeness=likeness.key_of(compiled, answers),
        email_key=key_of(answers.get(EMAIL) or ""),
        received_at=now,
        period_days=period.days if period else None,
        period_unit=period.unit if period else "working",
        due_on=Clock(day, period.days, period.unit, ()).due_on() if period else None,
        retention_until=retention_end(day, procedure.retention.years),
    )


def title_of(compiled: Compiled, answers: Answers) -> str:
    """Who applies, as the office's lists say it; "" where no question asks for anybody."""
    return next((party["name"][:200] for party in compiled.parties_in(answers)), "")


@transaction.atomic
def answer_correction(
    *, case: Case, answers: Mapping[str, Any], by: Actor, channel: str = "online", right: Collection[str] = ()
) -> Filing:
    """The applicant's answer to a correction: only what was asked (and what depends on it) may change.

    A point whose answer stays the same is still open, unless the applicant says that it is `right` as it is.
    At the counter an officer of the case's office may enter it. Who sends what was answered once more, because the
    first reply was lost, is given that answer. Raises NotAccepted, ActionRefused.
    """
    case, latest = events.lock(case), last_filing(case)
    if case.reference in by.references and correcting.says_the_same(case, latest, answers):
        return latest
    must_be_open(case)
    correction = case.corrections.filter(answered_at__isnull=True).first()
    at_the_counter = by.holds(case.office, (*CASE_WORKERS, Role.CLERK))
    if correction is None or not (at_the_counter or case.reference in by.references):
        raise ActionRefused(_("いま回答できる補正はありません。画面を読み直してください。"), conflict=True)
    judged = correcting.judge(case, correction, latest, answers, right)
    if judged.problems:
        raise NotAccepted(judged.answers, judged.problems)
    typed = {key: value for key, value in latest.typed.items() if key not in judged.allowed} | judged.typed
    filing = Filing.objects.create(
        case=case, number=latest.number + 1, answers=judged.answers, typed=typed, at=timezone.now()
    )
    ids = [upload for _path, _question, uploads in case.compiled.files_in(judged.answers) for upload in uploads]
    Upload.objects.filter(pk__in=ids, case__isnull=True).update(case=case)
    correction.answered_at = filing.at
    correction.save(update_fields=["answered_at"])
    _follow_the_answers(case, judged.answers, by)
    move(case, outcome=next(iter(flow_of(case).outcomes(case.step, "applicant"))), by=by)
    answered = {"correction": correction.pk, "filing": filing.number, "channel": channel, **_insisted(judged.answers)}
    if judged.same:
        answered["unchanged"] = list(judged.same)
    events.append(case, "correction-answered", by=by, data=answered)
    return filing


def _follow_the_answers(case: Case, answers: Answers, by: Actor) -> None:
    fee = case.compiled.fee(answers)
    if fee != case.fee:
        events.append(case, "fee-noted", by=by, data={"yen": fee, "before": case.fee})
    # The ledger follows in `payments`; until then the difference already holds the case back, or lets it go.
    case.unpaid = max(case.unpaid + (fee or 0) - (case.fee or 0), 0)
    case.fee, case.title = fee, title_of(case.compiled, answers)
    case.electronic_notice = bool(answers.get("electronic_notice"))
    if case.email_key != (key := key_of(answers.get(EMAIL) or "")):  # another address, which nobody has confirmed
        case.email_key, case.email_confirmed_at = key, None
    case.filing += 1
    changed = ["fee", "unpaid", "title", "electronic_notice", "email_key", "email_confirmed_at", "filing"]
    case.save(update_fields=changed)


def last_filing(case: Case) -> Filing:
    """The application's answers as they stand now. Raises Filing.DoesNotExist."""
    for found in read(Filing, "WHERE case_id = %s AND step = '' ORDER BY number DESC LIMIT 1", [case.pk]):
        return found
    raise Filing.DoesNotExist(case.pk)
