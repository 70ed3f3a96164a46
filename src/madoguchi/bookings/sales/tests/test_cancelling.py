"""Cancelling and changing: places come back once, the books hold, the rule says what is paid back."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from madoguchi.bookings.models import Order, Scan, Slot
from madoguchi.bookings.sales import cancelling, changing
from madoguchi.bookings.sales.holds import confirm
from madoguchi.foundation.identifiers import new_secret
from madoguchi.payments.ledger import rules
from madoguchi.payments.ledger.queries import unsound
from madoguchi.payments.models import Entry
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.platform.refusing import ActionRefused
from tests import paying, shop, town

pytestmark = pytest.mark.django_db
SYSTEM = worker("bookings")


def bought(slot, *, pays=True, key=None, **wanted):
    made = shop.bought(slot, key=key, **wanted)
    if pays and made.charge:
        paying.pays(made.charge)
        confirm(order=made.pk, by=SYSTEM)
    return Order.objects.get(pk=made.pk)


def money(order):
    """(owed, paid, due) of an order, the ledger counted anew."""
    order.charge.refresh_from_db()
    lines = [rules.Line(one.kind, one.debit, one.credit, one.yen) for one in Entry.objects.filter(charge=order.charge)]
    assert rules.sums(lines) == (order.charge.owed, order.charge.paid)
    assert order.charge.reference not in unsound()
    return order.charge.owed, order.charge.paid, order.charge.due


def is_counted_right(slot):
    """Whether `taken` is what the live tickets say."""
    slot.refresh_from_db()
    live = slot.tickets.filter(cancelled_at__isnull=True).aggregate(people=Sum("people"))["people"] or 0
    return slot.taken == live


@pytest.mark.parametrize(("days", "back"), [(3, 1600), (0.5, 800)])
def test_the_rule_says_how_much_comes_back(days, back):
    slot = shop.slot()
    made = bought(slot, student=4)
    Slot.objects.filter(pk=slot.pk).update(starts_at=timezone.now() + timedelta(days=days))
    cancelling.cancel(order=made.pk, by=PUBLIC)
    made.refresh_from_db()
    assert made.state == "cancelled" and money(made) == (1600 - back, 1600, -back)
    assert is_counted_right(slot) and slot.taken == 0


def test_some_tickets_are_cancelled_and_the_others_stay_good():
    slot = shop.slot()
    made = bought(slot, student=3, child=1)
    one = made.tickets.filter(category="student").first()
    cancelling.cancel(order=made.pk, tickets=[one.pk], by=PUBLIC)
    made.refresh_from_db()
    assert made.state == "confirmed" and money(made) == (800, 1200, -400)
    assert is_counted_right(slot) and slot.taken == 3
    with pytest.raises(ActionRefused):
        cancelling.cancel(order=made.pk, tickets=[one.pk], by=PUBLIC)
    assert money(made) == (800, 1200, -400)


def test_what_was_not_paid_yet_is_simply_not_owed_any_more():
    slot = shop.slot()
    made = bought(slot, pays=False, student=2)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    assert money(made) == (0, 0, 0) and is_counted_right(slot)


def test_a_second_cancelling_is_refused_and_changes_nothing():
    slot = shop.slot()
    made = bought(slot, student=2)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    with pytest.raises(ActionRefused) as refused:
        cancelling.cancel(order=made.pk, by=PUBLIC)
    assert refused.value.conflict and is_counted_right(slot) and money(made) == (0, 800, -800)


def scan(order, at, outcome):
    ticket = order.tickets.get()
    Scan.objects.create(ticket=ticket, gate="east", device="d", at=at, told_at=at, outcome=outcome, key=new_secret())


def test_too_late_and_used_are_refused():
    slot = shop.slot()
    late, used = bought(slot, student=1), bought(slot, student=1, key="used")
    now = timezone.now()
    Scan.objects.create(
        ticket=used.tickets.get(), gate="east", device="d", at=now, told_at=now, outcome="admitted", key="s1"
    )
    with pytest.raises(ActionRefused, match="入場"):
        cancelling.cancel(order=used.pk, by=PUBLIC)
    scan(used, now + timedelta(seconds=1), "undone")
    cancelling.cancel(order=used.pk, by=PUBLIC)
    Slot.objects.filter(pk=slot.pk).update(starts_at=now + timedelta(minutes=30))
    with pytest.raises(ActionRefused, match="期限"):
        cancelling.cancel(order=late.pk, by=PUBLIC)


def test_a_closed_slot_pays_everything_back_once():
    slot = shop.slot()
    paid, held, free = (
        bought(slot, student=2),
        bought(slot, pays=False, key="h", student=1),
        bought(slot, key="f", child=1),
    )
    officer = town.officer("文化 担当", "culture", "officer")
    assert cancelling.close_slots(slots=[slot.pk], because="停電のため", by=officer) == 1
    assert cancelling.clear_closed(by=SYSTEM) == 3
    assert cancelling.clear_closed(by=SYSTEM) == 0
    assert money(paid) == (0, 800, -800) and money(held) == (0, 0, 0)
    assert set(Order.objects.values_list("state", flat=True)) == {"cancelled"} and free.charge is None
    assert is_counted_right(slot) and (slot.taken, slot.capacity) == (0, 0)


@pytest.mark.parametrize(("office", "role"), [("parks", "officer"), ("culture", "clerk")])
def test_only_the_facilitys_own_officers_close_it(office, role):
    with pytest.raises(ActionRefused, match="担当課"):
        cancelling.close_slots(slots=[shop.slot().pk], because="停電", by=town.officer("他課 太郎", office, role))


def test_closing_needs_words_and_slots():
    officer, slot = town.officer("文化 担当", "culture", "officer"), shop.slot()
    for slots, because in (([slot.pk], " "), ([], "停電")):
        with pytest.raises(ActionRefused):
            cancelling.close_slots(slots=slots, because=because, by=officer)
    slot.refresh_from_db()
    assert not slot.is_closed


def test_a_change_at_the_same_price_moves_people_and_nothing_else():
    slot, to = shop.slot(), shop.slot(days=5)
    made = bought(slot, student=2)
    for _press in range(2):
        changing.change(order=made.pk, since=slot.pk, to=to, shown=0, by=PUBLIC)
    made.refresh_from_db()
    assert (made.slot_id, made.state) == (to.pk, "confirmed") and money(made) == (800, 800, 0)
    assert is_counted_right(slot) and is_counted_right(to) and (slot.taken, to.taken) == (0, 2)


def test_a_dearer_slot_is_held_until_the_difference_is_paid(dearer):
    slot, to = shop.slot(), shop.slot(days=5)
    dearer(300, 500, shop.day_of(to))
    made = bought(slot, student=2)
    changing.change(order=made.pk, since=slot.pk, to=to, shown=400, by=PUBLIC)
    made.refresh_from_db()
    assert made.state == "held" and money(made) == (1000, 600, 400)
    paying.pays(made.charge)
    assert confirm(order=made.pk, by=SYSTEM)
    assert money(made) == (1000, 1000, 0) and is_counted_right(to)


@pytest.mark.parametrize(("hours", "back"), [(2, 400), (40, 800)])
def test_moving_first_does_not_undo_the_rule(hours, back):
    slot, to = shop.slot(days=0, hours=hours + 1), shop.slot(days=20)
    made = bought(slot, student=2)
    changing.change(order=made.pk, since=slot.pk, to=to, shown=0, by=PUBLIC)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    assert money(made)[2] == -back


def test_a_cheaper_slot_pays_the_difference_back(dearer):
    slot, to = shop.slot(days=5), shop.slot()
    dearer(300, 500, shop.day_of(slot))
    made = bought(slot, student=2)
    with pytest.raises(ActionRefused, match="差額が変わりました"):
        changing.change(order=made.pk, since=slot.pk, to=to, shown=0, by=PUBLIC)
    changing.change(order=made.pk, since=slot.pk, to=to, shown=-400, by=PUBLIC)
    made.refresh_from_db()
    assert made.state == "confirmed" and money(made) == (600, 1000, -400) and is_counted_right(to)


def test_a_full_closed_or_foreign_slot_refuses_the_change_and_nothing_moves():
    slot = shop.slot()
    made = bought(slot, student=2)
    full, shut, foreign = shop.slot(days=5, capacity=1), shop.slot(days=6, is_closed=True), shop.slot(shop.ZOO, days=7)
    for to in (full, shut, foreign):
        with pytest.raises(ActionRefused):
            changing.change(order=made.pk, since=slot.pk, to=to, shown=0, by=PUBLIC)
    made.refresh_from_db()
    assert made.slot_id == slot.pk and is_counted_right(slot) and money(made) == (800, 800, 0)


def test_who_has_not_paid_cannot_change_and_another_screen_is_told():
    slot, to = shop.slot(), shop.slot(days=5)
    held, sold = bought(slot, pays=False, student=1), bought(slot, key="s", student=1)
    with pytest.raises(ActionRefused, match="支払い"):
        changing.change(order=held.pk, since=slot.pk, to=to, shown=0, by=PUBLIC)
    with pytest.raises(ActionRefused, match="ほかの画面"):
        changing.change(order=sold.pk, since=shop.slot(days=8).pk, to=to, shown=0, by=PUBLIC)
