"""What follows what: the one place where stages are joined. Every step is safe to repeat."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.builtin_tasks import remove_old_jobs
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.job_context import JobContext

from madoguchi import retention
from madoguchi.applications.sheets import throw_away_unsent
from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.sales import cancelling, holds, letters, waiting
from madoguchi.bookings.visits import appointment
from madoguchi.cases import events
from madoguchi.cases.actions import time_out
from madoguchi.cases.models import Case, Event, Task
from madoguchi.counter import finding, mail
from madoguchi.figures.rollup import roll
from madoguchi.opendata.models.datasets import Version
from madoguchi.opendata.publishing import actions as opendata
from madoguchi.opendata.publishing.sources import SOURCES
from madoguchi.opendata.requests import letters as asking_letters
from madoguchi.opendata.uploads.actions import clear_old
from madoguchi.payments.closing import comparing
from madoguchi.payments.ledger.queries import unpaid_until
from madoguchi.payments.models import Charge, Refund, SandboxPayment
from madoguchi.payments.paying import actions as payments
from madoguchi.payments.paying.fees import ask_no_more, follow_fee_of
from madoguchi.payments.paying.repaying import paid_back
from madoguchi.payments.views import sandbox
from madoguchi.people import sign_in_letter, sign_ins
from madoguchi.people.actor import worker
from madoguchi.platform.brake import counting as brake
from madoguchi.platform.each import each
from madoguchi.platform.outages.again import AGAIN, ASK_AGAIN
from madoguchi.platform.sql.rows import read
from madoguchi.reform import published as reform
from madoguchi.registers import actions as registers
from madoguchi.registers import batches, directory, nightly
from madoguchi.registers.models import Batch

LOG = logging.getLogger(__name__)
REMIND_BEFORE = timedelta(days=5)
JOBS_ARE_KEPT = timedelta(days=7)
"""For whoever looks what was done; what failed stays until somebody saw to it."""

FOLLOWERS: Mapping[str, Callable[[Event], bool]] = {
    "submitted": mail.receipt,
    "correction-asked": mail.correction,
    "correction-answered": mail.correction_received,
    "issued": mail.decision,
    "withdrawn": mail.withdrawn,
}


def _arrived(case: Case, again: bool = False) -> None:
    follow_fee_of(case, by=worker("fees"))
    registers.connect(case, again=again)


BOOKS: Mapping[str, Callable[[Case], object]] = {
    "submitted": _arrived,
    "correction-answered": partial(_arrived, again=True),
    "withdrawn": lambda case: ask_no_more(case=case, by=worker("fees")),
}
"""What is written in the ledger and beside the registers."""
SETTLED: tuple[Callable[[Charge], object], ...] = (mail.paid,)
"""What follows when nothing is due any more; each may run twice."""


@app.task(name="madoguchi.follow", retry=AGAIN)
def follow(event_id: int) -> None:
    """Do what follows an event, once: a `mailed` event in the case's record says that it was done.

    A letter that was held back may follow later, when this runs again.
    """
    (event,) = read(Event, "WHERE id = %s", [event_id])
    follower = FOLLOWERS.get(event.kind)
    if follower is None:
        return
    if (book := BOOKS.get(event.kind)) is not None:
        _unless_mailed(event, book)  # in a transaction of its own: a letter that cannot leave takes no fee back
    _unless_mailed(event, lambda case: _mail(case, event, follower))


@transaction.atomic
def _unless_mailed(event: Event, step: Callable[[Case], object]) -> None:
    case = events.locked(event.case_id)
    if not events.is_mailed(case, event):
        step(case)


def _mail(case: Case, event: Event, follower: Callable[[Event], bool]) -> None:
    event.case = case
    if follower(event):
        events.append(case, "mailed", by=worker("mail"), data={"event": event.pk, "letter": event.kind})
    elif not case.events.filter(kind="letter-withheld", data__event=event.pk).exists():
        events.append(case, "letter-withheld", by=worker("mail"), data={"event": event.pk, "letter": event.kind})


@app.task(name="madoguchi.link-again", retry=AGAIN)
def link_again(case_id: str) -> None:
    """The link by mail once more; a job without a case does nothing, so that asking looks the same either way."""
    if case_id and (case := Case.objects.filter(pk=case_id).first()):
        mail.link_again(case)


@app.task(name="madoguchi.letters-held-back", retry=AGAIN)
def letters_held_back(case_id: str) -> None:
    """Somebody opened a letter's link: what was not sent to that address follows."""
    mail.held_back(Case.objects.get(pk=case_id))


