"""The API of the shop: what is offered, what is left, an order once per key, its state, cancelling."""

import json

import pytest
from django.utils import timezone

from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.models import Order, Slot, Waiting
from madoguchi.bookings.sales import cancelling
from madoguchi.payments.models import Charge
from madoguchi.people.actor import PUBLIC
from madoguchi.people.keys import case_key
from tests import shop, town

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def noon(clock):
    """A day in the town."""
    return clock("2026-11-25 12:00")


def post(path, body, key="key-1", token=""):
    headers = {"Idempotency-Key": key, **({"Authorization": f"Bearer {token}"} if token else {})}
    return town.visitor().post(f"{API}{path}", json.dumps(body), content_type="application/json", headers=headers)


def wish(slot, total=800, **changes):
    return {"slot": str(slot.pk), "tickets": {"student": 2}, "total": total, "email": "hanako@example.jp", **changes}


def test_facilities_offers_and_slots():
    make_slots(7)
    browser = town.visitor()
    lines = browser.get(f"{API}/facilities").json()
    assert {one["code"] for one in lines} == {"art-museum", "river-garden", "hill-zoo", "health-center-counter"}
    one = browser.get(f"{API}/facilities/hill-zoo", headers={"Accept-Language": "en"}).json()
    assert one["name"] == "Hilltop Zoo" and one["offers"][0]["categories"][3]["least"] == 20
    day = shop.day_of(Slot.objects.filter(facility="hill-zoo", opens_at__lte=timezone.now()).latest("starts_at"))
    slots = browser.get(f"{API}/slots", {"facility": "hill-zoo", "date": str(day)}).json()
    assert [(slot["state"], slot["left"]) for slot in slots] == [("open", 500), ("open", 400), ("open", 400)]
    assert browser.get(f"{API}/slots", {"facility": "river-garden"}).status_code == 200
    assert browser.get(f"{API}/slots", {"facility": "hill-zoo", "date": "9999-12-31"}).json() == []
    assert browser.get("/facilities/hill-zoo/days/9999-12-31/").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("/facilities/nowhere", 404), ("/slots?facility=nowhere", 404), ("/slots", 422),
     ("/slots?facility=hill-zoo&date=2026-02-31", 422),
      ("/orders/0000-0000-000", 404), ("/orders/%00", 404)],
)  # fmt: skip
def test_what_is_not_there_is_a_problem(path, status):
    answer = town.visitor().get(f"{API}{path}")
    assert answer.status_code == status and answer.headers["Content-Type"].startswith("application/problem+json")


