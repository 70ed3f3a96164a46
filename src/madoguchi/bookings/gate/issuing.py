"""From a sold ticket to its signed text and its two-dimensional code; the keys that sign, and their rotation."""

import io
from datetime import timedelta
from functools import lru_cache
from typing import Any

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ..facilities.wording import needs_check
from ..models import Order, Ticket, TicketKey
from . import keys
from .ticket import Payload, sign

EARLY = timedelta(minutes=30)
"""How long before its slot a ticket is admitted; this town's own choice."""


@transaction.atomic
def make_keys() -> TicketKey:
    """At set-up: the key that signs from now on; a key that can be opened is kept. Safe to repeat, on any host."""
    _one_at_a_time()
    _take_in_files()
    current = TicketKey.objects.filter(retired_at__isnull=True).order_by("-number").first()
    if current and _opens(current):
        return current
    return _next_key()


@transaction.atomic
def rotate() -> TicketKey:
    """A new key signs what is ordered from now on; for what was ordered before, the old ones go on."""
    _one_at_a_time()
    return _next_key()


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ticket-key'))")


def _take_in_files() -> None:
    """The files of an earlier version, or of before the secret was another, become rows; they may go then."""
    for key in TicketKey.objects.all():
        private = None if _opens(key) else keys.read_file(settings.KEYS_DIR, key.number)
        if private and _raw(private) == bytes(key.public):
            key.sealed = keys.seal(private, secret=settings.SECRET_KEY, number=key.number)
            key.save(update_fields=["sealed"])


def _opens(key: TicketKey) -> bool:
    try:
        return _raw(_private_key(key)) == bytes(key.public)
    except keys.KeyMissing:
        return False


def _next_key() -> TicketKey:
    number = max([0, *TicketKey.objects.values_list("number", flat=True)]) + 1
    now, private = timezone.now(), Ed25519PrivateKey.generate()
    TicketKey.objects.filter(retired_at__isnull=True).update(retired_at=now)
    sealed = keys.seal(private, secret=settings.SECRET_KEY, number=number)
    return TicketKey.objects.create(number=number, public=_raw(private), sealed=sealed, made_at=now)


def _raw(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_keys() -> dict[int, bytes]:
    """All public keys that tickets may be signed with, retired ones too."""
    return {key.number: bytes(key.public) for key in TicketKey.objects.all()}


def text_of(ticket: Ticket, key: TicketKey | None = None) -> str:
    """The signed text of a ticket; after a rotation the same as before. Raises KeyMissing where no key can sign it."""
    key = key or key_of(ticket.order)
    return sign(payload_of(ticket, key.number), _private_key(key))


def key_of(order: Order) -> TicketKey:
    """The key that signed when the order was made; the one that signs now where that one cannot be opened.

    A gate that lost its network before a rotation knows only the keys of that time. Raises KeyMissing.
    """
    then = TicketKey.objects.filter(made_at__lte=order.made_at).order_by("-number").first()
    return then if then and _opens(then) else current_key()


def current_key() -> TicketKey:
    """The key that signs now. Raises KeyMissing."""
    found = TicketKey.objects.filter(retired_at__isnull=True).order_by("-number").first()
    if found is None:
        raise keys.KeyMissing(1)
    return found


def _private_key(key: TicketKey) -> Ed25519PrivateKey:
    return _unsealed(bytes(key.sealed), settings.SECRET_KEY, key.number)


@lru_cache(maxsize=8)
def _unsealed(sealed: bytes, secret: str, number: int) -> Ed25519PrivateKey:
    return keys.unseal(sealed, secret=secret, number=number)


def payload_of(ticket: Ticket, key: int) -> Payload:
    """What a ticket says: valid from a little before its slot until the slot's end."""
    slot = ticket.slot
    return Payload(
        key=key,
        ticket=ticket.pk,
        facility=slot.facility,
        category=ticket.category,
        starts_at=slot.starts_at,
        valid_from=slot.starts_at - EARLY,
        valid_until=slot.ends_at,
        people=min(ticket.people, 255),
        check=needs_check(slot.facility, ticket.category),
    )


def qr_svg(text: str) -> str:
    """A two-dimensional code for screen and paper: correction M (15 % may be soiled), with its quiet zone, as SVG."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", xmldecl=False, **_LOOK)
    return out.getvalue().decode()


def qr_picture(text: str) -> str:
    """The same code as a data URI for an image element."""
    return str(_code(text).svg_data_uri(**_LOOK))


_LOOK: dict[str, Any] = {"border": 4, "omitsize": True, "dark": "#000", "light": "#fff"}


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m", boost_error=False)
