"""Makes the slots of the demo town in the running hall, and one of the museum that begins in ten minutes; prints it."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def endings(full) -> dict[str, str]:
    """Orders of which something was cancelled, moved to a dearer time, or lapsed; and a time to move to."""
    from django.utils import timezone

    from madoguchi.bookings.models import Order
    from madoguchi.bookings.sales import cancelling, holds
    from madoguchi.payments.paying import actions as payments
    from madoguchi.people.actor import PUBLIC
    from tests import paying, shop

    part, dear, lapsed = (shop.bought(shop.slot(days=4, hours=n), student=2) for n in range(3))
    paying.pays_at_the_counter(part.charge)
    paying.pays(dear.charge)
    holds.confirm(order=part.pk, by=PUBLIC)
    cancelling.cancel(order=part.pk, tickets=[part.tickets.first().pk], by=PUBLIC)
    payments.owe_more(charge=dear.charge, yen=400, key="dearer", by=PUBLIC)
    Order.objects.filter(pk=dear.pk).update(state="held", held_until=timezone.now() + timedelta(hours=2))
    Order.objects.filter(pk=lapsed.pk).update(held_until=timezone.now())
    holds.let_go(by=PUBLIC)
    to = shop.slot(days=5)
    return {"part": part.secret, "dear": dear.secret, "lapsed": lapsed.charge.secret, "unpaid": dear.charge.secret,
            "to": str(to.pk), "to_day": str(shop.day_of(to))}  # fmt: skip


def a_slot_soon():
    """Of the museum: it begins in ten minutes, beside the museum's own slots, which begin at multiples of five."""
    from django.utils import timezone

    from madoguchi.bookings.models import Slot
    from tests import shop

    start = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=10)
    start += timedelta(minutes=start.minute % 5 == 0)
    return Slot.objects.create(
        facility=shop.MUSEUM, offer="entry", starts_at=start, ends_at=start + timedelta(hours=2),
        opens_at=start - timedelta(days=1), capacity=30,
    )  # fmt: skip


def a_pass():
    """A pass of the zoo on sale, and the order of somebody who holds one."""
    from django.utils import timezone

    from madoguchi.bookings.models import Order, Slot
    from tests import shop

    on_sale = Slot.objects.filter(facility=shop.ZOO, offer="annual-pass", opens_at__lte=timezone.now()).first()
    holder = shop.bought(on_sale, **{"adult-pass": 1})
    Order.objects.filter(pk=holder.pk).update(state="confirmed")
    return on_sale, holder


def differing(charge) -> None:
    """Two differences: another amount for this charge, and money that came to an unknown number."""
    from django.utils import timezone

    from madoguchi.payments.models import Difference

    now = timezone.now()
    attempt = charge.attempts.create(
        provider="sandbox", provider_reference="checkout-0", yen=charge.owed, started_at=now
    )
    seen = {"provider": "sandbox", "day": timezone.localdate(now), "theirs": 700, "found_at": now}
    Difference.objects.create(kind="amount", provider_reference="checkout-0", ours=charge.owed, attempt=attempt, **seen)
    Difference.objects.create(kind="only-there", provider_reference="checkout-1", ours=0, **seen)


def a_paid_case():
    """A case whose fee was paid and in part paid back."""
    from madoguchi.payments.models import Charge
    from madoguchi.payments.paying import actions
    from tests import paying, town

    case = town.applied()
    paying.pays(paying.charged(case))
    charge = Charge.objects.get(case=case)
    actions.refund(charge=charge, yen=3000, reason="条例第5条の減免", by=town.sasaki())
    return case


def a_clerk():
    """Somebody at the counter, beside a treasurer who can sign in."""
    from tests import town

    treasurer = town.officer("出納 係", "accounting", "officer").officer
    treasurer.email = "suito@minatono.example"
    treasurer.set_password(town.PASSWORD)
    treasurer.save()
    return town.officer("文化 窓口", "culture", "clerk").officer


def main() -> None:
    """Run as the application's role, in the hall's environment."""
    django.setup()
    from madoguchi.bookings.facilities.slots import make_slots
    from madoguchi.bookings.sales import waiting
    from madoguchi.bookings.sales.shop import Buyer
    from madoguchi.people.actor import PUBLIC
    from tests import shop

    make_slots()
    soon, full = a_slot_soon(), shop.slot(days=2, capacity=1)
    sold = shop.bought(full, child=1)
    held = shop.bought(shop.slot(days=3), adult=1)
    group = shop.slot(shop.ZOO, days=4, capacity=300)
    waits = waiting.ask(slot=full, wanted={"adult": 1}, buyer=Buyer("waits@example.jp"), by=PUBLIC)
    on_sale, holder = a_pass()
    told = endings(full)
    differing(held.charge)
    told |= {"case": a_paid_case().reference, "clerk": a_clerk().email}
    told |= {"slot": str(soon.pk), "day": str(shop.day_of(soon)), "full": str(full.pk), "sold": sold.secret}
    told |= {"waits": waits.secret, "pass": str(on_sale.pk), "holder": holder.secret, "charge": held.charge.reference}
    told |= {"group": str(group.pk), "held": held.secret, "later": str(shop.day_of(full))}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
