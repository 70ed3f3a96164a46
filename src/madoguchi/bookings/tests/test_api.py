"""The API of the shop: what is offered, what is left, an order once per key, its state, cancelling."""

import json

import pytest
from django.utils import timezone

from madoguchi.bookings.making import make_slots
from madoguchi.bookings.models import Order, Slot
from tests import shop, town

pytestmark = pytest.mark.django_db
API = "/api/v1"


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
    assert [(slot["state"], slot["left"]) for slot in slots] == [("open", 400)] * 2
    assert browser.get(f"{API}/slots", {"facility": "river-garden"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/facilities/nowhere", 404), ("/slots?facility=nowhere", 404), ("/slots", 422),
     ("/slots?facility=hill-zoo&date=2026-02-31", 422), ("/orders/0000-0000-000", 404), ("/orders/%00", 404)],
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
    assert post(path, {}, token=token).status_code == 409
