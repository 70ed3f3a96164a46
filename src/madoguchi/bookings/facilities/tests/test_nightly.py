"""What the workers do for the shop: slots every night, closed days told, the command line's slots."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales.letters import LETTERS
from madoguchi.config import cli
from madoguchi.sequence import end_holds, order_letter, purge, slots
from tests import shop

pytestmark = pytest.mark.django_db


def test_the_night_makes_what_is_missing():
    slots(timestamp=0)
    count = Slot.objects.count()
    Slot.objects.filter(facility="river-garden").delete()
    slots(timestamp=0)
    assert Slot.objects.count() == count > 0


def test_a_day_that_a_definition_closes_is_repaid_and_told_without_words_of_a_clerk(monkeypatch):
    make_slots(14)
    one = Slot.objects.filter(facility="art-museum").latest("starts_at")
    made = shop.bought(one, child=1)
    known = facilities()["art-museum"]
    closed = known.closed.model_copy(update={"dates": (shop.day_of(one),)})
    monkeypatch.setitem(facilities(), "art-museum", known.model_copy(update={"closed": closed}))
    slots(timestamp=0)
    end_holds(timestamp=0)
    made.refresh_from_db()
    assert made.state == Order.State.CANCELLED
    order_letter(str(made.pk), "closed")
    assert "休みになりました" in mail.outbox[-1].body and "definition" not in mail.outbox[-1].body


@pytest.mark.parametrize("letter", sorted(LETTERS))
@pytest.mark.parametrize("language", ["ja", "en", "ja-easy"])
def test_every_letter_can_be_written_in_every_language(letter, language):
    made = shop.bought(shop.slot(), adult=1)
    Order.objects.filter(pk=made.pk).update(language=language)
    order_letter(str(made.pk), letter)
    assert mail.outbox[-1].subject and f"/orders/{made.secret}/" in mail.outbox[-1].body


def test_a_letter_that_does_not_exist_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        order_letter(str(shop.bought(shop.slot(), adult=1).pk), "love")


def test_the_command_says_what_it_did(capsys):
    given = cli.parser().parse_args(["slots", "--days", "10"])
    assert given.does(given) == 0 and given.does(given) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("made or changed, 0 closed") and second == "0 slot(s) made or changed, 0 closed"


def test_visitors_are_forgotten_ninety_days_after_their_visit():
    old, new = (shop.bought(shop.slot(days=days), adult=1) for days in (3, 4))
    past = timezone.now() - timedelta(days=91)
    Slot.objects.filter(pk=old.slot_id).update(starts_at=past - timedelta(hours=1), ends_at=past)
    purge(timestamp=0)
    kept = {one.pk: (one.email, one.tickets.count()) for one in Order.objects.all()}
    assert kept == {old.pk: ("", 1), new.pk: ("hanako@example.jp", 1)}
