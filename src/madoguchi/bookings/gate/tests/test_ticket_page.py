"""The holder's tickets: on the phone, on paper, in the calendar; for nobody else, and only where they admit."""

import re
import subprocess
from urllib.parse import unquote

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image

from madoguchi.bookings.gate.issuing import public_keys, text_of
from madoguchi.bookings.gate.ticket import State, check
from madoguchi.bookings.models import Order
from madoguchi.bookings.sales import cancelling, changing
from madoguchi.bookings.sales.holds import confirm
from madoguchi.foundation.identifiers import new_secret
from madoguchi.people.actor import PUBLIC, worker
from tests import gate, paying, shop, town
from verify import verify_ticket

pytestmark = pytest.mark.django_db


def page(order, what="ticket/", language=""):
    return town.visitor().get(f"{language}/orders/{order.secret}/{what}")


def decoded(pdf, folder):
    """What a reader sees in the printed pages."""
    (folder / "tickets.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "150", "-png", str(folder / "tickets.pdf"), str(folder / "page")]
    subprocess.run(command, check=True)
    return [one.text for file in sorted(folder.glob("page*.png")) for one in zxingcpp.read_barcodes(Image.open(file))]


def test_each_ticket_has_its_code_and_says_in_words_what_it_is():
    order = gate.sold("adult", "student")
    html = page(order).content.decode()
    assert html.count('class="ticket__qr"') == 2
    assert "一般" in html
    assert "学生" in html
    assert [f"番号 {one.number}" in html for one in order.tickets.all()] == [True, True]


@pytest.mark.parametrize("language", ["/en", "/ja-easy"])
def test_it_is_read_in_other_languages(language):
    assert page(gate.sold(), language=language).status_code == 200


def test_the_printed_code_is_read_and_verifies(tmp_path):
    order = gate.sold("adult", "student", "child", people=3)
    texts = decoded(page(order, "tickets.pdf").content, tmp_path)
    assert sorted(texts) == sorted(text_of(one) for one in order.tickets.all())
    now, keys = gate.moment(gate.NOON), public_keys()
    assert {check(text, keys=keys, facility=gate.MUSEUM, now=now).state for text in texts} == {State.GOOD}
    published = town.visitor().get("/tickets/keys.json").json()
    outsiders = {int(number): bytes.fromhex(key) for number, key in published.items()}
    assert [verify_ticket.verify(text, outsiders)["people"] for text in texts] == [3, 3, 3]


def test_the_paper_says_that_it_can_be_read_aloud():
    pdf = page(gate.sold(), "tickets.pdf", "/en").content
    assert b"/MarkInfo" in pdf or b"pdfuaid" in pdf
    assert pdf.startswith(b"%PDF-1.7")


def test_the_calendar_has_the_visit():
    order = gate.sold()
    (visit,) = Calendar.from_ical(page(order, "visit.ics").content).walk("VEVENT")
    assert visit.decoded("dtstart") == order.slot.starts_at
    assert visit.decoded("dtend") == order.slot.ends_at
    assert f"/orders/{order.secret}/ticket/" in visit["url"]
    assert visit["status"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (Order.State.HELD, "まだ支払いが済んでいません"),
        (Order.State.CANCELLED, "取り消されています"),
        (Order.State.EXPIRED, "期限が過ぎた"),
    ],
)
def test_what_admits_nobody_shows_no_code_but_a_sentence(state, sentence):
    order = gate.sold(state=state, held_until=gate.moment(gate.NOON))
    html = page(order).content.decode()
    assert sentence in html
    assert "ticket__qr" not in html
    assert page(order, "tickets.pdf").status_code == 404


def test_a_cancelled_ticket_of_an_order_shows_no_code():
    order = gate.sold("adult", "adult")
    order.tickets.filter(pk=order.tickets.first().pk).update(cancelled_at=gate.moment(gate.NOON))
    html = page(order).content.decode()
    assert html.count('class="ticket__qr"') == 1
    assert "取消し済み" in html


@pytest.mark.parametrize("secret", [new_secret(), "x", "%00", "あ"], ids=["unknown", "short", "nul", "kana"])
@pytest.mark.parametrize("what", ["ticket/", "tickets.pdf", "visit.ics"])
def test_another_secret_opens_nothing(secret, what):
    gate.sold()
    assert town.visitor().get(f"/orders/{secret}/{what}").status_code == 404


def test_nobody_elses_name_or_address_stands_on_a_ticket():
    order = gate.sold(name="窓口 花子", email="hanako@minatono.example")
    assert "花子" not in unquote(page(order).content.decode())
    assert not re.search("hanako", page(order, "visit.ics").content.decode())


def test_a_changed_visit_takes_the_place_of_the_one_in_the_calendar():
    def told():
        whole = Calendar.from_ical(page(Order.objects.get(pk=made.pk), "visit.ics").content)
        (visit,) = whole.walk("VEVENT")
        return whole["method"], visit["status"], visit["uid"], visit["sequence"], visit.decoded("last-modified")

    made = shop.bought(shop.slot(), student=2)
    held = told()
    paying.pays(made.charge)
    confirm(order=made.pk, by=worker("bookings"))
    paid = told()
    cancelling.cancel(order=made.pk, tickets=[made.tickets.first().pk], by=PUBLIC)
    less = told()
    order, other = Order.objects.get(pk=made.pk), shop.slot(hours=2)
    _quote, more = changing.difference(order, other)
    changing.change(order=made.pk, since=order.slot_id, to=other, shown=more, by=PUBLIC)
    moved = told()
    cancelling.cancel(order=made.pk, by=PUBLIC)
    gone = told()
    known = (held, paid, less, moved, gone)
    assert [one[:2] for one in known] == [
        ("PUBLISH", "TENTATIVE"),
        ("PUBLISH", "CONFIRMED"),
        ("PUBLISH", "CONFIRMED"),
        ("PUBLISH", "CONFIRMED"),
        ("CANCEL", "CANCELLED"),
    ]
    assert len({uid for _method, _status, uid, _sequence, _at in known}) == 1
    assert [one[3] for one in known] == sorted({one[3] for one in known}), "it grows with every change"
    assert [one[4] for one in known] == sorted(one[4] for one in known)
