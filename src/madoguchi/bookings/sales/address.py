"""What one e-mail address may hold that nobody has paid for: addresses are not verified, and places are few.

A question before the order, not a lock: presses at the same moment may pass it together, as many as the server has
threads. Who is served at a counter is seen there, and not asked.
"""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.platform.refusing import ActionRefused
from madoguchi.platform.sql.statements import planned_once

from ..models import UNPAID, Order, Slot

MOST_APPOINTMENTS = 3
"""So many appointments to come may stand under one address; this town's own choice."""
MOST_PLACES = 20
"""So many places of a facility's day, not paid yet or free, beside what one order asks; this town's own choice."""

HELD = """
SELECT COALESCE(sum(people), 0) FROM bookings_order AS held
JOIN bookings_slot AS slot ON slot.id = held.slot_id JOIN bookings_ticket AS ticket ON ticket.order_id = held.id
WHERE email = %s AND (state = 'held' OR charge_id IS NULL AND state = 'confirmed') AND held.key <> %s
  AND facility = %s AND starts_at >= %s AND starts_at < %s AND cancelled_at IS NULL
"""
"""Asked before each order, hence by hand and planned once: 0.1 ms, where Django's own words for it took 1.4."""


def may_book_an_appointment(email: str, key: str) -> None:
    """Raises ActionRefused where an address has enough of them, but for the one of this key."""
    held = Order.objects.filter(UNPAID, email=email, slot__starts_at__gt=timezone.now()).exclude(way="")
    if held.exclude(key=key).count() >= MOST_APPOINTMENTS:
        told = {"most": MOST_APPOINTMENTS}
        raise ActionRefused(
            _("このメールアドレスでは、これからの予約が%(most)s件あります。どれかを取り消すか、窓口へご相談ください。")
            % told,
            conflict=True,
        )


def may_hold_more(email: str, key: str, slot: Slot, people: int) -> None:
    """Raises ActionRefused where an address holds enough of a facility's day. A first order may be as large as any."""
    first = datetime.combine(timezone.localdate(slot.starts_at), time(), timezone.get_default_timezone())
    with planned_once() as cursor:
        cursor.execute(HELD, [email, key, slot.facility, first, first + timedelta(days=1)])
        (count,) = cursor.fetchone()
    if count and count + people > MOST_PLACES:
        sentence = _(
            "このメールアドレスでは、この日の予約（支払い前か無料）が、すでに%(count)s人分あります。支払いを済ませるか、"
            "いらない予約を取り消してから、もう一度予約してください。人数が多いときは、窓口へご相談ください。"
        )
        raise ActionRefused(sentence % {"count": count})
