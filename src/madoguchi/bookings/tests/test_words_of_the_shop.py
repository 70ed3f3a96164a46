"""The shop's words and signs: those of the reader's language, and true of what they stand beside."""

import re

import pytest

from madoguchi.bookings.making import make_slots
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
