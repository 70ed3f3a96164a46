"""Slots from definitions: made once, the same again, changed with care, closed where the definition says so."""

import pytest

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.slots import close, make_slots
from madoguchi.bookings.models import Slot
from madoguchi.bookings.sales.actions import order
from madoguchi.bookings.sales.selling import Place
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def museum(monkeypatch):
    """Replace the museum's definition: museum(capacity=10)."""

    def change(closed=None, **offer):
        known = facilities()["art-museum"]
        changed = known.offers[0].model_copy(update=offer)
        update = {"offers": (changed,), **({"closed": closed} if closed else {})}
        monkeypatch.setitem(facilities(), "art-museum", known.model_copy(update=update))

    return change


def slots():
    return Slot.objects.filter(facility="art-museum").order_by("starts_at")


def test_every_facility_has_slots_and_a_second_run_changes_nothing():
    first = make_slots(14)
    assert set(Slot.objects.values_list("facility", flat=True)) == set(facilities())
    assert first.changed == Slot.objects.count()
    assert make_slots(14) == (0, 0)


def test_a_capacity_goes_down_only_to_what_is_taken(museum):
    make_slots(14)
    taken = slots().last()
    Slot.objects.filter(pk=taken.pk).update(taken=30, issued=30)
    museum(capacity=10)
    make_slots(14)
    taken.refresh_from_db()
    assert (taken.capacity, slots().first().capacity) == (30, 10)


def test_a_day_that_closes_closes_its_slots_and_one_that_opens_again_opens_them(museum):
    make_slots(14)
    before, usual = slots().count(), facilities()["art-museum"].closed
    days = {shop.day_of(one) for one in slots()}
    museum(closed=usual.model_copy(update={"dates": (max(days),)}))
    gone = [one for one in slots() if shop.day_of(one) == max(days)]
    assert make_slots(14).closed == len(gone)
    assert {one.is_closed for one in slots() if shop.day_of(one) == max(days)} == {True}
    museum(closed=usual)
    make_slots(14)
    assert slots().filter(is_closed=False, capacity=60).count() == before


def test_what_a_clerk_closed_stays_closed():
    make_slots(14)
    one = slots().last()
    close([one.pk], "停電のため")
    assert make_slots(14) == (0, 0)
    one.refresh_from_db()
    assert (one.is_closed, one.closed_because, one.left) == (True, "停電のため", 0)


def test_a_closed_slot_sells_nothing():
    slot = shop.slot()
    close([slot.pk], "停電のため")
    with pytest.raises(ActionRefused) as refused:
        order(
            slot=slot, places=[Place("adult", 1, 0)], label="券", office="culture", key="k", hold=shop.HOLD, by=PUBLIC
        )
    assert refused.value.conflict
