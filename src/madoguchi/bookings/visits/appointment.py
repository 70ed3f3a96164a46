"""Appointments at a real counter or by video, tied to a procedure and, where there is one, a case."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.people.actor import Actor
from madoguchi.platform.each import each
from madoguchi.platform.refusing import ActionRefused

from ..facilities.directory import facilities, offer_of
from ..facilities.format import Facility
from ..kinds import APPOINTMENT
from ..models import Order, Slot
from ..sales import actions, address, letters, shop
from ..sales.selling import Place
from ..sales.telling import tell_case

VIDEO = "video"
LINK_BEFORE = timedelta(minutes=15)
"""So long before its beginning a video appointment shows its link; this town's own choice."""


def counters_for(procedure: str) -> list[Facility]:
    """The counters at which one can book an appointment about a procedure."""
    return [one for one in facilities().values() if (offer := one.offer(APPOINTMENT)) and procedure in offer.procedures]


def coming(case: Case) -> list[Order]:
    """The appointments of a case that are still to come, or being held today."""
    since = timezone.now() - timedelta(hours=1)
    open_ones = case.bookings.filter(state=Order.State.CONFIRMED, slot__ends_at__gte=since)
    return list(open_ones.select_related("slot").order_by("slot__starts_at"))


def about(slot: Slot, cases: Iterable[Case]) -> list[Case]:
    """Those of the cases that one can come about."""
    offer = offer_of(slot)
    return [one for one in cases if offer and one.procedure in offer.procedures]


def make(
    *, slot: Slot, way: str, buyer: shop.Buyer, key: str, by: Actor, case: Case | None = None, channel: str = "online"
) -> Order:
    """Book an appointment, once per key; told to the record of its case. Raises ActionRefused.

    Whether `by` may act for the case is the caller's to know (the key of the case, or an officer who sees it).
    """
    offered = shop.offered(slot)
    if slot.offer != APPOINTMENT:
        raise ActionRefused(_("この時間は、相談の予約ではありません。"))
    if way not in offered.offer.by:
        raise ActionRefused(_("窓口かビデオ通話かを選んでください。"))
    if case is not None and not about(slot, [case]):
        raise ActionRefused(_("この申請は、この窓口では扱っていません。"))
    told = shop.checked(offered, buyer, channel)
    if channel != shop.DESK:
        address.may_book_an_appointment(told.email, key)
    with transaction.atomic():
        made = actions.order(
            slot=slot, places=[Place(APPOINTMENT, 1, 0)], label=offered.facility.name.ja,
            office=offered.facility.office, key=key, hold=timedelta(), by=by, email=told.email, name=told.name,
            language=told.language, channel=channel, case=case, way=way,
        )  # fmt: skip
        if not _is_told(made):
            tell_case(made, "appointment-made", by=by)
            letters.queue("confirmed", made)
    return made


def _is_told(order: Order) -> bool:
    """Whether the same press was told before."""
    case = order.case
    return case is not None and case.events.filter(kind="appointment-made", data__order=order.reference).exists()


def video_link(order: Order, now: datetime) -> str:
    """Where a video appointment takes place; "" before its quarter of an hour, after its end, and for others."""
    offer = offer_of(order.slot)
    if order.way != VIDEO or offer is None or order.state != Order.State.CONFIRMED:
        return ""
    if not order.slot.starts_at - LINK_BEFORE <= now <= order.slot.ends_at:
        return ""
    return offer.video.replace("{key}", video_key(order))


def video_key(order: Order) -> str:
    """The name of the room: it opens the call alone, while the order's secret would also move and cancel."""
    return salted_hmac("video-call", order.secret, algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def remind(order: Order) -> bool:
    """Queue the letter of the day before, once. Whether it was queued."""
    found = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if found.reminded_at is not None or found.state != Order.State.CONFIRMED:
        return False
    found.reminded_at = timezone.now()
    found.save(update_fields=["reminded_at"])
    letters.queue("tomorrow", found)
    return True


def remind_all() -> int:
    """Everybody who has an appointment tomorrow. How many letters were queued; safe to repeat."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    waiting = Order.objects.filter(slot__offer=APPOINTMENT, slot__starts_at__date=tomorrow, reminded_at=None)
    return sum(each(waiting.filter(state=Order.State.CONFIRMED), remind))
