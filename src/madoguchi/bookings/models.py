"""Slots, orders and tickets. The database refuses to sell more than there is; code only asks politely before."""

from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import new_id, new_reference, new_secret
from madoguchi.payments.models import Charge

from .kinds import APPOINTMENT

WALK_IN = timedelta(hours=12)
"""So long after its beginning an admission is sold at most."""


class Slot(models.Model):
    """So many places for a span of time in one facility (or at one counter); `taken` counts held and sold ones."""

    id = models.UUIDField(primary_key=True, default=new_id)
    facility = models.CharField(max_length=60, help_text="code of facilities/<code>")
    offer = models.CharField(max_length=40, help_text="which of the facility's offers: entry, appointment …")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    opens_at = models.DateTimeField(help_text="when it goes on sale")
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0, help_text="ticket numbers ever given; none comes back")
    is_closed = models.BooleanField(default=False, help_text="closed for a reason of the day; its orders are repaid")
    closed_because = models.CharField(
        max_length=400, blank=True, default="", help_text="a clerk's words for the buyers, or definition"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["facility", "offer", "starts_at"], name="slot_once"),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="slot_not_oversold",
                violation_error_message=_("この時間の空きが足りません。"),
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_has_a_length"),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.offer} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_pass(self) -> bool:
        """Whether its tickets are good on many days, once on each."""
        return self.ends_at - self.starts_at > timedelta(days=1)

    @property
    def sold_until(self) -> datetime:
        """An appointment until it begins; an admission while one may walk in: to its end, a pass on its first day."""
        if self.offer == APPOINTMENT:
            return self.starts_at
        return min(self.ends_at, self.starts_at + WALK_IN)

    @property
    def left(self) -> int:
        """Places that can still be taken."""
        return self.capacity - self.taken


UNPAID = Q(state="held") | Q(state="confirmed", charge__isnull=True)
"""Orders that keep places from others though nothing was paid: not yet, or because they are free."""


INVENTED: Final = "invented:"
"""How the idempotency keys of a demo town's invented bookings begin (ADR 39)."""


