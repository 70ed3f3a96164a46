"""Verbs on orders: keyword-only, `by=` the actor, one transaction; refused with a sentence."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.actions import ActionRefused
from madoguchi.cases.models import Case
from madoguchi.payments import rules
from madoguchi.payments.models import Charge, Entry
from madoguchi.people.actor import Actor

from .models import Order, Slot
from .selling import Place, sell

ENTITLED_ONCE = "order_entitled_once"
MOST_PLACES = 400
"""No order asks for more people (this town's own choice)."""


def order(
    *, slot: Slot, places: Sequence[Place], label: str, office: str, key: str, hold: timedelta, by: Actor,
    email: str = "", name: str = "", language: str = "ja", channel: str = "online", case: Case | None = None,
    entitlement: str = "", entitled: str = "", way: str = "",
) -> Order:  # fmt: skip
    """Hold places until paid; free ones are sold at once. The same key and body give the same order.

    `entitled` is the hash of the document that grants `entitlement`, which counts once for a slot.
    Raises ActionRefused: bad counts, sold out, closed, past, not yet on sale (conflict), another body under the key.
    """
    _check(places)
    now, yen = timezone.now(), sum(place.yen for place in places)
    about = [str(case.pk) if case else "", entitled, way]
    body = _hash([str(slot.pk), [list(place) for place in places], email, name, *about])
    made = Order(slot=slot, case=case, channel=channel, language=language, name=name, email=email, key=key, body=body,
                 made_at=now, held_until=now + hold if yen else None, entitlement=entitlement, entitled=entitled,
                 way=way, state=Order.State.HELD if yen else Order.State.CONFIRMED)  # fmt: skip
    charge, entry = _owed(made, slot.facility, label, office, yen, now, by) if yen else (None, None)
    try:
        if sell(order=made, places=places, now=now, charge=charge, entry=entry):
            return made
    except IntegrityError as refused:
        if ENTITLED_ONCE not in str(refused):
            raise
        if found := _seen_before(key, body):
            return found
        raise ActionRefused(_("この証明では、同じ時間の予約がすでにあります。"), conflict=True) from None
    return _seen_before(key, body) or refuse(slot, now)


def _check(places: Sequence[Place]) -> None:
    if not places or any(place.people < 1 or place.yen < 0 for place in places):
        raise ActionRefused(_("人数は1人以上で入れてください。"))
    if sum(place.people for place in places) > MOST_PLACES:
        raise ActionRefused(_("一度に予約できる人数を超えています。窓口へご相談ください。"))
    if sum(place.yen for place in places) > rules.MOST_YEN:
        raise ActionRefused(_("金額が大きすぎます。金額を確かめてください。"))


def _hash(asked: list[object]) -> str:
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()


def _owed(made: Order, code: str, label: str, office: str, yen: int, now: datetime, by: Actor) -> tuple[Charge, Entry]:
    """The charge of a new order and the first line of its ledger, as `payments.actions.open_charge` writes them."""
    charge = Charge(code=code, office=office, label=label[:200], owed=yen, opened_at=now, pay_by=made.held_until)
    made.charge = charge
    entry = Entry(charge=charge, **rules.line("owed", yen)._asdict(), at=now, actor_kind=by.kind, actor_code=by.code,
                  key=f"owed:{charge.pk}")  # fmt: skip
    return charge, entry


def _seen_before(key: str, body: str) -> Order | None:
    found = Order.objects.filter(key=key).first()
    if found is not None and found.body != body:
        raise ActionRefused(_("同じ受付番号で、違う内容が送られました。最初からやり直してください。"), conflict=True)
    return found


def refuse(slot: Slot, now: datetime) -> NoReturn:
    """Raises ActionRefused with the reason why this slot cannot be had."""
    slot.refresh_from_db()
    if slot.sold_until <= now:
        raise ActionRefused(_("この時間はもう始まりました。別の時間を選んでください。"), conflict=True)
    if slot.is_closed:
        raise ActionRefused(_("この日は休みになりました。別の日を選んでください。"), conflict=True)
    if slot.opens_at > now:
        raise ActionRefused(_("まだ受付が始まっていません。"), conflict=True)
    raise ActionRefused(_("この時間の空きが足りません。別の時間を選ぶか、人数を減らしてください。"), conflict=True)
