"""Letters to those who booked, in their language: queued in the transaction that has the news, sent by a worker."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django import app

from madoguchi.people.town import town

from .making import DEFINITION
from .models import Order
from .ticket_files import span
from .wording import facility_name

LETTERS = frozenset({"confirmed", "cancelled", "closed", "offered", "expired", "tomorrow"})


def queue(letter: str, order: Order) -> None:
    """Queue a letter; it leaves only if the transaction does. Nothing where no address was given."""
    if order.email:
        app.configure_task(name="madoguchi.order-letter").defer(order_id=str(order.pk), letter=letter)


def send(order: UUID, letter: str) -> None:
    """Send a letter; a repeated one has the same message id. Raises KeyError for a letter that does not exist."""
    if letter not in LETTERS:
        raise KeyError(letter)
    found = Order.objects.select_related("slot", "charge").get(pk=order)
    with override(found.language):
        filled = {
            "order": found,
            "charge": found.charge,
            "facility": facility_name(found.slot.facility),
            "when": span(found.slot),
            "because": "" if found.slot.closed_because == DEFINITION else found.slot.closed_because,
            "url": settings.PUBLIC_URL + reverse("bookings:order", args=[found.secret]),
            "town": town().in_language(found.language),
        }
        text = render_to_string(f"bookings/mail/{letter}.txt", filled)
    subject, _newline, body = text.partition("\n")
    message = EmailMessage(subject.strip(), body.lstrip(), settings.DEFAULT_FROM_EMAIL, [found.email])
    message.extra_headers["Message-ID"] = f"<{found.pk}.{letter}.{found.slot_id}@madoguchi>"
    message.send()
