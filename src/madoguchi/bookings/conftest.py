"""What tests of the shop share."""

import pytest

from madoguchi.bookings.facilities.directory import facilities


@pytest.fixture
def dearer(monkeypatch):
    """The museum's students pay 300 yen until a day and 500 from then on."""

    def price(before, after, day):
        known = facilities()["art-museum"]
        text = f"date < '{day}' ? {before} : {after}"
        changed = tuple(
            one.model_copy(update={"price": text}) if one.code == "student" else one
            for one in known.offers[0].categories
        )
        offer = known.offers[0].model_copy(update={"categories": changed})
        monkeypatch.setitem(facilities(), "art-museum", known.model_copy(update={"offers": (offer,)}))

    return price
