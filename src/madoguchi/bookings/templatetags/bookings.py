"""When a slot is, in the reader's language; and for the pages of paying, which know no orders, what a charge is for."""

from typing import Any

from django import template

from madoguchi.bookings.gate.files import hours, span
from madoguchi.bookings.models import Order
from madoguchi.bookings.visits.phone import kept_orders
from madoguchi.payments.models import Charge

register = template.Library()
register.filter("span", span)
register.filter("hours", hours)


@register.simple_tag
def order_behind(charge: Charge) -> Order | None:
    """The order that a charge belongs to. Only its state may be shown: a link for paying may be anybody's."""
    return None if charge.case_id else Order.objects.filter(charge=charge).first()


@register.simple_tag(takes_context=True)
def own_order(context: dict[str, Any], charge: Charge) -> Order | None:
    """The same where this phone made it; to whoever else pays, its secret would give the tickets away."""
    found = order_behind(charge)
    return found if found and found.secret in kept_orders(context["request"]) else None
