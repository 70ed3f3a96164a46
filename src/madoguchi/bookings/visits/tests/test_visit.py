"""The touchless visit: arriving by one's own phone, the call, the board, and an honest waiting time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from madoguchi.bookings.models import Order, Visit
from madoguchi.bookings.visits.waiting_time import estimate
from tests import gate, town

pytestmark = pytest.mark.django_db
OFFICE = "chuo-counter"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(clock):
    return clock(gate.NOON)


@pytest.fixture
def officer():
    return town.browser_of(town.suzuki())


def appointment(at=gate.NOON, **order):
    return gate.sold("appointment", in_slot=gate.slot(OFFICE, at, hours=1, offer="appointment"), **order)


def arrives(order, browser=None):
    return (browser or town.visitor()).post(f"/visit/{order.secret}/")


def calls(officer, desk="3", what="call", seen=None):
    """A press on the page as it stands now."""
    here = Visit.objects.filter(desk=desk.replace("\0", ""), called_at__isnull=False, ended_at=None).first()
    seen = seen if seen is not None else here.pk if here else ""
    return officer.post(f"/desk/gate/{OFFICE}/visits/", {"desk": desk, "what": what, "seen": seen})


def board(language=""):
    return town.visitor().get(f"{language}/board/{OFFICE}/")


def page(order):
    return town.visitor().get(f"/visit/{order.secret}/").content.decode()


# ---------------------------------------------------------------- arriving


def test_opening_the_link_changes_nothing_and_the_press_arrives_once():
    order = appointment()
    assert "到着を知らせる" in page(order)
    order.refresh_from_db()
    assert order.arrived_at is None
    for _press in range(2):
        assert arrives(order).status_code == 302
    order.refresh_from_db()
    assert order.arrived_at == timezone.now()
    assert Visit.objects.get().number == 1
    assert "到着を受け付けました" in page(order)


def test_another_sites_page_cannot_arrive_for_somebody():
    order = appointment()
    answer = town.visitor().post(f"/visit/{order.secret}/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("at", "state", "sentence"),
    [
        ("2026-07-02 12:00", "confirmed", "予約の日は今日ではありません"),
        ("2026-07-01 13:01", "confirmed", "まだ早い"),
        ("2026-07-01 10:29", "confirmed", "予約の時刻を過ぎています"),
        (gate.NOON, "cancelled", "有効ではありません"),
    ],
)
def test_who_cannot_arrive_is_told_why(at, state, sentence):
    order = appointment(at, state=state)
    assert sentence in page(order)
    answer = arrives(order)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Visit.objects.exists()


def test_an_arrival_is_taken_back_until_somebody_calls(officer):
    order = appointment()
    arrives(order)
    town.visitor().post(f"/visit/{order.secret}/", {"leave": "1"})
    order.refresh_from_db()
    assert order.arrived_at is None
    arrives(order)
    calls(officer)
    assert town.visitor().post(f"/visit/{order.secret}/", {"leave": "1"}).status_code == 409


def test_a_ticket_to_a_museum_has_no_visit_page():
    assert town.visitor().get(f"/visit/{gate.sold().secret}/").status_code == 404


def test_the_poster_at_the_entrance_knows_the_phone_that_has_shown_its_appointment():
    order, phone = appointment(), town.visitor()
    assert "見つかりませんでした" in phone.get(f"/entrance/{OFFICE}/").content.decode()
    phone.get(f"/orders/{order.secret}/ticket/")
    assert phone.get(f"/entrance/{OFFICE}/").url == f"/visit/{order.secret}/"
    gate.slot("elsewhere")
    assert phone.get("/entrance/elsewhere/").status_code == 200
    phone.cookies["visit"] = "altered"
    assert phone.get(f"/entrance/{OFFICE}/").status_code == 200


def test_the_poster_goes_on_in_the_language_of_the_booking():
    order, phone = appointment(language="en"), town.visitor()
    phone.get(f"/orders/{order.secret}/ticket/")
    assert phone.get(f"/entrance/{OFFICE}/").url == f"/en/visit/{order.secret}/"
    assert phone.get(f"/ja-easy/entrance/{OFFICE}/").url == f"/ja-easy/visit/{order.secret}/"


@pytest.mark.parametrize("language", ["", "/en", "/ja-easy"])
def test_the_poster_speaks_three_languages_whatever_the_officer_reads(officer, language):
    appointment()
    page = officer.get(f"{language}/desk/gate/{OFFICE}/poster/").content.decode()
    poster = page[page.index("poster__qr") :]
    assert f"http://127.0.0.1:8000/entrance/{OFFICE}/<" in poster
    assert "押すものも、触るものもありません。" in poster
    assert "nothing to press or to touch" in poster
    assert poster.count("<rt>") > 8  # easy Japanese, with its readings once
    assert f"/desk/gate/{OFFICE}/poster/" in officer.get(f"/desk/gate/{OFFICE}/visits/").content.decode()


def test_there_is_no_poster_where_nobody_comes_with_an_appointment(officer):
    gate.slot(OFFICE, offer="entry")
    assert officer.get(f"/desk/gate/{OFFICE}/poster/").status_code == 404
    assert "poster" not in officer.get(f"/desk/gate/{OFFICE}/visits/").content.decode()


# ---------------------------------------------------------------- the call and the board


def test_the_earliest_appointment_is_called_first(officer):
    late, early = appointment("2026-07-01 12:30"), appointment("2026-07-01 12:00")
    arrives(late)
    arrives(early)
    calls(officer)
    assert "窓口 3 へお越しください" in page(early)
    assert "到着を受け付けました" in page(late)
    shown = board().content.decode()
    assert 'board__number">2<' in shown
    assert 'board__next">1<' in shown
    assert board().headers["Refresh"] == "10"


def test_the_board_shows_numbers_and_no_names(officer):
    arrives(appointment(name="窓口 花子", email="hanako@minatono.example"))
    calls(officer)
    assert "花子" not in board().content.decode()
    assert "hanako" not in board().content.decode()
    assert {board(language).status_code for language in ("", "/en", "/ja-easy")} == {200}


def test_the_next_call_ends_the_one_before(officer):
    for _visitor in range(2):
        arrives(appointment())
    calls(officer)
    calls(officer)
    first, second = Visit.objects.order_by("number")
    assert first.ended_at is not None
    assert second.ended_at is None
    calls(officer, what="absent")
    second.refresh_from_db()
    assert second.is_absent
    assert "ご利用ありがとうございました" in page(first.order)


def test_a_second_press_does_not_send_away_who_was_just_called(officer):
    for _visitor in range(2):
        arrives(appointment())
    calls(officer)
    answer = calls(officer, seen="")
    assert answer.status_code == 409
    assert "対応が続いています" in answer.content.decode()
    assert Visit.objects.filter(ended_at__isnull=False).count() == 0


def test_two_desks_call_two_people(officer):
    for _visitor in range(2):
        arrives(appointment())
    calls(officer, "1")
    calls(officer, "2")
    assert set(Visit.objects.values_list("desk", "ended_at")) == {("1", None), ("2", None)}
    assert calls(officer, "1").status_code == 302  # nobody waits: the desk is free again
    assert Visit.objects.filter(ended_at=None).get().desk == "2"


@pytest.mark.parametrize(
    ("desk", "told"),
    [
        ("", "窓口の番号を入力"), (" ", "窓口の番号を入力"), ("\u3164", "窓口の番号を入力"), ("1" * 21, "20文字以内"),
        ("\0", "画面に表示できない文字"),
    ],
    ids=["none", "blank", "unseen", "long", "nul"],
)  # fmt: skip
def test_a_call_needs_a_desk(officer, desk, told):
    arrives(appointment())
    answer = calls(officer, desk)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_the_database_keeps_one_visitor_at_a_desk():
    first, second = appointment(), appointment()
    for order in (first, second):
        arrives(order)
    now = timezone.now()
    Visit.objects.filter(order=first).update(desk="1", called_at=now)
    with pytest.raises(IntegrityError, match="visit_one_at_a_desk"), transaction.atomic():
        Visit.objects.filter(order=second).update(desk="1", called_at=now)


def test_the_public_cannot_call():
    appointment()
    assert town.visitor().post(f"/desk/gate/{OFFICE}/visits/", {"desk": "1"}).status_code == 302  # to sign in
    assert not Visit.objects.filter(called_at__isnull=False).exists()


# ---------------------------------------------------------------- the waiting time


def test_the_waiting_time_is_unknown_without_enough_visits():
    assert estimate([10 * MINUTE] * 4, [], ahead=3, desks=1) is None
    arrives(order := appointment())
    assert "まだ分かりません" in page(order)


def test_todays_visits_count_before_those_of_the_last_weeks():
    assert estimate([10 * MINUTE] * 5, [60 * MINUTE] * 50, ahead=2, desks=1) == 20
    assert estimate([10 * MINUTE] * 2, [30 * MINUTE] * 3, ahead=1, desks=1) == 30
    assert estimate([10 * MINUTE] * 5, [], ahead=3, desks=2) == 15
    assert estimate([timedelta(seconds=61)] * 5, [], ahead=1, desks=1) == 2


def test_the_page_tells_the_median_of_the_day(officer, clock):
    for _visitor in range(6):
        arrives(appointment())
    for minute in range(0, 30, 5):
        clock(f"2026-07-01 12:{minute:02}")
        calls(officer)
    arrives(order := appointment())
    assert "約5分" in page(order)
    assert Order.objects.filter(arrived_at__isnull=False).count() == 7
