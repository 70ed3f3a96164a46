"""Whose address a stranger gives gets one letter, until a link in it was opened; what an office does is always told."""

import re
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi import retention, sequence
from madoguchi.applications.actions import answer_correction, last_filing
from madoguchi.applications.entrance import accept_invitation, invite
from madoguchi.applications.models import Invitation
from madoguchi.bookings.sales import letters
from madoguchi.cases import events
from madoguchi.cases.actions import ask_correction, withdraw
from madoguchi.cases.addresses import key_of
from madoguchi.cases.models import Case
from madoguchi.people.actor import applicant, worker
from madoguchi.platform.brake.limits import FEW_LETTERS, KNOWN_LETTERS
from madoguchi.platform.calendar import today
from tests import paying, shop, town
from tests.forced import without_guards
from tests.stories.conftest import Mailbox

pytestmark = pytest.mark.django_db
ADDRESS = "stranger@example.jp"


@pytest.fixture(autouse=True)
def _in_the_morning(clock):
    clock("2026-12-01 09:00")


@pytest.fixture
def mailbox(settings):
    """A real SMTP server, and what arrived there."""
    sink = Mailbox()
    post = Controller(sink, hostname="127.0.0.1", port=sink.port)
    post.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    yield sink.letters
    post.stop()


def applied(address=ADDRESS, **more):
    """A case whose receipt was seen to."""
    case = town.applied(contact_email=address, **more)
    follow(case, "submitted")
    return Case.objects.get(pk=case.pk)


def follow(case, kind):
    sequence.follow(event_id=case.events.filter(kind=kind).latest("seq").pk)


def asked(case, question):
    """An officer asks for a correction."""
    until = today() + timedelta(days=9)
    ask_correction(case, items=[(question, "確かめてください。")], answer_by=until, by=town.sasaki())


def jobs(name):
    """The waiting jobs of a kind, run."""
    found = ProcrastinateJob.objects.filter(task_name=f"madoguchi.{name}", status="todo")
    for job in list(found.order_by("id")):
        getattr(sequence, name.replace("-", "_"))(**job.args)


def opened(letter):
    """Somebody presses the button behind a letter's link."""
    token = re.search(r"/applications/open/([\w-]+)/", letter)[1]
    assert accept_invitation(token=token)
    jobs("letters-held-back")


@pytest.mark.parametrize(("guard", "arrived"), [("", 1), ("brake", 58)], ids=["guarded", "control"])
def test_of_58_applications_one_letter_reaches_a_strangers_address(mailbox, monkeypatch, guard, arrived):
    monkeypatch.setenv("MADOGUCHI_LOCKS_OFF", guard)
    cases = [applied() for _time in range(58)]
    assert len(mailbox) == arrived
    assert len({case.reference for case in cases}) == 58, "each of them has arrived, and is in the inbox"
    assert Case.objects.filter(events__kind="letter-withheld").count() == 58 - arrived


@pytest.mark.parametrize(
    "same", ["Stranger@Example.jp", "stranger+1@example.jp", "ＳＴＲＡＮＧＥＲ@example.jp", "stranger+a+b@example.jp"]
)
def test_another_spelling_of_a_mailbox_is_the_same_one(same):
    assert key_of(same) == key_of(ADDRESS)


def test_other_mailboxes_are_others():
    told = [ADDRESS, "strange@example.jp", "stran-ger@example.jp", "stranger@example.com", "+1@example.jp"]
    assert len({key_of(one) for one in told}) == len(told)
    assert key_of("") is None and key_of("a.b@gmail.com") == key_of("ab@gmail.com")


def test_whatever_a_stranger_does_next_is_not_told_there_either():
    for _time in range(5):
        case = applied()
        withdraw(case, by=applicant(case.reference))
        follow(case, "withdrawn")
    assert [one.to for one in mail.outbox] == [[ADDRESS]]


def test_reminders_to_pay_are_few_a_day_and_none_is_lost(clock):
    clock("2026-07-01 09:00")
    for _time in range(FEW_LETTERS.most + 2):
        paying.charged(town.applied(contact_email=ADDRESS))
    clock("2026-07-10 09:00")
    sequence.watch_payments(timestamp=0)
    sequence.watch_payments(timestamp=0)
    assert len(mail.outbox) == FEW_LETTERS.most
    clock("2026-07-11 09:00")
    sequence.watch_payments(timestamp=0)
    assert len({one.subject for one in mail.outbox}) == FEW_LETTERS.most + 2


