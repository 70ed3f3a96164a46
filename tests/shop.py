"""The shop's cast: slots of the demo town's facilities, and orders made the way a buyer makes them."""

from datetime import timedelta

from django.utils import timezone

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.models import Slot
from madoguchi.bookings.sales.shop import Buyer, buy, offered, quote
from madoguchi.foundation.identifiers import new_secret
from madoguchi.people.actor import PUBLIC

MUSEUM, GARDEN, ZOO, COUNTER = "art-museum", "river-garden", "hill-zoo", "health-center-counter"
HOLD = timedelta(minutes=20)


def slot(facility=MUSEUM, *, days=3, hours=0, capacity=10, **values):
    """A slot on sale, so many days from now; its length is an hour."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days, hours=hours)
    usual = {"ends_at": start + timedelta(hours=1), "opens_at": start - timedelta(days=60), "capacity": capacity}
    offer = facilities()[facility].offers[0].code
    return Slot.objects.get_or_create(facility=facility, offer=offer, starts_at=start, defaults={**usual, **values})[0]


def day_of(one):
    """The town's day of a slot."""
    return timezone.localdate(one.starts_at)


def bought(in_slot, *, key=None, email="hanako@example.jp", proof=None, **wanted):
    """An order as the shop makes it, not paid yet."""
    buyer = Buyer(email, "港 花子", "ja")
    quoted = quote(offered(in_slot), wanted, proof)
    return buy(quote=quoted, shown=None, buyer=buyer, key=key or new_secret(), by=PUBLIC)
