"""Waiting for a slot that is sold out: first come as far as it fits, offered once, then the next."""

import random
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.models import Order, Slot, Waiting
from madoguchi.bookings.sales import cancelling, entitlement, waiting
from madoguchi.bookings.sales import shop as selling_shop
from madoguchi.bookings.sales.holds import let_go
from madoguchi.bookings.sales.shop import Buyer
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.platform.refusing import ActionRefused
from madoguchi.sequence import end_holds, order_letter
from tests import shop, town
from tests.elsewhere import at_the_same_time

pytestmark = pytest.mark.django_db(transaction=True)


def waits(slot, who, **wanted):
    return waiting.ask(slot=slot, wanted=wanted, buyer=Buyer(f"{who}@example.jp"), by=PUBLIC)


def cancels(order):
    return cancelling.cancel(order=order.pk, by=PUBLIC)


def offered():
    """Who was offered places, in order."""
    return list(Waiting.objects.filter(offered_at__isnull=False).order_by("offered_at").values_list("email", flat=True))


def test_the_first_who_fits_is_offered_the_places_for_half_an_hour():
    slot = shop.slot(capacity=4)
    sold = shop.bought(slot, student=4)
    waits(slot, "three", student=3), waits(slot, "two", student=2), waits(slot, "one", student=1)
    small = shop.slot(days=5, capacity=2)
    assert small.left == 2
    cancels(sold)
    assert offered() == ["three@example.jp", "one@example.jp"]
    held = Order.objects.get(email="three@example.jp")
    assert held.state == "held" and timedelta(minutes=29) < held.held_until - timezone.now() <= timedelta(minutes=30)
    slot.refresh_from_db()
    assert slot.left == 0
    order_letter(str(held.pk), "offered")
    assert mail.outbox[-1].to == ["three@example.jp"] and f"/orders/{held.secret}/" in mail.outbox[-1].body


def test_who_does_not_take_the_offer_in_time_makes_room_for_the_next():
    slot = shop.slot(capacity=2)
    sold = shop.bought(slot, student=2)
    waits(slot, "first", student=2), waits(slot, "second", student=2)
    cancels(sold)
    assert offered() == ["first@example.jp"]
    Order.objects.filter(email="first@example.jp").update(held_until=timezone.now())
    let_go(by=worker("bookings"))
    assert offered() == ["first@example.jp", "second@example.jp"]


def test_a_group_waits_for_all_its_places():
    slot = shop.slot(shop.ZOO, capacity=30)
    one, rest = shop.bought(slot, adult=5), shop.bought(slot, email="rest@example.jp", group=25)
    waits(slot, "group", group=30)
    cancels(one)
    assert offered() == []
    cancels(rest)
    assert offered() == ["group@example.jp"]
    assert Order.objects.get(email="group@example.jp").tickets.get().people == 30


def test_what_is_free_of_charge_is_booked_at_once():
    slot = shop.slot(capacity=1)
    sold = shop.bought(slot, child=1)
    waits(slot, "child", child=1)
    cancels(sold)
    assert Order.objects.get(email="child@example.jp").state == "confirmed"


