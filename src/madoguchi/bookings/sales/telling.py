"""What happens to an appointment is told to the record of its case, in the same transaction."""

from madoguchi.cases import events
from madoguchi.people.actor import Actor

from ..models import Order


def tell_case(order: Order, kind: str, *, by: Actor) -> None:
    """Append the event; an order that belongs to no case has no record."""
    if order.case_id is not None and order.case is not None:
        data = {"order": order.reference, "at": order.slot.starts_at.isoformat(), "way": order.way}
        events.append(events.lock(order.case), kind, by=by, data=data)
