"""Verbs on a case: keyword-only, `by=` the actor, one transaction, one event."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.catalogue.messages import SENTENCES
from madoguchi.catalogue.printing import missing
from madoguchi.foundation.dates import add_open_days, retention_end
from madoguchi.paper import glyphs
from madoguchi.people.actor import Actor
from madoguchi.people.models import CASE_WORKERS, Officer, Role
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.town.offices import town

from . import events
from .correspondence import Consultation, Correction, Note
from .flow import Flow, Outcome, OutcomeRefused, Step, Transition, advance
from .models import Case, Check, Pause, Task
from .queries import clock, flow_of, ticks

READ_AGAIN_AFTER = timedelta(hours=1)


def must_work_on(case: Case, by: Actor, roles: Sequence[str] = CASE_WORKERS) -> Officer:
    """The officer behind the actor. Raises ActionRefused unless the actor has such a role in the case's office."""
    if by.officer is None or not by.holds(case.office, roles):
        raise ActionRefused(_("この案件を扱う担当課の職員だけができる操作です。"))
    return by.officer


def printable(text: str, most: int = 0) -> str:
    """The same for what a document prints. Raises ActionRefused also for what its fonts cannot draw."""
    found = written(text, most)
    if characters := missing(found):
        told = SENTENCES["unprintable"]
        raise ActionRefused(_(told) % {"characters": "、".join(map(glyphs.named, characters))})
    return found


def must_be_open(case: Case) -> None:
    """Raises ActionRefused when the case has ended."""
    if not case.is_open:
        raise ActionRefused(_("この案件はすでに終わっています。画面を読み直してください。"), conflict=True)


def move(case: Case, *, outcome: str, by: Actor, decision: str | None = None, refusing: bool = False) -> Transition:
    """End the step of a LOCKED case with an outcome and begin the next. Raises ActionRefused.

    What the step asks is answered by then, and what must be checked is ticked, unless the case is on its way to a
    refusal.
    """
    must_be_open(case)
    if not refusing:
        must_be_finished(case, outcome)
    try:
        transition = advance(flow_of(case), case.step, outcome, decision=decision)
    except OutcomeRefused as refused:
        raise ActionRefused(_("この段階では選べない結果です。画面を読み直してください。"), conflict=True) from refused
    if must_be_paid(case, transition.to):
        raise ActionRefused(
            _("手数料がまだ納付されていないため、次の段階に進めません。納付を待つか、窓口で受け取ってください。")
        )
    now, left = timezone.now(), case.step
    case.tasks.filter(closed_at__isnull=True).update(closed_at=now, outcome=outcome)
    case.corrections.filter(answered_at__isnull=True).update(answered_at=now)  # also one that ends without an answer
    case.step = transition.to
    _keep_clock(case, transition)
    if transition.is_end:
        case.result, case.closed_at = transition.to, now
        case.retention_until = retention_end(today(), case.compiled.procedure.retention.years)
    else:
        Task.objects.create(case=case, step=transition.to, opened_at=now, due_at=_timer(case))
    case.save(update_fields=["step", "result", "closed_at", "due_on", "retention_until"])
    events.append(case, "moved", by=by, data={"from": left, "outcome": outcome, "to": transition.to})
    return transition


def must_be_finished(case: Case, outcome: str) -> None:
    """Raises ActionRefused where an outcome finishes an officer's step that is not done, or rests on its answers."""
    flow, procedure = flow_of(case), case.compiled.procedure
    step, chosen = flow.step_by_id.get(case.step), flow.outcomes(case.step).get(outcome)
    ask, is_forward = procedure.asks.get(case.step), bool(step and chosen and leads_forward(flow, step, chosen))
    if (
        ask
        and (is_forward or outcome in ask.only_if)
        and not case.tasks.filter(closed_at__isnull=True, filed_at__isnull=False).exists()
    ):
        raise ActionRefused(_("先に「%(title)s」を記入してください。") % {"title": ask.title})
    ticked = set(ticks(case).filter(step=case.step).values_list("item", flat=True))
    left = [line.text for line in procedure.checklist.get(case.step, ()) if line.must and line.id not in ticked]
    if is_forward and left:
        raise ActionRefused(_("次の確認が済むまで、先に進めません：%(lines)s") % {"lines": "、".join(left)})