def test_nobody_buys_the_places_of_those_who_wait():
    """Seats are freed while many press the button: who waits gets them, each once."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    slot = shop.slot(capacity=6)
    sold = [shop.bought(slot, student=1) for _seat in range(6)]
    for n in range(6):
        waits(slot, f"w{n}", student=1)
    deeds = [*(lambda one=one: cancels(one) for one in sold)]
    deeds += [lambda: shop.bought(slot, student=1)] * 6 + [lambda: waiting.offer_places(slot.pk)] * 4
    random.Random(seed).shuffle(deeds)
    got = at_the_same_time(*deeds)
    assert all(not isinstance(one, Exception) or isinstance(one, ActionRefused) for one in got), got
    slot.refresh_from_db()
    assert sorted(offered()) == [f"w{n}@example.jp" for n in range(6)] and slot.taken == 6
    assert Order.objects.filter(state="held").count() == 6


def test_asking_is_refused_where_there_is_room_or_one_waits_already_or_too_many_come():
    slot = shop.slot(capacity=2)
    with pytest.raises(ActionRefused, match="空きがあります"):
        waits(slot, "early", student=1)
    shop.bought(slot, student=2)
    waits(slot, "hanako", student=1)
    for who, count, told in (("hanako", 1, "すでに待っています"), ("taro", 3, "定員"), ("taro", -1, "0以上")):
        with pytest.raises(ActionRefused, match=told):
            waits(slot, who, student=count)


def test_who_left_the_line_is_offered_nothing_and_may_ask_again():
    slot = shop.slot(capacity=1)
    sold = shop.bought(slot, student=1)
    one = waits(slot, "hanako", student=1)
    waiting.leave(waiting=one, by=PUBLIC)
    again = waits(slot, "hanako", student=1)
    waiting.leave(waiting=again, by=PUBLIC)
    cancels(sold)
    assert offered() == []


def test_a_closed_slot_offers_nothing():
    slot = shop.slot(capacity=1)
    sold = shop.bought(slot, student=1)
    waits(slot, "hanako", student=1)
    cancelling.close([slot.pk], "停電のため")
    assert cancelling.clear_closed(by=worker("bookings")) == 1
    assert offered() == [] and Order.objects.get().pk == sold.pk


def test_a_capacity_that_was_raised_is_offered_by_the_worker_once():
    slot = shop.slot(capacity=2)
    shop.bought(slot, student=2)
    waits(slot, "two", student=2), waits(slot, "one", student=1)
    Slot.objects.filter(pk=slot.pk).update(capacity=4)
    for _minute in range(2):
        end_holds(timestamp=0)
    assert offered() == ["two@example.jp"]
    slot.refresh_from_db()
    assert slot.taken == 4


def test_who_waits_with_a_proof_is_offered_its_price_and_the_proof_counts_once():
    document = town.decided(town.applied("npo-incorporation"))
    slot = shop.slot(shop.ZOO, capacity=2)
    sold = shop.bought(slot, adult=2)
    shown = entitlement.proof(document.code, selling_shop.offered(slot))
    waiting.ask(slot=slot, wanted={"adult": 1}, buyer=Buyer("npo@example.jp"), by=PUBLIC, proof=shown)
    cancels(sold)
    made = Order.objects.get(email="npo@example.jp")
    assert (made.charge.owed, made.entitled) == (300, shown.document)


def test_a_proof_that_was_withdrawn_while_waiting_brings_no_offer():
    document = town.decided(town.applied("npo-incorporation"))
    slot = shop.slot(shop.ZOO, capacity=2)
    sold = shop.bought(slot, adult=2)
    shown = entitlement.proof(document.code, selling_shop.offered(slot))
    waiting.ask(slot=slot, wanted={"adult": 1}, buyer=Buyer("npo@example.jp"), by=PUBLIC, proof=shown)
    waits(slot, "next", adult=1)
    document.withdrawn_at, document.withdrawn_by = timezone.now(), town.sasaki().officer
    document.withdrawal_reason = "誤りのため"
    document.save()
    cancels(sold)
    assert offered() == ["next@example.jp"]


def test_who_waits_for_what_needs_a_name_is_asked_for_it_and_it_is_kept():
    offer = next(one for one in facilities()[shop.ZOO].offers if one.needs_name)
    slot = shop.slot(shop.ZOO, capacity=1, offer=offer.code)
    category = offer.categories[0].code
    sold = shop.bought(slot, **{category: 1})
    with pytest.raises(ActionRefused, match="お名前"):
        waits(slot, "nameless", **{category: 1})
    named = Buyer("named@example.jp", "港 花子")
    waiting.ask(slot=slot, wanted={category: 1}, buyer=named, by=PUBLIC)
    cancels(sold)
    assert Order.objects.get(email="named@example.jp").name == "港 花子"
