"""The shop's words and signs: those of the reader's language, and true of what they stand beside."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.facilities.wording import told
from madoguchi.bookings.gate.files import span
from madoguchi.bookings.gate.issuing import make_keys
from madoguchi.bookings.models import Order, Slot
from madoguchi.payments.models import SandboxPayment
from madoguchi.payments.paying import actions as payments
from madoguchi.people.actor import PUBLIC
from tests import shop, town

pytestmark = pytest.mark.django_db


def page(path):
    return town.visitor().get(path).content.decode()


def test_the_signs_of_the_english_calendar_are_no_kanji():
    make_slots(60)
    whole = page("/en/facilities/art-museum/")
    calendar = whole[whole.index("days__legend") : whole.index("</table>")]
    assert re.findall(r"[\u3040-\u9fff]", calendar) == []
    assert "Not open yet" in calendar and "Closed" in calendar


def test_visitors_are_told_what_is_checked_and_not_of_a_proof_where_people_are_counted():
    make_slots(60)
    zoo, museum = page("/facilities/hill-zoo/"), page("/en/facilities/art-museum/")
    assert "入口で人数を数えます。" in zoo and "証明" not in zoo
    assert "Please bring your student card." in museum and "Please enter together" in museum
    slot = shop.slot(shop.ZOO, capacity=200)
    assert "入口で人数を数えます。" in page(f"/facilities/hill-zoo/slots/{slot.pk}/")
    made = shop.bought(slot, group=20)
    Order.objects.filter(pk=made.pk).update(state="confirmed")
    make_keys()
    ticket = page(f"/en/orders/{made.secret}/ticket/")
    assert "People are counted at the entrance." in ticket and "student" not in ticket


def test_a_check_without_words_of_its_own_is_told_of_in_general():
    student = facilities()["art-museum"].offer("entry").by_code["student"]
    assert told(student, "ja") == "学生証をお持ちください。"
    assert told(student.model_copy(update={"told": None}), "ja") == "入口で、この区分にあてはまるかを確かめます。"
    assert told(student.model_copy(update={"check": None}), "ja") == ""


@pytest.mark.parametrize("bought_in", ["ja", "en"])
def test_the_payment_page_speaks_the_readers_language_whoever_bought(bought_in):
    with override(bought_in):
        charge = shop.bought(shop.slot(), adult=1).charge
    title = 'data-size="36">{}</h1>'
    assert title.format("みなと野県立美術館 入場料") in page(f"/pay/{charge.secret}/")
    assert title.format("Minatono Prefectural Museum of Art admission") in page(f"/en/pay/{charge.secret}/")
    assert charge.label == "みなと野県立美術館 入場料"  # on receipts and slips, which are Japanese
    attempt = payments.start(charge=charge, provider="sandbox", language="en", by=PUBLIC)
    assert SandboxPayment.objects.get(reference=attempt.provider_reference).label.startswith("Minatono")


def test_one_is_one_and_two_are_two_in_english():
    shop.slot()
    museum = page("/en/facilities/art-museum/")
    assert "by 1 day before the start" in museum and "by 1 hour before the start" in museum
    zoo = page("/en/facilities/hill-zoo/")
    assert "by 2 days before the start" in zoo and "until 12 hours before the start" in zoo
    slot = shop.slot(days=4)
    for count, said in ((1, ">1 person<"), (3, ">3 people<")):
        typed = {"count-adult": count, "email": "hanako@example.jp", "do": "confirm"}
        shown = town.visitor().post(f"/en/facilities/art-museum/slots/{slot.pk}/", typed, follow=True).content.decode()
        assert shown.count(said) == 2 and "(s)" not in shown
        assert ">Change<" in shown


def test_a_booking_is_cancelled_and_not_withdrawn():
    shown = page(f"/en/orders/{shop.bought(shop.slot(), adult=1).secret}/")
    assert "Cancel the booking" in shown and "Withdraw" not in shown


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "令和8年12月2日（水曜） 10:00"),
        ("en", "Wed 2 December 2026 10:00"),
        ("ja-easy", "2026年12月2日（水曜） 10:00"),
    ],
)
def test_a_slot_is_told_with_its_weekday(clock, language, said):
    clock("2026-12-01 10:00")
    with override(language):
        assert span(shop.slot(days=1)).startswith(said)
    prefix = "" if language == "ja" else f"/{language}"
    title = page(f"{prefix}/facilities/art-museum/days/2026-12-02/").split("</title>")[0]
    assert said.removesuffix(" 10:00") in title


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_the_menu_leads_to_the_facilities(language):
    menu = page(f"{language}/").split("</nav>")[0]
    assert f'href="{language}/facilities/"' in menu


@pytest.mark.parametrize("gone", ["expired", "cancelled", "closed", "over"])
def test_an_order_shows_only_the_rules_and_the_ways_that_still_apply(gone):
    made = shop.bought(shop.slot(), adult=1)
    rule = "開始の1日前までの取消しは"
    assert rule in page(f"/orders/{made.secret}/")
    confirmed = {"state": "confirmed"}
    Order.objects.filter(pk=made.pk).update(**(confirmed if gone in {"closed", "over"} else {"state": gone}))
    if gone == "closed":
        Slot.objects.update(is_closed=True)
    if gone == "over":
        Slot.objects.update(starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() - timedelta(hours=1))
    shown = page(f"/orders/{made.secret}/")
    assert rule not in shown and "変更できます" not in shown
    assert ("チケットを見る" in shown) == (gone == "over")
