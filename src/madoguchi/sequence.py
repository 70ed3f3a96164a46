"""What follows what: the one place where stages are joined. Every step is safe to repeat."""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from madoguchi.applications.models import Upload
from madoguchi.applications.rules import UNCLAIMED_FOR
from madoguchi.cases import events
from madoguchi.cases.actions import time_out
from madoguchi.cases.models import Case, Event, Task
from madoguchi.counter import mail
from madoguchi.decisions.models import Approval, Decision, Draft
from madoguchi.figures.rollup import roll
from madoguchi.participation.models import Rating
from madoguchi.people.actor import worker

FORGOTTEN = "（保存期間の満了により消去）"
FOLLOWERS: Mapping[str, Callable[[Event], None]] = {
    "submitted": mail.receipt,
    "correction-asked": mail.correction,
    "correction-answered": mail.correction_received,
    "issued": mail.decision,
    "withdrawn": mail.withdrawn,
}


@app.task(name="madoguchi.follow", retry=5)
def follow(event_id: int) -> None:
    """Do what follows an event, once: a `mailed` event in the case's record says that it was done."""
    event = Event.objects.select_related("case").get(pk=event_id)
    follower = FOLLOWERS.get(event.kind)
    if follower is None:
        return
    with transaction.atomic():
        case = events.lock(event.case)
        if case.events.filter(kind="mailed", data__event=event_id).exists():
            return
        event.case = case
        follower(event)
        events.append(case, "mailed", by=worker("mail"), data={"event": event_id, "letter": event.kind})


@app.periodic(cron="*/5 * * * *")
@app.task(name="madoguchi.timers", queueing_lock="timers")
def timers(timestamp: int) -> None:
    """End waiting steps (縦覧) whose day has come."""
    for task in Task.objects.filter(closed_at__isnull=True, due_at__lte=timezone.now()).select_related("case"):
        time_out(task.case, by=worker("timer"))


@app.periodic(cron="* * * * *")
@app.task(name="madoguchi.figures", queueing_lock="figures")
def figures(timestamp: int) -> None:
    """Take up into the figures what happened since the last look."""
    roll()


@app.periodic(cron="17 * * * *")
@app.task(name="madoguchi.sweep", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    """Throw away uploads that no application claimed."""
    Upload.objects.filter(case__isnull=True, created_at__lt=timezone.now() - UNCLAIMED_FOR).delete()


@app.periodic(cron="41 3 * * *")
@app.task(name="madoguchi.purge", queueing_lock="purge")
def purge(timestamp: int) -> None:
    """Remove personal data of finished cases whose retention has ended; the record stays and still verifies."""
    due = Case.objects.filter(closed_at__isnull=False, purged_at__isnull=True, retention_until__lt=timezone.localdate())
    for case in due.iterator():
        forget(case)


@transaction.atomic
def forget(case: Case) -> None:
    """Purge one case: what people wrote and what was issued to them go, codes, days and hashes stay."""
    case = events.lock(case)
    for kept in (case.filings, case.uploads, case.notes, case.consultations, case.corrections, case.invitations):
        kept.all().delete()
    Rating.objects.filter(case=case).update(comment="")
    Draft.objects.filter(case=case).exclude(explanation="").update(explanation=FORGOTTEN)
    Decision.objects.filter(case=case).update(explanation="", conditions=[])
    Approval.objects.filter(draft__case=case).update(comment="")
    case.credentials.update(pdf=b"")
    case.credentials.exclude(withdrawal_reason="").update(withdrawal_reason=FORGOTTEN)
    case.title, case.purged_at = "", timezone.now()
    case.save(update_fields=["title", "purged_at"])
    events.append(case, "purged", by=worker("purge"))
