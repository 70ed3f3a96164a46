"""The sale at a real counter: the same order, paid at the terminal; and closing a day from the desk."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from madoguchi.bookings.models import Order, Slot
from madoguchi.platform.refusing import ActionRefused
from madoguchi.sequence import end_holds, order_letter, settled
from tests import paying, shop, town

pytestmark = pytest.mark.django_db


def clerk():
    return town.officer("文化 窓口", "culture", "clerk")


def worker_of_museum():
    return town.officer("文化 担当", "culture", "officer")


def hidden(answer):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.content.decode()))


def sells(slot, person, **counts):
    browser, path = town.browser_of(person), f"/desk/sale/{slot.facility}/slots/{slot.pk}/"
    typed = {f"count-{code}": count for code, count in counts.items()}
    answer = browser.post(path, {**typed, "do": "confirm"}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return browser, browser.post(path, {**hidden(answer), "do": "order"})


def test_a_clerk_sells_without_an_address_and_takes_the_payment_at_the_terminal():
    browser, answer = sells(shop.slot(), clerk(), student=2)
    made = Order.objects.get()
    assert answer.url == f"/desk/sale/sold/{made.secret}/" and (made.channel, made.email) == ("counter", "")
    page = browser.get(answer.url).content.decode()
    assert f"/desk/payments/{made.charge.reference}/" in page or made.charge.reference in page
    paying.pays_at_the_counter(made.charge)
    settled(str(made.charge.pk))
    assert f"/orders/{made.secret}/tickets.pdf" in browser.get(answer.url).content.decode()


def test_a_clerk_finds_a_visitors_booking_by_its_number_and_cancels_it():
    made, desk = shop.bought(shop.slot(), student=2), town.browser_of(clerk())
    found = desk.get("/desk/sale/", {"q": made.reference.lower().replace("-", " ")})
    assert found.url == f"/desk/sale/sold/{made.secret}/"
    path = f"/orders/{made.secret}/cancel/?desk=1"
    assert f'href="{path}"' in desk.get(found.url).content.decode()
    asked = desk.get(path)
    assert f'action="{path}"' in asked.content.decode() and f'href="{found.url}"' in asked.content.decode()
    tickets = [str(one.pk) for one in made.tickets.all()]
    done = desk.post(path, {**hidden(asked), "ticket": tickets})
    assert done.url == found.url and f"/desk/charges/{made.charge.reference}/" in desk.get(done.url).content.decode()
    made.refresh_from_db()
    assert made.state == Order.State.CANCELLED


def test_a_clerk_moves_a_booking_and_is_back_at_the_desk():
    slot, to = shop.slot(), shop.slot(days=4)
    made = shop.bought(slot, child=1)
    desk, path = town.browser_of(clerk()), f"/orders/{made.secret}/change/?day={shop.day_of(to)}"
    asked = desk.get(f"{path}&to={to.pk}&desk=1")
    done = desk.post(f"{path}&desk=1", hidden(asked), follow=True)
    assert done.redirect_chain[-1][0].startswith(f"/desk/sale/sold/{made.secret}/")
    assert "日時を変更しました" in done.content.decode()


def test_a_visitor_who_says_desk_stays_on_the_public_pages():
    made = shop.bought(shop.slot(), child=1)
    path = f"/orders/{made.secret}/cancel/?desk=1"
    for browser in (town.visitor(), town.browser_of(town.suzuki())):
        assert "/desk/" not in browser.get(path).content.decode().split("<main")[1].split("</main")[0]
    asked = town.visitor().get(path)
    chosen = [str(one.pk) for one in made.tickets.all()]
    assert town.visitor().post(path, {**hidden(asked), "ticket": chosen}).url == f"/orders/{made.secret}/"


@pytest.mark.parametrize("number", ["0000-0000-000", "ない", "\x00", "1" * 300])
def test_a_number_that_is_nobodys_is_told_and_stays_typed(number):
    page = town.browser_of(clerk()).get("/desk/sale/", {"q": number}).content.decode()
    assert "番号を確かめてください" in page


def test_a_clerk_of_another_office_finds_nothing():
    made = shop.bought(shop.slot(), student=1)
    page = town.browser_of(town.suzuki()).get("/desk/sale/", {"q": made.reference})
    assert page.status_code == 200
    assert made.secret not in page.content.decode()


def test_a_clerk_of_another_office_sells_nothing():
    _browser, answer = sells(shop.slot(), town.suzuki(), student=2)
    assert answer.status_code == 422 and Order.objects.count() == 0


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_the_desks_pages_are_there(language):
    slot, browser = shop.slot(), town.browser_of(worker_of_museum())
    day = shop.day_of(slot)
    for path in ("", "art-museum/", f"art-museum/days/{day}/", f"art-museum/days/{day}/close/",
                 f"art-museum/slots/{slot.pk}/"):  # fmt: skip
        assert browser.get(f"{language}/desk/sale/{path}").status_code == 200, path
    assert browser.get("/desk/sale/art-museum/days/2026-02-31/close/").status_code == 404


def test_an_officer_closes_a_slot_and_everybody_is_repaid_and_told():
    slot, other = shop.slot(), shop.slot(hours=1)
    made = shop.bought(slot, student=2)
    paying.pays(made.charge)
    settled(str(made.charge.pk))
    browser = town.browser_of(worker_of_museum())
    path = f"/desk/sale/art-museum/days/{shop.day_of(slot)}/close/"
    assert browser.post(path, {"slot": [str(slot.pk)], "because": ""}).status_code == 422
    assert browser.post(path, {"because": "停電のため"}).status_code == 422
    assert browser.post(path, {"slot": [str(slot.pk)], "because": "停電のため"}).status_code == 302
    end_holds(timestamp=0)
    made.refresh_from_db()
    made.charge.refresh_from_db()
    assert (made.state, made.charge.owed, made.charge.due) == ("cancelled", 0, -800)
    order_letter(str(made.pk), "closed")
    assert "停電のため" in mail.outbox[-1].body and mail.outbox[-1].to == ["hanako@example.jp"]
    other.refresh_from_db()
    assert not other.is_closed and Slot.objects.get(pk=slot.pk).is_closed


def test_a_whole_day_is_closed_by_one_button():
    slot, later, other = shop.slot(), shop.slot(hours=1), shop.slot(days=5)
    browser = town.browser_of(worker_of_museum())
    path = f"/desk/sale/art-museum/days/{shop.day_of(slot)}/close/"
    same_day = [one for one in (slot, later) if shop.day_of(one) == shop.day_of(slot)]
    assert 'name="all"' in browser.get(path).content.decode()
    assert browser.post(path, {"all": "1", "because": ""}).status_code == 422
    assert browser.post(path, {"all": "1", "because": "停電のため"}).status_code == 302
    closed = set(Slot.objects.filter(is_closed=True).values_list("pk", flat=True))
    assert closed == {one.pk for one in same_day} and other.pk not in closed


def test_an_officer_of_another_office_closes_nothing():
    slot = shop.slot()
    path = f"/desk/sale/art-museum/days/{shop.day_of(slot)}/close/"
    answer = town.browser_of(town.sasaki()).post(path, {"slot": [str(slot.pk)], "because": "停電"})
    assert answer.status_code == 422 and not Slot.objects.get(pk=slot.pk).is_closed


def test_who_walks_in_is_sold_a_ticket_until_the_end_and_not_after(clock):
    slot = shop.slot(days=1)
    clock(f"{timezone.localtime(slot.ends_at) - timedelta(minutes=10):%Y-%m-%d %H:%M}")
    _browser, answer = sells(slot, clerk(), student=1)
    assert answer.url.startswith("/desk/sale/sold/")
    clock(f"{timezone.localtime(slot.ends_at):%Y-%m-%d %H:%M}")
    with pytest.raises(ActionRefused, match="もう始まりました"):
        shop.bought(slot, student=1)


def test_an_appointment_is_given_until_it_begins():
    slot = Slot(offer="appointment", starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1))
    assert slot.sold_until == slot.starts_at


def test_a_pass_is_sold_on_its_first_day_and_not_on_the_next():
    begins = timezone.now().replace(hour=0)
    one = Slot(
        facility="hill-zoo", offer="annual-pass", starts_at=begins, ends_at=begins + timedelta(days=364, hours=8)
    )
    assert one.sold_until - begins == timedelta(hours=12)