def leads_forward(flow: Flow, step: Step, outcome: Outcome) -> bool:
    """Whether an outcome says that the officer's work at the step is done: not to a correction, not back or aside."""
    target = flow.step_by_id.get(outcome.to)
    by_officer = step.by == "officer" and outcome.by in (None, "officer")
    return by_officer and outcome.finishes and not (target and target.is_correction)


def must_be_paid(case: Case, to: str) -> bool:
    """Whether an unpaid fee holds the case back from going to a step or end."""
    return bool(case.unpaid) and flow_of(case).waits_for_fee(case.step, to)


def _timer(case: Case) -> datetime | None:
    wait = flow_of(case).step_by_id[case.step].wait
    if wait is None:
        return None
    if wait.unit == "calendar":
        return timezone.now() + timedelta(days=wait.days)
    end = add_open_days(today(), wait.days)
    return timezone.make_aware(datetime.combine(end, time.max))


def _keep_clock(case: Case, transition: Transition) -> None:
    paused = case.pauses.filter(until__isnull=True)
    if transition.clock == "paused" and not paused.exists():
        Pause.objects.create(case=case, since=today())
    elif transition.clock != "paused":
        paused.update(until=today())
    standing = clock(case)
    case.due_on = standing.due_on() if standing else None


@transaction.atomic
def advance_step(case: Case, *, outcome: str, by: Actor, seen: str = "") -> Case:
    """An officer ends the step (形式審査, 審査, 現地調査 …). Corrections, drafts and approvals have their own verbs.

    `seen` is the step that the officer's page showed: a second press must not end the next step, whose outcome may
    have the same name.
    """
    case = events.lock(case)
    must_work_on(case, by)
    chosen = flow_of(case).outcomes(case.step, "officer") if case.is_open else {}
    must_be_open(case)
    if (
        seen not in ("", case.step)
        or outcome not in chosen
        or _leads_to_correction(case, outcome)
        or outcome == "drafted"
    ):
        raise ActionRefused(_("この段階では選べない結果です。画面を読み直してください。"), conflict=True)
    move(case, outcome=outcome, by=by)
    return case


def _leads_to_correction(case: Case, outcome: str) -> bool:
    flow = flow_of(case)
    target = flow.step_by_id.get(flow.outcomes(case.step)[outcome].to)
    return target is not None and target.is_correction


@transaction.atomic
def ask_correction(case: Case, *, items: Sequence[tuple[str, str]], answer_by: date, by: Actor) -> Correction:
    """Ask the applicant to change some answers (補正, 行政手続法第7条); the clock pauses. Items: (question id, why)."""
    case = events.lock(case)
    officer = must_work_on(case, by)
    must_be_open(case)
    known, items = case.compiled.by_id, [(question, written(text)) for question, text in items]
    if not items or any(question not in known or not text for question, text in items):
        raise ActionRefused(_("直してほしい項目を一つ以上選び、それぞれに理由を書いてください。"))
    if answer_by <= today():
        raise ActionRefused(_("回答の目安は明日以後の日にしてください。"))
    outcome = next((o for o in flow_of(case).outcomes(case.step, "officer") if _leads_to_correction(case, o)), None)
    if outcome is None:
        raise ActionRefused(_("この段階では補正を求められません。"), conflict=True)
    move(case, outcome=outcome, by=by)
    correction = Correction.objects.create(
        case=case,
        asked_by=officer,
        asked_at=timezone.now(),
        answer_by=answer_by,
        items=[{"question": question, "text": text} for question, text in items],
    )
    questions = [question for question, _text in items]
    events.append(case, "correction-asked", by=by, data={"correction": correction.pk, "questions": questions})
    return correction


@transaction.atomic
def withdraw(case: Case, *, by: Actor) -> Case:
    """The applicant withdraws (取下げ) before the decision; at the counter an officer of the office enters it."""
    case = events.lock(case)
    at_the_counter = by.holds(case.office, (*CASE_WORKERS, Role.CLERK))
    if case.reference not in by.references and not at_the_counter:
        raise ActionRefused(_("取下げができるのは申請した方だけです。"))
    must_be_open(case)
    move(case, outcome="withdrawn", by=by)
    events.append(case, "withdrawn", by=by, data={"channel": "counter" if at_the_counter else "online"})
    return case


