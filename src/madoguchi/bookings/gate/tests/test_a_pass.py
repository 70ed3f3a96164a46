"""An annual pass: bought for a first day, good for 365 days, admitted once on each, by its holder only."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pydantic import ValidationError

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.opening import spans
from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.gate import files
from madoguchi.bookings.gate.entry import show
from madoguchi.bookings.gate.issuing import make_keys, text_of
from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales.holds import confirm
from madoguchi.people.actor import worker
from madoguchi.platform.refusing import ActionRefused
from tests import paying, shop, town

pytestmark = pytest.mark.django_db
ZOO, TOKYO = "hill-zoo", ZoneInfo("Asia/Tokyo")
HOW = {"facility": ZOO, "gate": "", "seen": True}


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path
    make_keys()


def keeper():
    """Who stands at the zoo's gate."""
    return town.officer("園田 守", "parks", "clerk")


def offer():
    return facilities()[ZOO].offer("annual-pass")


def first_day():
    make_slots(10)
    return Slot.objects.filter(facility=ZOO, offer="annual-pass").order_by("starts_at").first()


def pass_of(slot):
    made = shop.bought(slot, **{"adult-pass": 1})
    paying.pays(made.charge)
    confirm(order=made.pk, by=worker("bookings"))
    return Order.objects.get(pk=made.pk)


def test_a_pass_lasts_365_days_from_the_day_that_was_chosen():
    (one,) = spans(facilities()[ZOO], offer(), date(2026, 12, 3), TOKYO)
    assert [timezone.localdate(at) for at in (one.starts_at, one.ends_at)] == [date(2026, 12, 3), date(2027, 12, 2)]


def test_it_admits_its_holder_once_on_each_day_and_not_after_its_last(clock):
    slot = first_day()
    order, officer = pass_of(slot), keeper()
    text, begins = text_of(order.tickets.get()), timezone.localdate(slot.starts_at)
    for day in (0, 1, 200, 364):
        clock(f"{begins + timedelta(days=day)} 11:00")
        assert [show(text, by=officer, **HOW).state for _time in range(2)] == ["admitted", "again"]
    clock(f"{begins + timedelta(days=365)} 11:00")
    assert show(text, by=officer, **HOW).state == "other-day"


def test_the_gate_looks_who_shows_it(clock):
    slot = first_day()
    order = pass_of(slot)
    clock(f"{timezone.localdate(slot.starts_at) + timedelta(days=9)} 10:00")
    assert show(text_of(order.tickets.get()), by=keeper(), **{**HOW, "seen": False}).state == "check"


def test_it_is_sold_one_at_a_time_and_with_a_name():
    with pytest.raises(ActionRefused, match="1人まで"):
        shop.bought(first_day(), **{"adult-pass": 2})
    order = pass_of(first_day())
    assert order.charge.owed == 2400
    page = town.visitor().get(f"/orders/{order.secret}/ticket/").content.decode()
    assert "港 花子 様" in page
    assert "1日に1回入れます" in page


def test_its_calendar_entry_covers_whole_days_and_its_paper_names_the_days():
    slot = first_day()
    order = pass_of(slot)
    start, end = timezone.localdate(slot.starts_at), timezone.localdate(slot.ends_at)
    told = files.calendar(order, "https://hall.example").decode()
    assert f"DTSTART;VALUE=DATE:{start:%Y%m%d}" in told
    assert f"DTEND;VALUE=DATE:{end + timedelta(days=1):%Y%m%d}" in told
    assert "–" in files.span(slot)
    assert files.pdf(order).startswith(b"%PDF")


@pytest.mark.parametrize("change", [{"most": 2}, {"needs_name": False}, {"most": None}])
def test_a_pass_for_several_or_for_nobody_is_refused(change):
    known = offer().model_dump(by_alias=True) | change
    with pytest.raises(ValidationError, match="one person"):
        type(offer()).model_validate(known)
