"""When a slot is, in the reader's language."""

from django import template

from madoguchi.bookings.models import Slot
from madoguchi.bookings.ticket_files import hours, span

register = template.Library()
register.filter("span", span)


@register.filter("hours")
def shown_hours(slot: Slot) -> str:
    """The times of a slot below its day; of a pass, until which day it is good."""
    return hours(slot)
