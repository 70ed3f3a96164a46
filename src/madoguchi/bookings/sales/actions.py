"""Verbs on orders: keyword-only, `by=` the actor, one transaction; refused with a sentence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NoReturn

import orjson
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import new_id, new_reference, new_secret
from madoguchi.payments.ledger import rules
from madoguchi.payments.ledger.opening import opening
from madoguchi.payments.models import Charge
from madoguchi.people.actor import Actor
from madoguchi.platform.once import fingerprint, same
from madoguchi.platform.refusing import ActionRefused
from madoguchi.platform.sql.rows import instance, row

from ..models import Order, Slot, Ticket
from . import letters
from .selling import Place, Sale, Sold, sell

ENTITLED_ONCE = "order_entitled_once"
MOST_PLACES = 400
"""No order asks for more people (this town's own choice)."""


def order(
    *, slot: Slot, places: Sequence[Place], label: str, office: str, key: str, hold: timedelta, by: Actor,
    email: str = "", name: str = "", language: str = "ja", channel: str = "online", case: Case | None = None,
    entitlement: str = "", entitled: str = "", way: str = "", letter: str = "",
) -> Order:  # fmt: skip
    """Hold places until paid; free ones are sold at once. The same key and body give the same order.

    `entitled` is the hash of the document that grants `entitlement`, which counts once for a slot. `letter` is queued
    with the order, where an address was given.
    Raises ActionRefused: bad counts, sold out, closed, past, not yet on sale (conflict), another body under the key.
    """
    _check(places)
    now, yen = timezone.now(), sum(place.yen for place in places)
    about = [str(case.pk) if case else "", entitled, way]
    body = fingerprint(orjson.dumps([slot.pk, [list(place) for place in places], email, name, *about]))
    until, state = (now + hold, Order.State.HELD) if yen else (None, Order.State.CONFIRMED)
    opened = (
        opening(code=slot.facility, label=label, office=office, yen=yen, at=now, pay_by=until, by=by) if yen else None
    )
    charge = opened.charge if opened else None
    made = row(Order, id=new_id(), reference=new_reference(), secret=new_secret(), slot_id=slot.pk,
               case_id=case.pk if case else None, charge_id=charge["id"] if charge else None, channel=channel,
               language=language, name=name, email=email, key=key, body=body, made_at=now, held_until=until,
               entitlement=entitlement, entitled=entitled, way=way, state=state.value)  # fmt: skip
    try:
        told = letters.job(letter, made["id"], slot.pk) if letter and email else None
        if sold := sell(Sale(made, places, opened, told)):
            return _as_written(made, sold, slot, case, charge)
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


def _as_written(
    made: dict[str, Any], sold: Sold, slot: Slot, case: Case | None, charge: dict[str, Any] | None
) -> Order:
    """The order with its slot, charge and tickets: nobody need read them again."""
    slot.capacity, slot.taken = sold.capacity, sold.taken
    opened = instance(Charge, charge, case=None) if charge else None
    order = instance(Order, made, slot=slot, case=case, charge=opened)
    if opened:
        opened._state.fields_cache["order"] = order
    tickets = Ticket.objects.filter(order_id=order.pk)  # whatever else is asked of them is asked of this order alone
    tickets._result_cache = [instance(Ticket, one, order=order, slot=slot) for one in sold.tickets]
    order.__dict__["_prefetched_objects_cache"] = {"tickets": tickets}
    return order


def _seen_before(key: str, body: str) -> Order | None:
    reused = ActionRefused(_("同じ受付番号で、違う内容が送られました。最初からやり直してください。"), conflict=True)
    found = Order.objects.select_related("slot", "charge").filter(key=key).first()
    return same(found, body, otherwise=reused) if found else None


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
