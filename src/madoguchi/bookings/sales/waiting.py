"""The waiting list of a slot that is sold out: the first whose number fits gets free places, before anybody else.

Places are offered in the transaction that frees them, under the slot's lock: nobody slips in between.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from madoguchi.foundation.identifiers import new_secret
from madoguchi.people.actor import PUBLIC, Actor
from madoguchi.platform.each import each
from madoguchi.platform.refusing import ActionRefused

from ..kinds import APPOINTMENT
from ..models import Order, Slot, Waiting
from . import actions, entitlement, letters, shop

OFFERED_FOR = timedelta(minutes=30)
MOST_WAITING = 500
"""A longer line helps nobody (this town's own choice)."""


@transaction.atomic
def ask(
    *,
    slot: Slot,
    wanted: Mapping[str, int],
    buyer: shop.Buyer,
    by: Actor,
    proof: shop.Proof | None = None,
    key: str = "",
) -> Waiting:
    """Wait for places in a slot that has too few; the same `key` for the same slot and address finds who waits.

    Raises ActionRefused: there are enough, or one waits already.
    """
    secret = _secret_of(key, slot, buyer) if key else new_secret()
    known = Waiting.objects.filter(secret=secret).first() if key else None
    if known and known.wanted == dict(wanted):
        return known
    if slot.offer == APPOINTMENT:
        raise ActionRefused(_("窓口の予約には、空き待ちがありません。別の時間を選んでください。"))
    offered = shop.offered(slot)
    quote, buyer = shop.quote(offered, wanted, proof), shop.checked(offered, buyer, "online")
    slot, now = Slot.objects.select_for_update().get(pk=slot.pk), timezone.now()
    if slot.is_closed or slot.starts_at <= now or slot.opens_at > now:
        actions.refuse(slot, now)
    if quote.people > slot.capacity:
        raise ActionRefused(_("この時間の定員を超えています。人数を減らしてください。"))
    line = Waiting.objects.filter(slot=slot, offered_at__isnull=True, left_at__isnull=True)
    if quote.people <= slot.left:
        raise ActionRefused(_("いまは空きがあります。そのまま予約できます。"), conflict=True)
    if line.count() >= MOST_WAITING:
        raise ActionRefused(_("空き待ちの方が多いため、受け付けられません。別の時間を選んでください。"), conflict=True)
    try:
        with transaction.atomic():
            return Waiting.objects.create(
                slot=slot, places=quote.people, wanted=dict(wanted), asked_at=now, secret=secret, **buyer._asdict(),
                entitlement=proof.code if proof else "", entitled=proof.document if proof else "",
            )  # fmt: skip
    except IntegrityError:
        raise ActionRefused(_("このメールアドレスでは、この時間をすでに待っています。"), conflict=True) from None


def _secret_of(key: str, slot: Slot, buyer: shop.Buyer) -> str:
    """What opens the place of this key: derived, so that who repeats it has the same answer and nobody else has it."""
    return salted_hmac("waiting", f"{slot.pk} {buyer.email} {key}", algorithm="sha256").hexdigest()[:40]


@transaction.atomic
def leave(*, waiting: Waiting, by: Actor) -> None:
    """Wait no longer; nothing happens a second time, or once places were offered."""
    Waiting.objects.filter(pk=waiting.pk, left_at__isnull=True, offered_at__isnull=True).update(left_at=timezone.now())


@transaction.atomic
def offer_places(slot: UUID) -> int:
    """Offer what is free to those who wait, first come, as far as it fits. How many were offered something."""
    found, now, offered = Slot.objects.select_for_update().get(pk=slot), timezone.now(), 0
    if found.is_closed or found.starts_at <= now:
        return 0
    line = Waiting.objects.filter(slot=found, offered_at__isnull=True, left_at__isnull=True)
    for one in line.filter(places__lte=found.left).order_by("asked_at", "pk"):
        if one.places <= found.left and (made := _offer(one, found, now)):
            found.refresh_from_db()
            letters.queue("offered" if made.state == Order.State.HELD else "confirmed", made)
            offered += 1
    return offered


def offer_all() -> int:
    """Offer what became free in another way than by cancelling: a capacity that a definition raised. Safe to repeat."""
    fits = Waiting.objects.filter(
        offered_at__isnull=True,
        left_at__isnull=True,
        slot__is_closed=False,
        slot__starts_at__gt=timezone.now(),
        slot__capacity__gte=F("slot__taken") + F("places"),
    )
    return sum(each(fits.values_list("slot", flat=True).distinct(), offer_places))


def _offer(one: Waiting, slot: Slot, now: datetime) -> Order | None:
    """An order held for who waits; None where the definition changed so much that it cannot be made."""
    try:
        with override(one.language):
            offered = shop.offered(slot)
            quote = shop.quote(offered, one.wanted, entitlement.still(one, offered))
            one.order = actions.order(
                slot=slot, places=quote.places, label=shop.label(quote), office=quote.facility.office,
                key=f"waiting:{one.pk}", hold=OFFERED_FOR, by=PUBLIC, name=one.name, email=one.email,
                language=one.language, entitlement=one.entitlement, entitled=one.entitled,
            )  # fmt: skip
    except ActionRefused:
        return None
    one.offered_at = now
    one.save(update_fields=["order", "offered_at"])
    return one.order
