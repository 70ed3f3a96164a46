"""The keys that sign tickets: made once, kept to their owner, and changed without harm to what was sold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from madoguchi.bookings import issuing
from madoguchi.bookings.models import TicketKey
from madoguchi.bookings.ticket import State, check
from madoguchi.bookings.ticket_files import tickets_of
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


def shown(text, keys=None):
    return check(text, keys=keys or issuing.public_keys(), facility=gate.MUSEUM, now=gate.moment(gate.NOON))


def test_a_gate_that_knows_only_the_keys_of_the_sale_admits_after_the_key_was_changed():
    sold = gate.ticket()
    before, keys_then = issuing.text_of(sold), issuing.public_keys()
    assert issuing.rotate().number == 2
    opened = [one.text for one in tickets_of(sold.order)]
    assert opened == [issuing.text_of(sold)] == [before]
    assert shown(before, keys_then).state == State.GOOD
    assert list(TicketKey.objects.filter(retired_at=None).values_list("number", flat=True)) == [2]


def test_what_is_sold_after_the_change_is_signed_with_the_new_key():
    issuing.make_keys()
    keys_then = issuing.public_keys()
    issuing.rotate()
    later = issuing.text_of(gate.ticket())
    assert (shown(later).state, shown(later).payload.key) == (State.GOOD, 2)
    assert shown(later, keys_then).state == State.UNKNOWN_KEY


def test_where_the_old_keys_file_is_gone_the_new_one_signs(settings):
    sold = gate.ticket()
    issuing.rotate()
    path_of(settings.KEYS_DIR, 1).unlink()
    anew = shown(issuing.text_of(sold))
    assert (anew.state, anew.payload.key) == (State.GOOD, 2)


def test_an_order_older_than_every_key_is_signed_with_the_present_one():
    issuing.make_keys()
    old = gate.ticket(made_at=timezone.now() - timedelta(days=1))
    assert shown(issuing.text_of(old)).state == State.GOOD


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
