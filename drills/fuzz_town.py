"""What a fuzzed hall holds, made in its own process: cases, orders, payments and places in a line, with their tokens.

Prints one JSON object: operation → what opens it (`path`, `token`) and bodies that are accepted.
"""

import base64
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django

CASES, SLOTS = 12, 8


def main() -> None:
    """Make everything and tell of it."""
    django.setup()
    made = {**_applications(), **_bookings()}
    json.dump(made, sys.stdout, ensure_ascii=False)


def _applications() -> dict[str, Any]:
    from madoguchi.cases.actions import ask_correction
    from madoguchi.foundation.dates import today
    from tests import town

    cases = [town.applied() for _number in range(CASES)]
    for case in cases[: CASES // 2]:
        ask_correction(
            case,
            items=[("trade_name", "確かめてください。"), ("seats", "確かめてください。")],
            answer_by=today() + timedelta(days=14),
            by=town.sasaki(),
        )
    credential = town.decided(town.applied(town.BARBER))
    pdf = base64.b64encode(bytes(credential.pdf)).decode()
    held = [_opened(case) for case in cases]
    asked, open_ones = held[: CASES // 2], held[CASES // 2 :]
    notified = _opened(credential.case)
    return {
        "get_application": {"opens": [*held, notified]},
        "correct_application": {
            "opens": asked,
            "bodies": [{"answers": {"trade_name": "新しい店", "seats": 20}}, {"answers": {}, "right": ["seats"]}],
        },
        "withdraw_application": {"opens": open_ones},
        "rate_application": {"opens": held, "bodies": [{"score": 4}, {"score": 1, "comment": "長かった。"}]},
        "get_document": {"opens": [{**notified, "path": {**notified["path"], "number": credential.pk}}]},
        "verify_document": {"files": [pdf]},
        "upload_file": {"files": [base64.b64encode(town.small_file(kind)).decode() for kind in ("pdf", "png")]},
        **{name: {"opens": list(_charges(cases))} for name in ("get_payment", "start_payment")},
    }


def _opened(case: Any) -> dict[str, Any]:
    from madoguchi.people.keys import case_key

    return {"path": {"reference": case.reference}, "token": case_key(case.pk, case.key_salt)}


def _charges(cases: list[Any]) -> Iterator[dict[str, Any]]:
    from tests import paying

    for case in cases[CASES // 2 :]:
        if charge := paying.charged(case):
            yield {"path": {"charge": charge.reference}, "token": charge.secret}


def _bookings() -> dict[str, Any]:
    from tests import shop, town

    slots = [shop.slot(days=3, hours=number, capacity=500) for number in range(SLOTS)]
    full = shop.slot(days=4, capacity=2)
    shop.bought(full, adult=2, email="first@example.jp")
    orders = [shop.bought(slot, adult=2, email=f"buyer{n}@example.jp") for n, slot in enumerate(slots)]
    for order in orders[: SLOTS // 2]:
        _paid(order, town)
    opens = [{"path": {"order": one.reference}, "token": one.secret} for one in orders]
    price = orders[0].charge.owed
    order = {"slot": str(slots[0].pk), "tickets": {"adult": 2}, "total": price, "email": "fuzz@example.jp"}
    waiting = {"tickets": {"adult": 1}, "email": "wait@example.jp"}
    return {
        "make_order": {"bodies": [order, {**order, "name": "港 花子", "tickets": {"child": 1}, "total": 0}]},
        "get_order": {"opens": opens},
        "list_changes": {"opens": opens[: SLOTS // 2]},
        "cancel_order": {"opens": opens, "bodies": [{}, {"tickets": [1]}]},
        "change_order": {"opens": opens, "bodies": [{"slot": str(one.pk), "difference": 0} for one in slots]},
        "wait_for_slot": {"opens": [{"path": {"slot": str(full.pk)}, "token": ""}], "bodies": [waiting]},
        "list_slots": {"opens": [{"query": {"facility": full.facility}, "token": ""}]},
        "get_facility": {"opens": [{"path": {"code": full.facility}, "token": ""}]},
        "get_waiting": {"opens": (waiting_ones := _waiting(full))},
        "stop_waiting": {"opens": waiting_ones},
    }


def _paid(order: Any, town: Any) -> None:
    from madoguchi.bookings.sales.holds import confirm
    from madoguchi.people.actor import worker
    from tests import paying

    paying.pays(order.charge)
    confirm(order=order.pk, by=worker("bookings"))


def _waiting(full: Any) -> list[dict[str, Any]]:
    from madoguchi.bookings.sales import waiting
    from madoguchi.bookings.sales.shop import Buyer
    from madoguchi.people.actor import PUBLIC

    made = [
        waiting.ask(slot=full, wanted={"adult": 1}, buyer=Buyer(f"w{n}@example.jp", "", "ja"), by=PUBLIC)
        for n in range(SLOTS)
    ]
    return [{"path": {}, "token": one.secret} for one in made]


if __name__ == "__main__":
    main()
