"""What steps ask: answered by an officer of the case's office, judged like the application, kept with it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases import events
from madoguchi.cases.actions import must_be_open, must_work_on
from madoguchi.cases.models import Case
from madoguchi.catalogue.judgement import Answers
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused
from madoguchi.platform.sql.rows import read

from .actions import NotAccepted
from .files.uploads import upload_problems
from .models import Filing, Upload


def newest_filings(case: Case) -> dict[str, Filing]:
    """The filing that holds for each step, the earliest first; "" is the application. Nothing once it was purged."""
    filings = read(Filing, "WHERE case_id = %s ORDER BY number, id", [case.pk])
    newest = {filing.step: filing for filing in filings}
    return dict(sorted(newest.items(), key=lambda pair: pair[1].at))


def answers_of(case: Case) -> Answers:
    """All that is answered in a case as it stands now: the application and the steps; {} once it was purged."""
    return {name: value for filing in newest_filings(case).values() for name, value in filing.answers.items()}


def hidden_files(case: Case) -> set[str]:
    """The uploads of steps whose answers the applicant is not shown."""
    asks, compiled = case.compiled.procedure.asks, case.compiled
    hidden = [filing for filing in case.filings.exclude(step="") if "applicant" not in asks[filing.step].shown_to]
    return {
        upload
        for filing in hidden
        for _path, _question, ids in compiled.at(filing.step).files_in(filing.answers)
        for upload in ids
    }


@transaction.atomic
def file_step(case: Case, *, answers: Mapping[str, Any], outcome: str, by: Actor, seen: str = "") -> Filing:
    """Answer what the present step asks, once for each time that the case is there; `seen` is the step on the page.

    `outcome` is how the step is to end, which the answers must allow; whoever calls this ends it.

    Raises NotAccepted, ActionRefused.
    """
    case = events.lock(case)
    officer = must_work_on(case, by)
    must_be_open(case)
    task = case.tasks.filter(closed_at__isnull=True, filed_at__isnull=True).first()
    if seen not in ("", case.step) or case.step not in case.compiled.procedure.asks or task is None:
        raise ActionRefused(
            _("この段階の記入は、もう終わりました。画面を読み直してください。"),
            conflict=True,
        )
    form = case.compiled.at(case.step)
    before = answers_of(case)
    judged = form.judge(answers, before)
    if problems := (*judged.problems, *upload_problems(form, judged.answers, of=case)):
        raise NotAccepted(judged.answers, problems)
    if not form.allows(outcome, judged.answers, before):
        raise ActionRefused(_("記入した内容では、この結果を選べません。内容か結果を直してください。"))
    number = case.filings.filter(step=case.step).count() + 1
    filing = Filing.objects.create(
        case=case, step=case.step, number=number, task=task, by=officer,
        answers=judged.answers, typed=judged.typed, at=timezone.now(),
    )  # fmt: skip
    ids = [upload for _path, _question, uploads in form.files_in(judged.answers) for upload in uploads]
    Upload.objects.filter(pk__in=ids, case__isnull=True).update(case=case)
    task.filed_at = filing.at
    task.save(update_fields=["filed_at"])
    events.append(case, "step-answered", by=by, data={"step": case.step, "filing": number})
    return filing
