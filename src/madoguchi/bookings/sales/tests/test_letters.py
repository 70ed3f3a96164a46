"""A letter says what happened: which tickets, how much comes back and how, from when to when; each event once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from madoguchi.bookings.gate.files import span
from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales import cancelling, changing
from madoguchi.bookings.sales.holds import confirm, let_go
from madoguchi.people.actor import PUBLIC, worker
from madoguchi.sequence import order_letter
from tests import paying, shop, town

pytestmark = pytest.mark.django_db
SYSTEM = worker("bookings")


def sold(slot, *, pay=paying.pays, **wanted):
    made = shop.bought(slot, **wanted)
    if made.charge:
        pay(made.charge)
        confirm(order=made.pk, by=SYSTEM)
    return Order.objects.get(pk=made.pk)


def letters():
    """Every letter that is queued, written now, the oldest first."""
    mail.outbox.clear()
    for job in ProcrastinateJob.objects.filter(task_name="madoguchi.order-letter").order_by("id"):
        order_letter(**job.args)
    return list(mail.outbox)


def test_a_part_and_the_rest_are_two_letters_with_their_tickets_and_amounts():
    made = sold(shop.slot(), student=3)
    one, *rest = made.tickets.order_by("number")
    cancelling.cancel(order=made.pk, tickets=[one.pk], by=PUBLIC)
    cancelling.cancel(order=made.pk, tickets=[rest[0].pk], by=PUBLIC)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    _confirmed, first, second, last = letters()
    assert "【一部の取消し】" in first.subject and f"番号 {one.number}\n" in first.body
    assert f"番号 {rest[0].number}\n" not in first.body and "400円を、支払った方法に" in first.body
    assert f"番号 {rest[0].number}\n" in second.body
    assert "【取消し】" in last.subject and f"番号 {rest[1].number}\n" in last.body


def test_each_event_has_a_message_id_of_its_own_and_keeps_it_when_it_is_sent_again():
    made = sold(shop.slot(), student=3)
    for ticket in made.tickets.all()[:2]:
        cancelling.cancel(order=made.pk, tickets=[ticket.pk], by=PUBLIC)
    ids = [one.extra_headers["Message-ID"] for one in letters()]
    assert len(set(ids)) == 3
    assert [one.extra_headers["Message-ID"] for one in letters()] == ids


def test_what_a_clerk_pays_back_is_told_as_what_takes_days():
    made = sold(shop.slot(), pay=paying.pays_at_the_counter, student=1)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    assert "担当の課が手続をする" in letters()[-1].body


def test_too_late_for_money_the_letter_says_that_nothing_comes_back_and_unpaid_says_nothing_of_money():
    made = shop.bought(shop.slot(), student=1)
    cancelling.cancel(order=made.pk, by=PUBLIC)
    assert "お返し" not in letters()[-1].body


def test_a_move_tells_the_old_and_the_new_time():
    slot, to = shop.slot(), shop.slot(days=5)
    made = sold(slot, student=1)
    changing.change(order=made.pk, since=slot.pk, to=to, shown=0, by=PUBLIC)
    letter = letters()[-1]
    assert "【日時の変更】" in letter.subject and "お返し" not in letter.body
    assert f"変更前: {span(slot)}" in letter.body and f"変更後: {span(to)}" in letter.body


def test_a_dearer_move_says_until_when_the_difference_is_to_be_paid_and_then_what_came_back(dearer):
    slot, to = shop.slot(days=0, hours=3), shop.slot(days=20)
    dearer(300, 500, shop.day_of(to))
    made = sold(slot, student=2)
    changing.change(order=made.pk, since=slot.pk, to=to, shown=400, by=PUBLIC)
    assert "差額 400円を、" in letters()[-1].body
    Order.objects.update(held_until=timezone.now())
    assert let_go(by=SYSTEM) == 1
    assert "300円を、支払った方法に" in letters()[-1].body and "全額" not in letters()[-1].body


def test_a_difference_that_a_waiting_repayment_covers_needs_no_paying(dearer):
    slot, to = shop.slot(), shop.slot(days=20)
    dearer(300, 500, shop.day_of(to))
    made = sold(slot, pay=paying.pays_at_the_counter, student=2)
    cancelling.cancel(order=made.pk, tickets=[made.tickets.first().pk], by=PUBLIC)
    changing.change(order=made.pk, since=slot.pk, to=to, shown=200, by=PUBLIC)
    made.refresh_from_db()
    made.charge.refresh_from_db()
    assert (made.state, made.charge.owed, made.charge.due) == ("confirmed", 500, -100)


def test_a_closed_day_says_how_much_comes_back():
    made = sold(shop.slot(), student=2)
    officer = town.officer("文化 担当", "culture", "officer")
    cancelling.close_slots(slots=[made.slot_id], because="停電のため", by=officer)
    cancelling.clear_closed(by=SYSTEM)
    assert "800円を、支払った方法に" in letters()[-1].body


def test_a_letter_of_a_job_that_was_queued_before_letters_were_told_what_they_are_about():
    made = sold(shop.slot(), student=1)
    Slot.objects.filter(pk=made.slot_id).update(starts_at=timezone.now() + timedelta(days=1))
    order_letter(str(made.pk), "cancelled")
    assert str(made.slot_id) in mail.outbox[-1].extra_headers["Message-ID"]