class Order(models.Model):
    """Places in one slot for one buyer: held until paid or `held_until`, then sold or let go, exactly once."""

    class State(models.TextChoices):
        """How it stands."""

        HELD = "held", _("支払い待ち")
        CONFIRMED = "confirmed", _("予約済み")
        CANCELLED = "cancelled", _("取消し")
        EXPIRED = "expired", _("期限切れ")

    id = models.UUIDField(primary_key=True, default=new_id)
    reference = models.CharField(max_length=16, default=new_reference)
    secret = models.CharField(max_length=40, default=new_secret, help_text="opens the order's page")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="orders")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, db_index=False, related_name="bookings")
    charge = models.OneToOneField(Charge, models.PROTECT, null=True, blank=True, related_name="order")
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    channel = models.CharField(max_length=10, default="online")
    language = models.CharField(max_length=10, default="ja")
    name = models.CharField(max_length=200, blank=True, default="", help_text="only where the offer asks for it")
    email = models.EmailField(blank=True, default="")
    made_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    way = models.CharField(max_length=10, blank=True, default="", db_default="", help_text="counter or video")
    reminded_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True, help_text="self check-in of an appointment")
    entitlement = models.CharField(max_length=60, blank=True, default="", help_text="code of what was honoured")
    entitled = models.CharField(max_length=64, blank=True, default="", help_text="hash of the document that grants it")
    key = models.CharField(max_length=200, help_text="idempotency key: one press, one order")
    body = models.CharField(max_length=64, help_text="hash of what was asked with that key")

    class Meta:
        # Unique by constraint, not by field: Django would add an index for LIKE to each, which nobody asks for.
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["reference"], name="order_reference_once"),
            models.UniqueConstraint(fields=["secret"], name="order_secret_once"),
            models.UniqueConstraint(fields=["key"], name="order_key_once"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="order_is_held_until_a_moment"
            ),
            models.UniqueConstraint(
                fields=["slot", "entitled"],
                condition=Q(state__in=["held", "confirmed"]) & ~Q(entitled=""),
                name="order_entitled_once",
                violation_error_message=_("この証明では、同じ時間の予約がすでにあります。"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["held_until"], condition=Q(state="held"), name="order_to_let_go"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="order_of_a_case"),
            models.Index(fields=["email"], condition=UNPAID, name="order_of_an_address"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_invented(self) -> bool:
        """Whether it is of a demo town's invented past."""
        return self.key.startswith(INVENTED)


class Ticket(models.Model):
    """One place of an order; `number` is unique in its slot, and none is given twice."""

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, models.CASCADE, related_name="tickets")
    slot = models.ForeignKey(Slot, models.PROTECT, db_index=False, related_name="tickets")  # ticket_no_double_seat
    category = models.CharField(max_length=40)
    people = models.PositiveSmallIntegerField(default=1, help_text="a group's ticket admits several")
    yen = models.PositiveIntegerField()
    number = models.PositiveIntegerField(help_text="the place's number within the slot")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["slot", "number"],
                condition=Q(cancelled_at__isnull=True),
                name="ticket_no_double_seat",
                violation_error_message=_("同じ席が二重に発行されようとしました。もう一度お試しください。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.number}"


class Scan(models.Model):
    """A ticket shown at a gate, as the gate's phone told it; `outcome` is what the gate showed."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="scans")
    gate = models.CharField(max_length=60)
    device = models.CharField(max_length=40)
    at = models.DateTimeField(help_text="by the device's clock, put right by what it told of its clock")
    told_at = models.DateTimeField(help_text="when it arrived here")
    outcome = models.CharField(max_length=16, help_text="admitted, undone, again")
    key = models.CharField(max_length=80, unique=True, help_text="the device's own number of this scan")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["ticket", "at"], name="scan_of_ticket")]

    def __str__(self) -> str:
        return f"{self.gate} {self.outcome}"


class Waiting(models.Model):
    """Somebody who waits for places in a slot that is sold out; the first whose number fits is offered them."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="waiting")
    places = models.PositiveSmallIntegerField()
    wanted = models.JSONField(help_text="category → count")
    name = models.CharField(max_length=200, blank=True, default="", db_default="")
    email = models.EmailField()
    language = models.CharField(max_length=10, default="ja")
    entitlement = models.CharField(max_length=60, blank=True, default="", db_default="")
    entitled = models.CharField(max_length=64, blank=True, default="", db_default="", help_text="as in Order")
    secret = models.CharField(max_length=40, unique=True, default=new_secret)
    asked_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    order = models.OneToOneField(Order, models.SET_NULL, null=True, blank=True, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["slot", "asked_at"], condition=Q(offered_at__isnull=True), name="waiting_line")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["slot", "email"],
                condition=Q(offered_at__isnull=True, left_at__isnull=True),
                name="waiting_once",
                violation_error_message=_("このメールアドレスでは、この時間をすでに待っています。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.places}"


class Line(models.Model):
    """The line before one opening: how many came before it, the next turn of those who come later; no names."""

    facility = models.CharField(max_length=60)
    opening = models.DateTimeField()
    early = models.PositiveIntegerField(default=0)
    next = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["facility", "opening"], name="line_once_an_opening")
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.opening:%Y-%m-%d %H:%M}"


class TicketKey(models.Model):
    """A public Ed25519 key that tickets were signed with; old ones stay so that sold tickets hold."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    public = models.BinaryField(max_length=32)
    sealed = models.BinaryField(default=b"", help_text="the private key, opened by the installation's secret only")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.number)


class Visit(models.Model):
    """Somebody who came for an appointment: a number for the board, then the call to a desk, then the end."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="visit")
    facility = models.CharField(max_length=60)
    day = models.DateField()
    number = models.PositiveIntegerField(help_text="what the board shows: 1, 2, 3 … each day")
    desk = models.CharField(max_length=20, blank=True, default="", help_text="the desk that called: 3")
    called_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_absent = models.BooleanField(default=False, help_text="was called and did not come; counts for no duration")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["facility", "day", "number"], name="visit_number_once_a_day"),
            models.CheckConstraint(
                condition=Q(called_at__isnull=True, desk="", ended_at__isnull=True, is_absent=False)
                | (Q(called_at__isnull=False) & ~Q(desk="")),
                name="visit_is_called_to_a_desk",
                violation_error_message=_("窓口の番号を入力してください。"),
            ),
            models.UniqueConstraint(
                fields=["facility", "day", "desk"],
                condition=Q(called_at__isnull=False, ended_at__isnull=True),
                name="visit_one_at_a_desk",
                violation_error_message=_("この窓口では、ほかの方の対応が続いています。画面を読み直してください。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility} {self.day} {self.number}"