@app.periodic(cron="*/5 * * * *")
@app.task(name="madoguchi.timers", queueing_lock="timers", retry=AGAIN)
def timers(timestamp: int) -> None:
    """End waiting steps (縦覧) whose day has come."""
    over = Task.objects.filter(closed_at__isnull=True, due_at__lte=timezone.now()).select_related("case")
    each(over, lambda task: time_out(task.case, by=worker("timer")))


@app.task(name="madoguchi.settled", retry=AGAIN)
def settled(charge_id: str) -> None:
    """A charge has nothing due any more: tell those who wait for it."""
    charge = Charge.objects.select_related("case").get(pk=charge_id)
    holds.confirm_paid(charge, by=worker("bookings"))
    for follower in SETTLED:  # last: a letter that left cannot be undone
        follower(charge)


@app.periodic(cron="* * * * *")
@app.task(name="madoguchi.holds", queueing_lock="holds", retry=AGAIN)
def end_holds(timestamp: int) -> None:
    """Let go what was held and not paid in time, and what was booked in slots that closed; offer what is free."""
    holds.let_go(by=worker("bookings"))
    cancelling.clear_closed(by=worker("bookings"))
    waiting.offer_all()


@app.periodic(cron="17 0 * * *")
@app.task(name="madoguchi.appointments", queueing_lock="appointments", retry=AGAIN)
def appointments(timestamp: int) -> None:
    """Tell everybody who has an appointment tomorrow (09:17 in Japan)."""
    appointment.remind_all()


@app.task(name="madoguchi.order-letter", retry=AGAIN)
def order_letter(order_id: str, letter: str, told: dict[str, Any] | None = None) -> None:
    """A letter to somebody who booked; `told` is what it is about (none in jobs of before it existed)."""
    letters.send(UUID(order_id), letter, told)


@app.task(name="madoguchi.data-request-letter", retry=AGAIN)
def data_request_letter(step_id: int) -> None:
    """News to somebody who asked for data."""
    asking_letters.send(step_id)


@app.periodic(cron="7 3 * * *")
@app.task(name="madoguchi.slots", queueing_lock="slots", retry=AGAIN)
def slots(timestamp: int) -> None:
    """Make the slots of the days to come."""
    make_slots()


@app.task(name="madoguchi.pay-back", retry=ASK_AGAIN)
def pay_back(charge_id: str) -> None:
    """Make the promised repayments; a provider that is down is asked again."""
    payments.pay_back(Charge.objects.get(pk=charge_id))


@app.task(name="madoguchi.sandbox-late", retry=AGAIN)
def sandbox_late(reference: str) -> None:
    """A notification of the sandbox that was to come late."""
    sandbox.send(SandboxPayment.objects.get(reference=reference))


@app.periodic(cron="23 * * * *")
@app.task(name="madoguchi.payments", queueing_lock="payments", retry=AGAIN)
def watch_payments(timestamp: int) -> None:
    """Remind once before the day, lapse after it, and queue repayments that still wait after the retries."""
    each(unpaid_until(timezone.localdate() + REMIND_BEFORE), _lapse_or_remind)
    promised = Refund.objects.filter(done_at__isnull=True).exclude(attempt__provider__in=paid_back(by_hand=True))
    each(promised.values_list("attempt__charge", flat=True).distinct(), _ask_to_pay_back)


def _lapse_or_remind(charge: Charge) -> None:
    if not payments.lapse(charge=charge, by=worker("fees")):
        _remind(charge)


def _ask_to_pay_back(charge_id: UUID) -> None:
    with suppress(AlreadyEnqueued):  # the look of an hour ago is still waiting for a worker
        pay_back.configure(queueing_lock=f"pay-back/{charge_id}").defer(charge_id=str(charge_id))