def test_an_order_is_made_once_and_opened_by_its_token():
    slot = shop.slot()
    first, second = post("/orders", wish(slot)), post("/orders", wish(slot))
    assert first.status_code == 201 and second.json()["reference"] == first.json()["reference"]
    made = first.json()
    assert (made["state"], made["payment"]["due"], len(made["tickets"])) == ("held", 800, 2)
    assert post("/orders", wish(slot, 400, tickets={"student": 1})).status_code == 409
    path, token = f"{API}/orders/{made['reference']}", {"Authorization": f"Bearer {made['access_token']}"}
    assert town.visitor().get(path, headers=token).json()["state"] == "held"
    assert town.visitor().get(path).status_code == 404
    assert Order.objects.get().channel == "api"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"total": 1}, 409), ({"total": -800}, 409), ({"tickets": {"student": -2}}, 422), ({"tickets": {}}, 422),
        ({"tickets": {"giant": 1}}, 422), ({"tickets": {"student": 10**12}}, 422), ({"email": "nobody"}, 422),
        ({"proof": "invented"}, 422), ({"slot": "0199c9a0-0000-7000-8000-000000000000"}, 404), ({"slot": "x"}, 422),
        ({"tickets": {"child": 11}, "total": 0}, 409), ({"tickets": "all"}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_ordered_is_a_problem_and_nothing_is_made(changes, status):
    answer = post("/orders", {**wish(shop.slot()), **changes})
    assert answer.status_code == status, answer.content.decode()
    assert Order.objects.count() == 0


def test_true_is_no_number_of_people():
    slot = shop.slot()
    for path, body in (("/orders", wish(slot, 400)), (f"/slots/{slot.pk}/waiting", {"email": "hanako@example.jp"})):
        answer = post(path, {**body, "tickets": {"student": True}})
        assert answer.status_code == 422, path
        assert answer.json()["errors"][0]["detail"] == "人数は0以上の整数で入れてください。"
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_an_order_needs_a_key(key):
    assert post("/orders", wish(shop.slot()), key=key).status_code == 400


def test_cancelling_some_and_then_all():
    made = post("/orders", wish(shop.slot())).json()
    path, token = f"/orders/{made['reference']}/cancellation", made["access_token"]
    assert post(path, {"tickets": [made["tickets"][0]["number"]]}, token=token).json()["state"] == "held"
    assert post(path, {"tickets": [999]}, token=token).status_code == 422
    assert post(path, {"tickets": []}, token=token).status_code == 422
    assert post(path, {}, token="a" * 32).status_code == 404
    done = post(path, {}, token=token).json()
    assert done["state"] == "cancelled" and all(one["cancelled"] for one in done["tickets"])
    assert post(path, {}, token=token).json() == done
    assert post(path, {"tickets": [made["tickets"][0]["number"]]}, token=token).json() == done


def test_programs_wait_while_people_stand_in_line(clock, settings):
    settings.RUSH = True
    opens = clock("2026-11-25 10:00")
    slot = shop.slot(days=30, opens_at=opens)
    clock("2026-11-25 10:05")
    refused = post("/orders", wish(slot))
    assert refused.status_code == 409 and "順番待ち" in refused.json()["title"]
    assert Order.objects.count() == 0


# ---------------------------------------------------------------- appointments


def visit(slot, **changes):
    usual = {"tickets": {"appointment": 1}, "total": 0, "name": "佐藤 花子", "way": "counter"}
    return wish(slot, **{**usual, **changes})


def of(case):
    return {"reference": case.reference, "access_token": case_key(case.pk, case.key_salt)}


def test_an_appointment_is_booked_once_for_a_case(clock):
    slot, case = shop.slot(shop.COUNTER, capacity=2), town.applied(town.RESTAURANT)
    first, second = (post("/orders", visit(slot, case=of(case), way="video")) for _press in range(2))
    assert first.status_code == 201 and second.json()["reference"] == first.json()["reference"]
    made = first.json()
    assert (made["state"], made["way"], made["call"], made["payment"]) == ("confirmed", "video", "", None)
    told = case.events.filter(kind="appointment-made").get()
    assert (told.actor_kind, told.data["way"]) == ("applicant", "video")
    clock("2026-11-28 11:50")
    token = {"Authorization": f"Bearer {made['access_token']}"}
    shown = town.visitor().get(f"{API}/orders/{made['reference']}", headers=token).json()
    assert shown["call"].startswith("https://") and made["access_token"] not in shown["call"]


@pytest.mark.parametrize(
    "changes",
    [{"tickets": {"appointment": 2}}, {"tickets": {"adult": 1}}, {"tickets": {}}, {"total": 1}, {"way": ""},
     {"way": "fax"}, {"name": ""}, {"email": "x"}, {"case": {"reference": "0000-0000-000", "access_token": "a"}}],
)  # fmt: skip
def test_what_cannot_be_an_appointment_is_a_problem(changes):
    answer = post("/orders", visit(shop.slot(shop.COUNTER), **changes))
    assert answer.status_code == 422, answer.content.decode()
    assert Order.objects.count() == 0


def test_a_case_is_named_with_its_own_token_only():
    slot, mine, theirs = shop.slot(shop.COUNTER), town.applied(town.RESTAURANT), town.applied(town.RESTAURANT)
    stolen = {"reference": theirs.reference, "access_token": of(mine)["access_token"]}
    answers = [post("/orders", visit(slot, case=one)) for one in (stolen, of(town.applied(town.LICENCE)))]
    assert [one.status_code for one in answers] == [422, 422]
    assert Order.objects.count() == 0


def test_admission_is_neither_for_a_case_nor_by_video():
    assert post("/orders", wish(shop.slot(), way="video")).status_code == 422


def test_an_offer_tells_what_one_can_come_about():
    offer = town.visitor().get(f"{API}/facilities/{shop.COUNTER}").json()["offers"][0]
    assert town.RESTAURANT in offer["procedures"] and offer["ways"] == ["counter", "video"]


def paid(slot, **changes):
    """An order made and paid, with its header."""
    made = post("/orders", wish(slot, **changes)).json()
    Order.objects.filter(reference=made["reference"]).update(state="confirmed")
    Charge.objects.filter(order__reference=made["reference"]).update(paid=800)
    return made, {"Authorization": f"Bearer {made['access_token']}"}


def test_an_order_is_moved_and_moving_it_again_changes_nothing():
    slot, to = shop.slot(), shop.slot(days=5)
    made, token = paid(slot)
    url = f"{API}/orders/{made['reference']}"
    listed = town.visitor().get(f"{url}/changes", {"date": str(shop.day_of(to))}, headers=token).json()
    assert [(one["slot"]["id"], one["difference"]) for one in listed] == [(str(to.pk), 0)]
    for _time in range(2):
        moved = post(f"/orders/{made['reference']}/change", {"slot": str(to.pk), "difference": 0},
                     token=made["access_token"])  # fmt: skip
        assert moved.status_code == 200 and moved.json()["slot"]["id"] == str(to.pk)
        assert [(one["number"], one["cancelled"]) for one in moved.json()["tickets"]] == [(1, False), (2, False)]
    slot.refresh_from_db()
    assert slot.taken == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"difference": 100}, 409), ({"slot": "0199c9a0-0000-7000-8000-000000000000"}, 404), ({"difference": "x"}, 422)],
)
def test_what_cannot_be_moved_is_a_problem_and_stays(changes, status):
    slot, to = shop.slot(), shop.slot(days=5)
    made, _token = paid(slot)
    body = {"slot": str(to.pk), "difference": 0, **changes}
    assert post(f"/orders/{made['reference']}/change", body, token=made["access_token"]).status_code == status
    assert post(f"/orders/{made['reference']}/change", body, token="wrong").status_code in (404, 422)
    assert Order.objects.get().slot_id == slot.pk


