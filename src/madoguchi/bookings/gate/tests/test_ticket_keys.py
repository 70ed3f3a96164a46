"""The keys that sign tickets: made once, kept to their owner, and changed without harm to what was sold."""

from datetime import timedelta

import django.conf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone

from madoguchi.bookings.gate import issuing
from madoguchi.bookings.gate import keys as ticket_keys
from madoguchi.bookings.gate.files import tickets_of
from madoguchi.bookings.gate.keys import KeyMissing
from madoguchi.bookings.gate.ticket import State, check
from madoguchi.bookings.models import TicketKey
from tests import gate

pytestmark = pytest.mark.django_db


def another_secret(settings):
    settings.SECRET_KEY = "another secret of the same length, made up for this test"


def as_a_file(key, folder):
    """The key as an earlier version kept it: a file, and a row without it."""
    private = ticket_keys.unseal(bytes(key.sealed), secret=django.conf.settings.SECRET_KEY, number=key.number)
    folder.mkdir()
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    ticket_keys.path_of(folder, key.number).write_bytes(text)
    TicketKey.objects.filter(pk=key.pk).update(sealed=b"")


def test_set_up_makes_one_key_however_often_it_runs():
    assert issuing.make_keys() == issuing.make_keys()
    assert TicketKey.objects.count() == 1


def test_who_has_the_rows_without_the_secret_signs_nothing(settings):
    sold = gate.ticket()
    key = issuing.make_keys()
    another_secret(settings)
    with pytest.raises(KeyMissing, match="MADOGUCHI_SECRET_KEY"):
        issuing.text_of(sold, key)
    assert key.sealed.count(bytes(key.public)) == 0


def test_a_sealed_key_is_bound_to_its_number(settings):
    key = issuing.make_keys()
    with pytest.raises(KeyMissing):
        ticket_keys.unseal(bytes(key.sealed), secret=settings.SECRET_KEY, number=key.number + 1)


def test_the_key_file_of_an_earlier_version_becomes_a_row(settings, tmp_path):
    sold, key = gate.ticket(), issuing.make_keys()
    before = issuing.text_of(sold)
    settings.KEYS_DIR = tmp_path / "keys"
    as_a_file(key, settings.KEYS_DIR)
    assert issuing.make_keys() == key
    ticket_keys.path_of(settings.KEYS_DIR, 1).unlink()
    assert issuing.make_keys() == key
    assert issuing.text_of(sold) == before


def test_a_file_of_another_key_is_not_taken_in(settings, tmp_path):
    key = issuing.make_keys()
    settings.KEYS_DIR = tmp_path / "keys"
    as_a_file(key, settings.KEYS_DIR)
    TicketKey.objects.update(public=b"x" * 32)
    assert issuing.make_keys().number == 2
    assert bytes(TicketKey.objects.get(number=1).sealed) == b""


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


def test_where_the_old_key_cannot_be_opened_the_new_one_signs():
    sold = gate.ticket()
    issuing.rotate()
    TicketKey.objects.filter(number=1).update(sealed=b"")
    anew = shown(issuing.text_of(sold))
    assert (anew.state, anew.payload.key) == (State.GOOD, 2)


def test_an_order_older_than_every_key_is_signed_with_the_present_one():
    issuing.make_keys()
    old = gate.ticket(made_at=timezone.now() - timedelta(days=1))
    assert shown(issuing.text_of(old)).state == State.GOOD


def test_a_key_that_cannot_be_opened_is_replaced_at_the_next_set_up(settings):
    issuing.make_keys()
    another_secret(settings)
    assert issuing.make_keys().number == 2


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