def test_bookings_that_cost_nothing_are_told_a_few_times_a_day():
    for number in range(FEW_LETTERS.most + 4):
        order = shop.bought(shop.slot(days=3 + number), student=1, email=ADDRESS)
        letters.send(order.pk, "cancelled")
    assert len(mail.outbox) == FEW_LETTERS.most
    letters.send(order.pk, "closed")
    assert len(mail.outbox) == FEW_LETTERS.most + 1, "what the hall does is always told"


def test_what_an_office_does_is_always_told():
    for _time in range(3):
        case = applied()
        asked(case, "trade_name")
        follow(case, "correction-asked")
    assert len(mail.outbox) == 1 + 3
    decided = town.decided(applied()).case
    follow(decided, "issued")
    assert len(mail.outbox) == 5
    applied(by=town.suzuki(), channel="counter")
    assert len(mail.outbox) == 6, "an officer files at the counter for somebody"


def test_who_opens_the_link_gets_what_was_held_back_and_is_known_from_then_on():
    cases = [applied() for _time in range(8)]
    ProcrastinateJob.objects.all().update(task_name="done")  # by `follow` above
    opened(mail.outbox[0].body)
    jobs("follow")
    assert len(mail.outbox) == 6, "five at most: more were hardly one person's"
    told = {case.reference for case in cases if any(case.reference in one.subject for one in mail.outbox[1:])}
    assert told == {case.reference for case in cases[3:]}
    for case in cases:
        case.refresh_from_db()
        assert events.verify(case) is None
    for _time in range(20):
        applied()
    assert len(mail.outbox) == 1 + KNOWN_LETTERS.most, "even so not without end"


def test_who_never_opens_it_gets_one_more_when_the_link_is_too_old(clock):
    applied()
    clock("2026-12-08 08:59")
    applied()
    assert len(mail.outbox) == 1
    clock("2026-12-08 09:00")
    applied()
    assert len(mail.outbox) == 2


def test_every_letters_link_confirms_the_address_and_the_counters_code_does_not():
    case = applied()
    accept_invitation(token=invite(case=case, purpose=Invitation.Purpose.HANDOVER, by=town.suzuki()))
    case.refresh_from_db()
    assert case.email_confirmed_at is None
    accept_invitation(token=invite(case=case, purpose=Invitation.Purpose.LETTER, by=worker("mail")))
    case.refresh_from_db()
    assert case.email_confirmed_at is not None


def test_a_link_to_an_address_given_up_meanwhile_proves_nothing_of_the_new_one():
    case = applied()
    first = mail.outbox[0].body
    asked(case, "contact_email")
    changed = {**last_filing(case).answers, "contact_email": "other@example.jp"}
    answer_correction(case=case, answers=changed, by=applicant(case.reference))
    opened(first)
    case.refresh_from_db()
    assert case.email_confirmed_at is None and case.email_key == key_of("other@example.jp")


def test_the_case_says_that_no_letter_was_sent_on_its_page_and_in_the_api():
    applied()
    case = applied()
    page = town.holder(case).get(f"/applications/{case.reference}/").content.decode()
    assert "メールは送っていません" in page
    key = town.case_key(case.pk)
    answer = town.visitor().get(f"/api/v1/applications/{case.reference}", headers={"Authorization": f"Bearer {key}"})
    assert any("メールは送っていません" in one["title"] for one in answer.json()["timeline"])


def test_the_address_is_kept_as_a_hash_only_and_goes_with_the_case():
    case = applied()
    assert ADDRESS not in str(Case.objects.values().get()) and settings.SECRET_KEY not in str(case.email_key)
    ended = {"result": "granted", "closed_at": case.received_at, "retention_until": "2020-03-31"}
    with without_guards():  # as if the years had gone by
        Case.objects.filter(pk=case.pk).update(**ended)
    retention.forget(case)
    case.refresh_from_db()
    assert case.email_key is None