def test_waiting_for_a_sold_out_slot_is_asked_looked_at_and_stopped():
    slot = shop.slot(capacity=2)
    shop.bought(slot, student=2)
    body = {"tickets": {"student": 2}, "email": "waits@example.jp"}
    made = post(f"/slots/{slot.pk}/waiting", body)
    assert made.status_code == 201 and (made.json()["state"], made.json()["people"]) == ("waiting", 2)
    token = {"Authorization": f"Bearer {made.json()['access_token']}"}
    url = f"{API}/waiting"
    assert town.visitor().get(url, headers=token).json()["state"] == "waiting"
    assert town.visitor().get(url).status_code == 404
    assert post(f"/slots/{slot.pk}/waiting", body, key="").status_code == 409
    stopped = post("/waiting/cancellation", {}, token=made.json()["access_token"])
    assert stopped.json()["state"] == "left"


def test_a_place_in_the_line_is_given_again_to_who_has_its_key():
    slot = shop.slot(capacity=2)
    shop.bought(slot, student=2)
    body, path = {"tickets": {"student": 2}, "email": "waits@example.jp"}, f"/slots/{slot.pk}/waiting"
    made = post(path, body, key="of-one-program")
    assert post(path, body, key="of-one-program").json() == made.json()
    assert post(path, body, key="of-another").status_code == 409
    assert post(path, {**body, "tickets": {"student": 1}}, key="of-one-program").status_code == 409
    assert post(path, body, key="x" * 197).status_code == 400
    assert Waiting.objects.count() == 1


def test_who_was_offered_places_reads_the_order():
    slot = shop.slot(capacity=2)
    sold = shop.bought(slot, student=2)
    made = post(f"/slots/{slot.pk}/waiting", {"tickets": {"student": 2}, "email": "waits@example.jp"}).json()
    cancelling.cancel(order=sold.pk, by=PUBLIC)
    token = {"Authorization": f"Bearer {made['access_token']}"}
    told = town.visitor().get(f"{API}/waiting", headers=token).json()
    assert told["state"] == "offered"
    order = town.visitor().get(f"{API}/orders/{told['order']['reference']}",
                               headers={"Authorization": f"Bearer {told['order']['access_token']}"})  # fmt: skip
    assert order.json()["state"] == "held"


@pytest.mark.parametrize("changes", [{"tickets": {}}, {"tickets": {"giant": 1}}, {"email": "nobody"}, {"proof": "no"}])
def test_what_cannot_be_waited_for_is_a_problem(changes):
    slot = shop.slot(capacity=2)
    shop.bought(slot, student=2)
    body = {"tickets": {"student": 2}, "email": "waits@example.jp", **changes}
    assert post(f"/slots/{slot.pk}/waiting", body).status_code == 422
    fitting = {"tickets": {"student": 2}, "email": "waits@example.jp"}
    assert post(f"/slots/{shop.slot(days=6).pk}/waiting", fitting).status_code == 409


def test_an_appointment_has_no_waiting_list():
    slot = shop.slot(shop.COUNTER, capacity=0)
    body = {"tickets": {"appointment": 1}, "email": "waits@example.jp", "name": "港 花子"}
    assert "空き待ちがありません" in post(f"/slots/{slot.pk}/waiting", body).json()["title"]
