"""An appointment: booked once, told to its case, moved, cancelled, reminded; its video link shows at its time."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from madoguchi.bookings.models import Order, Slot
from madoguchi.bookings.sales import cancelling, changing, letters, shop
from madoguchi.bookings.visits import appointment, visit
from madoguchi.cases import events
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import town

pytestmark = pytest.mark.django_db
COUNTER = "health-center-counter"
HANAKO = shop.Buyer("hanako@minatono.example", "佐藤 花子", "ja")


def slot_at(text, capacity=2, facility=COUNTER):
    start = timezone.make_aware(datetime.fromisoformat(text))
    return Slot.objects.create(
        facility=facility, offer="appointment", starts_at=start, ends_at=start + timedelta(minutes=30),
        opens_at=start - timedelta(days=21), capacity=capacity,
    )  # fmt: skip


@pytest.fixture
def morning(clock):
    clock("2026-11-24 09:00")
    return slot_at("2026-11-26 10:00")


def make(slot, *, key="k" * 32, way="counter", case=None, buyer=HANAKO, **more):
    return appointment.make(slot=slot, way=way, buyer=buyer, key=key, by=PUBLIC, case=case, **more)


def told(case):
    return [
        one.kind for one in case.events.order_by("seq") if one.kind.startswith(("appointment", "arrived", "called"))
    ]


def test_it_is_booked_once_and_told_to_the_case(morning):
    case = town.applied()
    first, again = make(morning, case=case), make(morning, case=case)
    assert first.pk == again.pk and first.state == Order.State.CONFIRMED
    assert told(case) == ["appointment-made"]
    assert appointment.coming(case) == [first]
    case.refresh_from_db()
    assert events.verify(case) is None
    morning.refresh_from_db()
    assert morning.taken == 1


def test_moving_frees_the_old_place_and_is_told(morning, clock):
    case = town.applied()
    later = slot_at("2026-11-26 11:00")
    order = make(morning, case=case)
    changing.change(order=order.pk, since=morning.pk, to=later, shown=0, by=PUBLIC)
    changing.change(order=order.pk, since=morning.pk, to=later, shown=0, by=PUBLIC)
    morning.refresh_from_db(), later.refresh_from_db()
    assert (morning.taken, later.taken) == (0, 1)
    assert told(case) == ["appointment-made", "appointment-moved"]


def test_cancelling_is_told_and_frees_the_place(morning):
    case = town.applied()
    order = make(morning, case=case)
    cancelling.cancel(order=order.pk, by=PUBLIC)
    morning.refresh_from_db()
    assert morning.taken == 0 and appointment.coming(case) == []
    assert told(case) == ["appointment-made", "appointment-cancelled"]


def test_arriving_and_being_called_are_told(morning, clock):
    case = town.applied()
    order = make(morning, case=case)
    clock("2026-11-26 09:50")
    visit.arrive(order=order, by=PUBLIC)
    visit.call_next(facility=COUNTER, desk="3", by=town.suzuki())
    assert told(case) == ["appointment-made", "arrived", "called"]
    case.refresh_from_db()
    assert events.verify(case) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"way": "fax"}, "窓口かビデオ通話か"),
        ({"way": ""}, "窓口かビデオ通話か"),
        ({"buyer": HANAKO._replace(name="")}, "お名前"),
        ({"buyer": HANAKO._replace(email="x")}, "メールアドレス"),
    ],
)
def test_what_is_missing_is_said(morning, changes, sentence):
    with pytest.raises(ActionRefused, match=sentence):
        make(morning, **changes)
    assert Order.objects.count() == 0


def test_a_case_of_another_procedure_is_refused(morning):
    with pytest.raises(ActionRefused, match="扱っていません"):
        make(morning, case=town.applied(town.LICENCE))


def test_a_full_time_is_refused(morning):
    for n in range(2):
        make(morning, key=f"{n}" * 32)
    with pytest.raises(ActionRefused) as refused:
        make(morning, key="3" * 32)
    assert refused.value.conflict


def test_a_video_link_shows_from_a_quarter_of_an_hour_before_until_the_end(morning, clock):
    order, other = make(morning, way="video"), make(morning, key="2" * 32)
    for moment, shown in [("09:44", False), ("09:45", True), ("10:30", True), ("10:31", False)]:
        link = appointment.video_link(order, clock(f"2026-11-26 {moment}"))
        assert bool(link) == shown, moment
    link = appointment.video_link(order, clock("2026-11-26 10:00"))
    assert appointment.video_key(order) in link and order.secret not in link
    assert appointment.video_link(other, clock("2026-11-26 10:00")) == ""


def test_nobody_arrives_for_a_call(morning, clock):
    order = make(morning, way="video")
    clock("2026-11-26 09:50")
    with pytest.raises(ActionRefused, match="ビデオ通話"):
        visit.arrive(order=order, by=PUBLIC)


def test_the_day_before_everybody_is_told_once(morning, clock):
    order = make(morning)
    cancelled = make(morning, key="2" * 32)
    cancelling.cancel(order=cancelled.pk, by=PUBLIC)
    assert appointment.remind_all() == 0
    clock("2026-11-25 09:17")
    assert [appointment.remind_all(), appointment.remind_all()] == [1, 0]
    letters.send(order.pk, "tomorrow")
    assert "明日の予約" in mail.outbox[-1].subject and order.reference in mail.outbox[-1].body


# ---------------------------------------------------------------- pages


def page_of(slot):
    return f"/facilities/{COUNTER}/appointments/{slot.pk}/"


def sent(**changes):
    usual = {"key": "p" * 32, "way": "counter", "name": "佐藤 花子", "email": "hanako@minatono.example", "case": ""}
    return {**usual, **changes}


def test_the_holder_of_a_case_books_about_it(morning):
    case = town.applied()
    browser = town.holder(case)
    assert f"/facilities/{COUNTER}/" in browser.get(f"/applications/{case.reference}/").content.decode()
    assert case.reference in browser.get(page_of(morning)).content.decode()
    answer = browser.post(page_of(morning), sent(case=case.reference))
    assert answer.status_code == 302
    assert "予約ができています" in browser.get(answer["Location"]).content.decode()
    assert "相談を予約しました" in browser.get(f"/applications/{case.reference}/").content.decode()


def test_somebody_elses_case_cannot_be_named(morning):
    answer = town.visitor().post(page_of(morning), sent(case=town.applied().reference))
    assert answer.status_code == 422
    assert "見つかりません" in answer.content.decode() and "佐藤 花子" in answer.content.decode()


def test_nothing_typed_is_lost(morning):
    answer = town.visitor().post(page_of(morning), sent(way="", email="wrong"))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="wrong"' in page and "佐藤 花子" in page


def test_an_officer_books_for_an_applicant_without_an_address(morning):
    case = town.applied()
    browser = town.browser_of(town.suzuki())
    url = f"/desk/sale/{COUNTER}/appointments/{morning.pk}/"
    assert browser.get(url).status_code == 200
    assert browser.post(url, sent(case=case.reference, email="")).status_code == 302
    assert "相談の予約" in browser.get(f"/desk/cases/{case.reference}/").content.decode()
    assert told(case) == ["appointment-made"]


def test_an_officer_of_another_office_cannot_book(morning):
    url = f"/desk/sale/{COUNTER}/appointments/{morning.pk}/"
    assert town.browser_of(town.kato()).post(url, sent()).status_code == 422


def test_the_shops_page_of_an_appointment_leads_to_its_own(morning):
    answer = town.visitor().get(f"/facilities/{COUNTER}/slots/{morning.pk}/")
    assert answer["Location"] == page_of(morning)


def test_the_procedure_says_where_to_ask():
    assert f"/facilities/{COUNTER}/" in town.visitor().get(f"/procedures/{town.RESTAURANT}/").content.decode()
    assert COUNTER not in town.visitor().get(f"/procedures/{town.LICENCE}/").content.decode()


def test_a_revoked_key_opens_no_case_here_either(morning):
    case = town.applied()
    browser = town.holder(case)
    type(case).objects.filter(pk=case.pk).update(key_salt=1)
    assert case.reference not in browser.get(page_of(morning)).content.decode()
    assert browser.post(page_of(morning), sent(case=case.reference)).status_code == 422


def test_an_officer_on_the_public_page_is_shown_no_cases(morning):
    case = town.applied()
    assert case.reference not in town.browser_of(town.sasaki()).get(page_of(morning)).content.decode()


def test_what_is_no_longer_offered_has_no_page(clock):
    clock("2026-11-24 09:00")
    gone = slot_at("2026-11-26 10:00", facility="closed-counter")
    assert town.visitor().get(f"/facilities/closed-counter/appointments/{gone.pk}/").status_code == 404


def test_who_moved_to_another_day_is_told_again_the_day_before(morning, clock):
    order, later = make(morning), slot_at("2026-11-30 10:00")
    clock("2026-11-25 09:17")
    assert appointment.remind_all() == 1
    changing.change(order=order.pk, since=morning.pk, to=later, shown=0, by=PUBLIC)
    assert appointment.remind_all() == 0
    clock("2026-11-29 09:17")
    assert [appointment.remind_all(), appointment.remind_all()] == [1, 0]


def test_one_address_holds_a_few_appointments_and_a_clerk_may_make_more(morning):
    slots = [slot_at(f"2026-11-27 {hour:02}:00") for hour in range(9, 14)]
    made = [make(one, key=f"{n}" * 32) for n, one in enumerate(slots[:3])]
    with pytest.raises(ActionRefused, match="これからの予約が3件"):
        make(slots[3], key="x" * 32)
    assert make(slots[2], key="2" * 32).pk == made[2].pk, "the same press again is the same appointment"
    assert make(slots[3], key="c" * 32, channel="counter").state == Order.State.CONFIRMED
    for one in (made[0], made[1]):
        cancelling.cancel(order=one.pk, by=PUBLIC)
    assert make(slots[4], key="x" * 32).state == Order.State.CONFIRMED
