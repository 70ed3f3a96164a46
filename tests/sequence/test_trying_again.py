"""What failed because something was away is tried until it goes; what is a fault of ours is not tried for ever."""

import smtplib

import psycopg
import pytest
from procrastinate.jobs import Job

from bench.hall import free_port
from madoguchi import sequence
from madoguchi.payments.models import Charge
from madoguchi.platform.outages import again
from madoguchi.platform.outages.again import AGAIN, ASK_AGAIN
from tests import town


def decision(fault, attempts, strategy=AGAIN):
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="any", attempts=attempts)
    return strategy.get_retry_decision(exception=fault, job=job)


@pytest.mark.parametrize(
    "fault", [psycopg.OperationalError("away"), ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), OSError(28)]
)
def test_what_will_pass_is_tried_for_ever(fault):
    assert all(decision(fault, attempts) for attempts in (0, 5, 1000))


def test_a_fault_of_the_program_and_a_refused_address_are_given_up_after_five_tries():
    for fault in (KeyError("fault"), smtplib.SMTPRecipientsRefused({"a@b": (550, b"unknown")})):
        assert decision(fault, 4) and decision(fault, 5) is None


def test_a_provider_is_asked_for_days():
    assert decision(KeyError("refused"), 11, ASK_AGAIN) and decision(KeyError("refused"), 12, ASK_AGAIN) is None


def test_the_pauses_grow_to_ten_minutes(monkeypatch):
    waited = []
    monkeypatch.setattr(again, "RetryDecision", lambda retry_in: waited.append(retry_in["seconds"]) or "again")
    for attempts in range(7):
        decision(ConnectionRefusedError(), attempts)
    assert waited == [1, 4, 16, 64, 256, 600, 600]


@pytest.mark.django_db
def test_a_fee_is_booked_though_its_letter_cannot_leave(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    case = town.applied(contact_email="kobayashi@example.jp")
    with pytest.raises(ConnectionRefusedError):
        sequence.follow(event_id=case.events.get(kind="submitted").pk)
    assert Charge.objects.get(case=case).owed == case.fee
    assert not case.events.filter(kind="mailed").exists(), "the letter follows"
