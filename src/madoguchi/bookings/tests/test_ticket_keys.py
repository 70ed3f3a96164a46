"""The keys that sign tickets: made once, kept to their owner, and changed without harm to what was sold."""

import pytest
from django.utils import timezone

from madoguchi.bookings import issuing
from madoguchi.bookings.models import TicketKey
from madoguchi.bookings.ticket import State, check
from madoguchi.bookings.ticket_keys import KeyMissing, path_of
from tests import gate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys_of_its_own(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


def test_set_up_makes_one_key_however_often_it_runs(settings):
    assert issuing.make_keys() == issuing.make_keys()
    assert TicketKey.objects.count() == 1
    assert path_of(settings.KEYS_DIR, 1).stat().st_mode & 0o777 == 0o600
    assert settings.KEYS_DIR.stat().st_mode & 0o777 == 0o700


def test_a_sold_ticket_holds_after_the_key_was_changed():
    sold = gate.ticket()
    before = issuing.text_of(sold)
    assert issuing.rotate().number == 2
    after, now = issuing.text_of(sold), gate.moment(gate.NOON)
    verdicts = [check(text, keys=issuing.public_keys(), facility=gate.MUSEUM, now=now) for text in (before, after)]
    assert [verdict.state for verdict in verdicts] == [State.GOOD, State.GOOD]
    assert [verdict.payload.key for verdict in verdicts] == [1, 2]
    assert list(TicketKey.objects.filter(retired_at=None).values_list("number", flat=True)) == [2]


def test_a_lost_key_file_is_replaced_at_the_next_set_up(settings):
    lost = issuing.make_keys()
    path_of(settings.KEYS_DIR, lost.number).unlink()
    assert issuing.make_keys().number == 2


def test_a_key_file_that_the_register_does_not_know_is_left_alone(settings):
    issuing.make_keys()
    TicketKey.objects.all().delete()
    assert issuing.make_keys().number == 2
    assert path_of(settings.KEYS_DIR, 1).exists()


def test_a_register_that_names_another_key_under_the_number_is_not_believed():
    issuing.make_keys()
    TicketKey.objects.update(public=b"x" * 32)
    assert issuing.make_keys().number == 2


def test_without_a_key_nothing_is_signed(settings):
    sold = gate.ticket()
    TicketKey.objects.all().delete()
    with pytest.raises(KeyMissing, match="rotate-ticket-key"):
        issuing.text_of(sold)
    TicketKey.objects.create(number=77, public=b"x" * 32, made_at=timezone.now())
    with pytest.raises(KeyMissing):
        issuing.text_of(sold)
