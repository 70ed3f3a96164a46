"""Where an office is, its number and its hours: its own, or the hall's, in three languages, checked."""

import pytest
from django.utils.translation import override
from pydantic import ValidationError

from madoguchi.town.contact import contact_of
from madoguchi.town.offices import contact, town

HALL = {
    "address": "みなと野市本町1", "address_en": "1 Honcho", "phone": "000-000-0000",
    "hours": "平日 9時から", "hours_en": "Weekdays from 9:00", "name": "県", "mark": "x",
}  # fmt: skip


def test_an_office_without_its_own_has_the_halls():
    assert contact_of({"code": "a"}, contact_of(HALL)) == contact_of(HALL)


def test_an_address_of_its_own_brings_no_translation_of_another_place():
    own = contact_of({"address": "みなと野市川端2"}, contact_of(HALL))
    assert own.said("課", "en") == ("課", "みなと野市川端2", "000-000-0000", "Weekdays from 9:00")


@pytest.mark.parametrize("phone", ["1234", "0120 000 000", "TEL", "000-000-0000-0000", "＋81-3-0000"])
def test_a_number_that_is_none_is_refused(phone):
    with pytest.raises(ValidationError, match="phone"):
        contact_of({**HALL, "phone": phone})


@pytest.mark.parametrize("language", ["ja", "en", "ja-easy"])
def test_every_office_of_the_demo_town_says_all_of_it(language):
    with override(language):
        for office in ("", "no-such-office", *town().offices):
            said = contact(office)
            assert all(said), office


def test_the_numbers_of_the_demo_town_exist_nowhere():
    assert {one.contact.phone[:3] for one in town().offices.values()} == {"000"}