@app.periodic(cron="*/5 * * * *")
@app.task(name="madoguchi.look-at-payments", queueing_lock="look-at-payments", retry=AGAIN)
def look_at_payments(timestamp: int) -> None:
    """Ask providers about tries to pay of the last days whose notification has not come."""
    payments.look_at_open(since=timezone.now() - timedelta(days=comparing.AGAIN))


@app.periodic(cron="11 4 * * *")
@app.task(name="madoguchi.reconcile", queueing_lock="reconcile", retry=AGAIN)
def reconcile(timestamp: int) -> None:
    """Compare the last days with every provider that lists, and all since one that was down answered last."""
    for one in comparing.compare_the_nights(timezone.localdate()):
        if one.missing:
            LOG.warning("%s: %s days are not compared, since %s", one.provider, len(one.missing), one.missing[-1])


@transaction.atomic
def _remind(charge: Charge) -> None:
    if charge.reminded_at is None and mail.may_remind(charge) and payments.remind(charge=charge):
        mail.payment_reminder(charge)


@app.periodic(cron="* * * * *")
@app.task(name="madoguchi.figures", queueing_lock="figures", retry=AGAIN)
def figures(timestamp: int) -> None:
    """Take up into the figures what happened since the last look."""
    roll()


@app.periodic(cron="7 2 * * *")
@app.task(name="madoguchi.datasets", queueing_lock="datasets", retry=AGAIN)
def datasets(timestamp: int) -> None:
    """Freeze what the system publishes, where it is no longer the same; a fault is told in the log."""
    nightly.take_up_all(by=worker("registers"))  # after an upgrade the register is filled before it is published
    _versions, faults = renew_datasets()
    for fault in faults:
        LOG.error("a dataset was not renewed: %s", fault)


def renew_datasets() -> tuple[list[Version], list[str]]:
    """(new versions, faults) of all datasets of the system, those of the reform office with them."""
    return opendata.renew_all(register=(*SOURCES, reform.sources), by=worker("opendata"))


@app.periodic(cron="2 15 * * *")
@app.task(name="madoguchi.registers", queueing_lock="registers", retry=AGAIN)
def registers_of_the_day(timestamp: int) -> None:
    """Entries whose day has come take effect (00:02 in Japan), who is near an end is told, a new register is filled."""
    nightly.of_the_day(letter=mail.ending, by=worker("registers"))


@app.task(name="madoguchi.register-list", retry=AGAIN)
def register_list(batch_id: str) -> None:
    """Enter the rows of a list that two officers let in."""
    batch = Batch.objects.select_related("entered_by").get(pk=batch_id)
    batches.enter_rows(batch, directory.registers()[batch.register])


@app.periodic(cron="*/5 * * * *")
@app.task(name="madoguchi.search", queueing_lock="search", retry=AGAIN)
def search(timestamp: int) -> None:
    """Datasets are found by their words as they are now; what did not change costs two questions."""
    finding.renew([finding.DATASET])


@app.periodic(cron="17 * * * *")
@app.task(name="madoguchi.sweep", queueing_lock="sweep", retry=AGAIN)
def sweep(timestamp: int) -> None:
    """Throw away forms and files that were never sent or published, brakes long released, sessions that ended."""
    brake.sweep()
    throw_away_unsent()
    clear_old()
    sign_ins.sweep()


@app.periodic(cron="29 4 * * *")
@app.task(name="madoguchi.old-jobs", queueing_lock="old-jobs", retry=AGAIN, pass_context=True)
async def old_jobs(context: JobContext, timestamp: int) -> None:
    """Remove jobs that are long done, or were dropped because the same work waited already."""
    hours = JOBS_ARE_KEPT // timedelta(hours=1)
    await remove_old_jobs(context, max_hours=hours, remove_aborted=True, remove_cancelled=True)


@app.task(name="madoguchi.new-device-letter", retry=5)
def new_device_letter(sign_in: int, language: str) -> None:
    """An officer's account was used on a new device: tell the officer."""
    sign_in_letter.new_device(sign_in, language)


@app.periodic(cron="41 3 * * *")
@app.task(name="madoguchi.purge", queueing_lock="purge", retry=AGAIN)
def purge(timestamp: int) -> None:
    """Remove what is personal and whose retention has ended."""
    retention.purge()