@transaction.atomic
def take(case: Case, *, by: Actor) -> Case:
    """An officer takes the case over (担当になる)."""
    case = events.lock(case)
    officer = must_work_on(case, by)
    must_be_open(case)
    case.assignee = officer
    case.save(update_fields=["assignee"])
    events.append(case, "task-taken", by=by, data={"officer": officer.pk})
    return case


@transaction.atomic
def note(case: Case, *, text: str, by: Actor) -> Note:
    """A note for colleagues."""
    case = events.lock(case)
    if by.officer is None or not Case.objects.for_actor(by).filter(pk=case.pk).exists():
        raise ActionRefused(_("この案件を見ることのできる職員だけができる操作です。"))
    if not (text := written(text)):
        raise ActionRefused(_("メモの内容を書いてください。"))
    left = Note.objects.create(case=case, by=by.officer, at=timezone.now(), text=text)
    events.append(case, "note-added", by=by, data={"note": left.pk})
    return left


@transaction.atomic
def tick(case: Case, *, item: str, done: bool, by: Actor) -> None:
    """Tick or untick a line of the check list of the present step."""
    case = events.lock(case)
    officer = must_work_on(case, by)
    must_be_open(case)
    lines = {line.id for line in case.compiled.procedure.checklist.get(case.step, ())}
    if item not in lines:
        raise ActionRefused(_("確認項目の一覧が変わりました。画面を読み直してください。"), conflict=True)
    ticked = ticks(case).filter(step=case.step, item=item)
    if done and not ticked.exists():
        Check.objects.create(case=case, filing=case.filing, step=case.step, item=item, by=officer, at=timezone.now())
        events.append(case, "checked", by=by, data={"step": case.step, "item": item})
    if not done and ticked.delete()[0]:
        events.append(case, "unchecked", by=by, data={"step": case.step, "item": item})


@transaction.atomic
def consult(case: Case, *, office: str, question: str, by: Actor) -> Consultation:
    """Ask another office; it may then read the case."""
    case = events.lock(case)
    officer = must_work_on(case, by)
    must_be_open(case)
    if office not in town().offices or office == case.office:
        raise ActionRefused(_("照会先の課を選んでください。"))
    if not (question := written(question)):
        raise ActionRefused(_("照会の内容を書いてください。"))
    asked = Consultation.objects.create(
        case=case, office=office, question=question, asked_by=officer, asked_at=timezone.now()
    )
    events.append(case, "consulted", by=by, data={"consultation": asked.pk, "office": office})
    return asked


@transaction.atomic
def answer_consultation(consultation: Consultation, *, answer: str, by: Actor) -> Consultation:
    """The other office answers."""
    case = events.lock(consultation.case)
    consultation = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if by.officer is None or not by.holds(consultation.office):
        raise ActionRefused(_("照会を受けた課の職員だけが回答できます。"))
    if consultation.answered_at:
        raise ActionRefused(_("この照会にはすでに回答があります。"), conflict=True)
    if not (answer := written(answer)):
        raise ActionRefused(_("回答の内容を書いてください。"))
    consultation.answer, consultation.answered_by, consultation.answered_at = answer, by.officer, timezone.now()
    consultation.save(update_fields=["answer", "answered_by", "answered_at"])
    events.append(case, "consultation-answered", by=by, data={"consultation": consultation.pk})
    return consultation


@transaction.atomic
def record_read(case: Case, *, by: Actor) -> None:
    """An officer opened the file; once an hour each is enough to tell the applicant who reads."""
    if by.kind != "officer":
        return
    case = events.lock(case)
    since = timezone.now() - READ_AGAIN_AFTER
    if not case.events.filter(kind="read", actor_code=by.code, at__gte=since).exists():
        office = case.office if by.holds(case.office, (*CASE_WORKERS, Role.CLERK)) else next(iter(by.offices or {}), "")
        events.append(case, "read", by=by, data={"office": office})


@transaction.atomic
def time_out(case: Case, *, by: Actor) -> None:
    """The system's timer ends a waiting step (縦覧) whose day has come; safe to repeat."""
    case = events.lock(case)
    task = case.tasks.filter(closed_at__isnull=True, due_at__lte=timezone.now()).first()
    if task is None or not case.is_open:
        return
    outcome, leads = next(iter(flow_of(case).outcomes(case.step, "system").items()))
    if not must_be_paid(case, leads.to):  # otherwise it goes on at the next run after the payment
        move(case, outcome=outcome, by=by)
