"""Letters to those who booked, in their language: queued in the transaction that has the news, sent by a worker."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django import app

from madoguchi.cases.addresses import may_be_written_to
from madoguchi.foundation.identifiers import new_id
from madoguchi.payments.models import Attempt
from madoguchi.payments.paying.repaying import waits_for_an_officer
from madoguchi.platform.brake.limits import FEW_LETTERS, OFFERS
from madoguchi.town import letters
from madoguchi.town.offices import town

from ..facilities.directory import office_of
from ..facilities.slots import DEFINITION
from ..facilities.wording import category, facility_name
from ..gate.files import span
from ..models import Order, Slot, Ticket

TASK = "madoguchi.order-letter"
LETTERS = frozenset({"confirmed", "cancelled", "cancelled-partly", "moved", "closed", "offered", "expired", "tomorrow"})


def queue(letter: str, order: Order, *, back: int = 0, tickets: Iterable[UUID] = (), was: Slot | None = None) -> None:
    """Queue a letter; it leaves only if the transaction does. Nothing where no address was given.

    It tells of this event, whatever happens before it is sent: which slot, which `tickets`, how many yen come `back`.
    """
    if not order.email:
        return
    by_hand = back > 0 and order.charge is not None and waits_for_an_officer(order.charge)
    told = {"was": str(was.pk) if was else "", "tickets": [str(one) for one in tickets], "back": back}
    app.configure_task(name=TASK).defer(**job(letter, order.pk, order.slot_id, **told, by_hand=by_hand))


def job(letter: str, order: UUID, slot: UUID, **told: Any) -> dict[str, Any]:
    """What the job is given that sends a letter; who writes the order in one statement queues it there (`selling`)."""
    usual = {"event": str(new_id()), "slot": str(slot), "was": "", "tickets": [], "back": 0, "by_hand": False}
    return {"order_id": str(order), "letter": letter, "told": {**usual, **told}}


@transaction.atomic
def send(order: UUID, letter: str, told: Mapping[str, Any] | None = None) -> None:
    """Send a letter, unless a stranger caused it and the address has got enough; the order's page says the same.

    A repeated one has the same message id. Raises KeyError for a letter that does not exist.
    """
    if letter not in LETTERS:
        raise KeyError(letter)
    found, about = Order.objects.select_related("slot", "charge").get(pk=order), dict(told or {})
    if not _may_go(found, letter):
        return
    slot = Slot.objects.get(pk=about.get("slot") or found.slot_id)
    with override(found.language):
        text = render_to_string(f"bookings/mail/{letter}.txt", _filled(found, slot, about))
        number = f"{found.pk}.{letter}.{about.get('event', slot.pk)}"
        letters.send(to=found.email, text=text, number=number, office=office_of(slot.facility))


def _may_go(order: Order, letter: str) -> bool:
    """What the hall did (a slot that closed) is always told, and so is whatever happens to what was paid."""
    is_paid = order.charge is not None and order.charge.attempts.filter(state=Attempt.State.PAID).exists()
    always = letter == "closed" or is_paid
    return always or may_be_written_to(order.email, OFFERS if letter == "offered" else FEW_LETTERS)


def _filled(order: Order, slot: Slot, about: Mapping[str, Any]) -> dict[str, Any]:
    """What the texts of the letters say, in the language that is active."""
    was = Slot.objects.get(pk=about["was"]) if about.get("was") else None
    tickets = Ticket.objects.filter(order=order, pk__in=about.get("tickets", ())).order_by("number")
    return {
        "order": order,
        "charge": order.charge,
        "facility": facility_name(slot.facility),
        "when": span(slot),
        "was": span(was) if was else "",
        "tickets": [(category(slot.facility, one.category).name, one) for one in tickets],
        "back": about.get("back", 0),
        "by_hand": about.get("by_hand", False),
        "because": "" if slot.closed_because == DEFINITION else slot.closed_because,
        "url": settings.PUBLIC_URL + reverse("bookings:order", args=[order.secret]),
        "town": town().in_language(order.language),
    }
