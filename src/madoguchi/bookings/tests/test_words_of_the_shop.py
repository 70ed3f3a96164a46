"""The shop's words and signs: those of the reader's language, and true of what they stand beside."""

import re

import pytest
from django.utils.translation import override

from madoguchi.bookings.making import make_slots
from madoguchi.payments import actions as payments
from madoguchi.payments.models import SandboxPayment
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
