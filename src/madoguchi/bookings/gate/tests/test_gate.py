"""The gate as the server sees it: the day's list, what phones tell afterwards, and the page without scripts."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from madoguchi.bookings.gate.issuing import text_of
from madoguchi.bookings.gate.ticket import PREFIX, base45, unbase45
from madoguchi.bookings.models import Order, Scan
from tests import gate, town

pytestmark = pytest.mark.django_db
PAGE = f"/desk/gate/{gate.MUSEUM}/"


@pytest.fixture(autouse=True)
def noon(clock):
    return clock(gate.NOON)


@pytest.fixture
def phone():
    return town.browser_of(town.suzuki())


def told(ticket, outcome="admitted", *, device="phone-a", at=gate.NOON, key=None):
    moment = (gate.moment(at) if isinstance(at, str) else at).isoformat()
    return {
        "key": key or f"{device}:{uuid4()}", "ticket": str(ticket.pk), "gate": "正面", "device": device, "at": moment,
        "outcome": outcome,
    }  # fmt: skip


def send(phone, *scans, page=PAGE):
    return phone.post(f"{page}scans/", json.dumps({"scans": scans}), content_type="application/json")


# ---------------------------------------------------------------- the list of the day


def test_the_list_has_todays_tickets_by_id_and_no_names(phone):
    today = gate.ticket(name="窓口 花子", email="hanako@minatono.example")
    tomorrow = gate.ticket(in_slot=gate.slot(at="2026-07-02 12:00"))
    gone = gate.ticket(state=Order.State.CANCELLED)
    answer = phone.get(f"{PAGE}day.json")
    day = answer.json()
    assert day["tickets"] == [today.pk.hex]
    assert day["cancelled"] == [gone.pk.hex]
    assert tomorrow.pk.hex not in answer.content.decode()
    assert "花子" not in answer.content.decode("unicode_escape")
    assert day["now"] == gate.moment(gate.NOON).timestamp() * 1000
    assert list(day["keys"]) == ["1"] or len(day["keys"]) >= 1


def test_the_list_tells_who_is_already_inside(phone):
    inside, out = gate.ticket(), gate.ticket()
    send(phone, told(inside), told(out), told(out, "undone", at="2026-07-01 12:00:05"))
    assert [entry[0] for entry in phone.get(f"{PAGE}day.json").json()["admitted"]] == [inside.pk.hex]


def test_a_facility_that_never_had_a_slot_has_no_gate(phone):
    assert phone.get("/desk/gate/nowhere/").status_code == 404


def test_only_this_page_may_use_the_camera(phone):
    gate.slot()
    assert "camera=(self)" in phone.get(PAGE).headers["Permissions-Policy"]
    assert "camera=()" in phone.get("/desk/gate/").headers["Permissions-Policy"]
    assert gate.MUSEUM in phone.get("/desk/gate/").content.decode()


def test_what_the_script_puts_into_the_page_carries_no_readings(phone):
    """Readings are markup; the script takes plain text, which would show them as brackets."""
    gate.slot()
    page = phone.get(f"/ja-easy{PAGE}").content.decode()
    plain = re.findall(r"<template data-(?:text|category|facility)=.*?</template>", page, re.DOTALL)
    assert len(plain) > 10
    assert "<rt>" not in "".join(plain)
    assert "<rt>" in page


def test_the_names_of_all_facilities_travel_with_the_page(phone):
    gate.slot()
    for language, name in [("", "みなと野県立美術館"), ("/en", "Minatono Prefectural Museum of Art")]:
        page = phone.get(f"{language}{PAGE}").content.decode()
        assert f'<template data-facility="art-museum" translate="no">{name}</template>' in page


def test_the_desk_lists_todays_gates_and_queues_and_how_many_tickets_were_used_twice(phone):
    ticket, _counter = gate.ticket(), gate.slot("counter", offer="appointment")
    gate.slot("tomorrow", at="2026-07-02 12:00")
    for device in ("phone-a", "phone-b"):
        send(phone, told(ticket, device=device))
    page = " ".join(phone.get("/desk/gate/").content.decode().split())
    assert "2か所で使われたチケット 1" in page
    assert "/desk/gate/counter/visits/" in page
    assert f"/desk/gate/{gate.MUSEUM}/visits/" not in page
    assert "tomorrow" not in page


# ---------------------------------------------------------------- what phones tell


def test_a_scan_counts_once_however_often_it_is_told(phone):
    scan = told(gate.ticket())
    assert send(phone, scan).json()["kept"] == [scan["key"]]
    assert send(phone, scan, scan).json()["kept"] == [scan["key"]]
    assert Scan.objects.count() == 1


def test_a_key_that_came_before_with_something_else_is_refused(phone):
    first, other = gate.ticket(), gate.ticket()
    send(phone, told(first, key="phone-a:1"))
    assert send(phone, told(other, key="phone-a:1")).json()["refused"] == ["phone-a:1"]
    assert Scan.objects.get().ticket == first


def test_tickets_of_nobody_and_of_another_facility_are_refused_and_the_rest_is_kept(phone):
    zoo, ours = gate.ticket(in_slot=gate.slot("zoo")), gate.ticket()
    nobodys = told(ours) | {"ticket": str(uuid4())}
    foreign, good = told(zoo), told(ours)
    answer = send(phone, nobodys, foreign, good).json()
    assert answer["kept"] == [good["key"]]
    assert set(answer["refused"]) == {nobodys["key"], foreign["key"]}


def test_nobody_enters_in_the_future(phone):
    send(phone, told(gate.ticket(), at="2026-07-01 18:00"))
    assert Scan.objects.get().at == gate.moment(gate.NOON)


def test_a_ticket_used_at_two_gates_is_flagged_and_undoing_one_clears_it(phone):
    ticket = gate.ticket("student")
    send(phone, told(ticket, device="phone-a"))
    answer = send(phone, told(ticket, device="phone-b", at="2026-07-01 11:59")).json()
    assert [one["number"] for one in answer["twice"]] == [ticket.number]
    assert f"番号 {ticket.number}" in phone.get(PAGE).content.decode()
    assert send(phone, told(ticket, "undone", device="phone-b")).json()["twice"] == []


def test_a_phone_that_tells_after_midnight_is_heard(phone, clock):
    ticket = gate.ticket()
    send(phone, told(ticket, device="phone-a"))
    clock("2026-07-02 09:00")
    phone = town.browser_of(town.suzuki())
    answer = send(phone, told(ticket, device="phone-b", at="2026-07-01 11:59")).json()
    assert [one["number"] for one in answer["twice"]] == [ticket.number]
    clock("2026-07-04 09:00")
    phone = town.browser_of(town.suzuki())
    assert send(phone, told(ticket, "again", device="phone-b", at="2026-07-04 08:59")).json()["twice"] == []


def test_the_same_ticket_on_two_days_is_not_flagged(phone):
    ticket = gate.ticket()
    yesterday = gate.moment(gate.NOON) - timedelta(days=1)
    send(phone, told(ticket, device="phone-a", at=yesterday))
    assert send(phone, told(ticket, device="phone-b")).json()["twice"] == []


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"scans": 1}', b'{"scans": [{}]}', "{\"scans\": [\"あ\"]}".encode(), b"\xff\xfe",
     b'{"scans":[{"key":"aaaaaaaa","ticket":"x","gate":"","device":"a","at":"now","outcome":"stolen"}]}'],
)  # fmt: skip
def test_what_cannot_be_read_gets_a_sentence(phone, body):
    gate.slot()
    answer = phone.post(f"{PAGE}scans/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_nul_in_the_gates_name_is_refused(phone):
    scan = told(gate.ticket()) | {"gate": "a\0b"}
    assert send(phone, scan).status_code == 422
    answer = phone.post(PAGE, {"ticket": "\0", "gate": "\0", "undo": "a\0"})
    assert "読み取れません" in answer.content.decode()


def test_the_scans_need_the_token():
    gate.slot()
    browser = Client(enforce_csrf_checks=True, headers=town.SAME_SITE)
    browser.force_login(town.suzuki().officer)
    assert send(browser).status_code == 403
    token = browser.get(f"{PAGE}day.json").json()["token"]
    sent = browser.post(
        f"{PAGE}scans/", '{"scans": []}', content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert sent.status_code == 200


# ---------------------------------------------------------------- without scripts


def show(phone, ticket="", **fields):
    text = ticket if isinstance(ticket, str) else text_of(ticket)
    return phone.post(PAGE, {"ticket": text, "gate": "正面", **fields})


def test_a_typed_ticket_is_admitted_once(phone):
    ticket = gate.ticket()
    assert "入場できます" in show(phone, ticket).content.decode()
    assert "入場済みです" in show(phone, ticket).content.decode()
    assert list(Scan.objects.order_by("pk").values_list("outcome", flat=True)) == ["admitted", "again"]


def test_who_needs_a_check_is_shown_before_being_admitted(phone):
    ticket = gate.ticket("student", people=1)
    first = show(phone, ticket).content.decode()
    assert "学生証を見せてもらってください。" in first
    assert not Scan.objects.exists()
    assert "入場できます" in show(phone, ticket, seen="1").content.decode()


def test_a_wrong_scan_is_undone(phone):
    ticket = gate.ticket()
    show(phone, ticket)
    key = Scan.objects.get().key
    for _press in range(2):
        assert "取り消しました" in phone.post(PAGE, {"undo": key}).content.decode()
    assert Scan.objects.count() == 2
    assert "入場できます" in show(phone, ticket).content.decode()


def test_another_officers_scan_is_not_undone(phone):
    show(phone, gate.ticket())
    other = town.browser_of(town.sasaki())
    other.post(PAGE, {"undo": Scan.objects.get().key})
    assert Scan.objects.count() == 1


def test_another_facilitys_ticket_is_shown_by_that_facilitys_names(phone):
    gate.slot()
    child = gate.ticket("child", in_slot=gate.slot("art-museum"))
    said = show(phone, child).content.decode()
    assert "みなと野県立美術館" in said
    assert "中学生以下" in said


def test_the_server_knows_every_key_so_another_number_is_nobodys(phone):
    ticket = gate.ticket()
    text = text_of(ticket)
    signed = bytearray(unbase45(text))
    signed[1:3] = (999).to_bytes(2)
    assert "本物ではありません" in show(phone, PREFIX + base45(bytes(signed))).content.decode()
    assert not Scan.objects.exists()


def test_each_refusal_is_said_in_words(phone, clock):
    gate.slot()
    ticket = gate.ticket()
    said = {
        "読み取れません": "何かほかの二次元コード",
        "本物ではありません": text_of(ticket)[:-1] + "0" if text_of(ticket)[-1] != "0" else text_of(ticket)[:-1] + "1",
        "ほかの施設です": gate.ticket(in_slot=gate.slot("zoo")),
        "日が違います": gate.ticket(in_slot=gate.slot(at="2026-07-03 12:00")),
        "まだ早いです": gate.ticket(in_slot=gate.slot(at="2026-07-01 15:00")),
        "時刻を過ぎました": gate.ticket(in_slot=gate.slot(at="2026-07-01 09:00")),
        "取り消されています": gate.ticket(state=Order.State.CANCELLED),
    }
    for sentence, shown in said.items():
        assert sentence in show(phone, shown).content.decode(), sentence
    assert not Scan.objects.exists()
