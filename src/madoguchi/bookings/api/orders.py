"""The API's operations on orders. The bearer token is the order's secret."""

import hmac
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.payments.api import HeldPayment, payment
from madoguchi.people.actor import PUBLIC, applicant
from madoguchi.people.keys import is_key
from madoguchi.people.rules import ANYONE, WRITE, Rule, allowed
from madoguchi.platform.brake import limits
from madoguchi.platform.once import key_sent, must_be_key
from madoguchi.platform.problems import Problems
from madoguchi.platform.programs import Sent, told
from madoguchi.platform.refusing import ActionRefused

from .. import queries
from ..facilities import calendar
from ..facilities.directory import facilities
from ..kinds import APPOINTMENT
from ..line import rush
from ..models import Order, Slot
from ..sales import cancelling, changing, entitlement, shop
from ..visits import appointment
from .facilities import MOST_CATEGORIES, Count, SlotOut, absolute, refusal, slot_named, slot_of

router = Router()


class CaseIn(Sent):
    reference: str = Field(max_length=40)
    access_token: str = Field(max_length=80)


class OrderIn(Sent):
    slot: UUID
    tickets: dict[str, Count] = Field(description="category → people", max_length=MOST_CATEGORIES)
    total: int = Field(description="yen that the buyer agreed to; another price now is refused with 409")
    email: str = Field(max_length=254)
    name: str = Field("", max_length=200)
    proof: str = Field("", max_length=300, description="code of the document that entitles to a price")
    way: str = Field("", max_length=10, description="of an appointment: counter or video")
    case: CaseIn | None = Field(None, description="of an appointment: the application it is about")


class TicketOut(Schema):
    number: int
    category: str
    people: int
    yen: int
    cancelled: bool


class OrderOut(Schema):
    reference: str
    state: str = Field(description="held, confirmed, cancelled, expired")
    slot: SlotOut
    way: str = Field(description="of an appointment: counter or video; else empty")
    call: str = Field(description="address of the call, from a quarter of an hour before until its end; else empty")
    held_until: datetime | None = Field(description="until when to pay; null when nothing is to be paid")
    tickets: list[TicketOut]
    payment: HeldPayment | None = Field(description="as GET /payments/{reference}, with its `access_token`")
    page: str = Field(description="the order's page; whoever has this link holds the order")
    access_token: str
    invented: bool = Field(description="of a demo town's invented past; never true in a real town")


class CancelIn(Sent):
    tickets: list[int] | None = Field(None, description="numbers; without them the whole order", max_length=1000)


class MoveOut(Schema):
    slot: SlotOut
    difference: int = Field(description="yen more to pay for the same people; less is negative and paid back")


class MoveIn(Sent):
    slot: UUID
    difference: int = Field(description="yen that the buyer agreed to; another one now is refused with 409")


def shown(order: Order) -> dict[str, Any]:
    """An order as the API shows it, its keys in the order of `OrderOut`."""
    live = sorted((one for one in order.tickets.all() if one.slot_id == order.slot_id), key=attrgetter("number"))
    return {
        "reference": order.reference,
        "state": str(order.state),
        "slot": slot_of(order.slot),
        "way": order.way,
        "call": appointment.video_link(order, timezone.now()),
        "held_until": order.held_until if order.state == Order.State.HELD else None,
        "tickets": [
            {"number": one.number, "category": one.category, "people": one.people, "yen": one.yen,
             "cancelled": one.cancelled_at is not None}
            for one in live
        ],
        "payment": {**payment(order.charge), "access_token": order.charge.secret} if order.charge else None,
        "page": absolute("bookings:order", order.secret),
        "access_token": order.secret,
        "invented": order.is_invented,
    }  # fmt: skip


@router.post(
    "/orders", response={201: OrderOut}, url_name="make_order", openapi_extra=told(400, 404, 409, 422, key=True)
)
@allowed(Rule("anyone", WRITE, brake=limits.ORDER))
def make_order(request: HttpRequest, body: OrderIn) -> Status[dict[str, Any]]:
    """Book places or an appointment; what costs something is held until it is paid.

    An appointment is one ticket of the category `appointment`, free of charge, and has a `way`.
    Needs the header `Idempotency-Key` (1 to 190 characters).
    """
    title = _("ヘッダー Idempotency-Key が必要です。")
    detail = _("注文ごとに新しい、ランダムな1文字から190文字を送ってください。")
    key = must_be_key(key_sent(request), title, detail, within="api:")
    return Status(201, shown(made(body, key)))


def made(body: OrderIn, key: str) -> Order:
    """The order of this key. Raises Problems."""
    slot = slot_named(body.slot)
    try:
        rush.must_not_jump_the_line(slot)
        return _made(slot, body, key)
    except ActionRefused as refused:
        raise refusal(refused) from refused


def _made(slot: Slot, body: OrderIn, key: str) -> Order:
    buyer = shop.Buyer(body.email, body.name, get_language() or "ja")
    if slot.offer == APPOINTMENT:
        if body.tickets != {APPOINTMENT: 1} or body.total != 0:
            raise ActionRefused(_("相談の予約は、1件ずつ、無料です。"))
        case = _case(body.case) if body.case else None
        by = applicant(case.reference) if case else PUBLIC
        return appointment.make(slot=slot, way=body.way, buyer=buyer, key=key, by=by, case=case, channel="api")
    if body.way or body.case:
        raise ActionRefused(_("この時間は、相談の予約ではありません。"))
    offered = shop.offered(slot)
    proof = entitlement.proof(body.proof, offered) if body.proof else None
    quote = shop.quote(offered, body.tickets, proof)
    return shop.buy(quote=quote, shown=body.total, buyer=buyer, key=key, by=PUBLIC, channel="api")


def _case(told: CaseIn) -> Case:
    """The case behind reference and token; anything else looks the same. Raises ActionRefused."""
    reference = parse_reference(told.reference) or ""
    found = Case.objects.for_actor(applicant(reference)).filter(reference=reference).first()
    if found is None or not is_key(told.access_token, found.pk, found.key_salt):
        raise ActionRefused(_("この受付番号の申請が見つかりません。番号を確かめてください。"))
    return found


def _order(request: HttpRequest, reference: str) -> Order:
    """The order behind reference and bearer token; anything else looks the same (404)."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()[:40]
    parsed = parse_reference(reference)
    found = queries.order_numbered(parsed)
    if found is None or not hmac.compare_digest(found.secret.encode(), token.encode()):
        raise Problems(
            404,
            _("このトークンで開ける注文はありません。"),
            detail=_("ヘッダー Authorization: Bearer （access_token）を送ってください。"),
        )
    return found


@router.get("/orders/{order}", response=OrderOut, url_name="get_order", openapi_extra=told(404, held=True))
@allowed(ANYONE)
def get_order(request: HttpRequest, order: str) -> dict[str, Any]:
    """How an order stands."""
    return shown(_order(request, order))


@router.post(
    "/orders/{order}/cancellation",
    response=OrderOut,
    url_name="cancel_order",
    openapi_extra=told(400, 404, 409, 422, held=True),
)
@allowed(Rule("anyone", WRITE))
def cancel_order(request: HttpRequest, order: str, body: CancelIn) -> dict[str, Any]:
    """Cancel an order, or some of its tickets; what the rule gives back is paid back the way it came.

    Repeating finds them cancelled.
    """
    found = _order(request, order)
    named = found.tickets.filter(slot=found.slot_id)
    chosen = list(named if body.tickets is None else named.filter(number__in=body.tickets))
    if chosen and all(one.cancelled_at for one in chosen):
        return shown(found)
    try:
        cancelling.cancel(
            order=found.pk, tickets=None if body.tickets is None else [one.pk for one in chosen], by=PUBLIC
        )
    except ActionRefused as refused:
        raise refusal(refused) from refused
    return shown(_order(request, order))


@router.get(
    "/orders/{order}/changes",
    response=list[MoveOut],
    url_name="list_changes",
    openapi_extra=told(404, 409, 422, held=True),
)
@allowed(ANYONE)
def list_changes(request: HttpRequest, order: str, date: date | None = None) -> list[dict[str, Any]]:
    """The slots of a day, today unless `date` names one, that this order can move to, and what each costs more."""
    found, now = _order(request, order), timezone.now()
    facility = facilities().get(found.slot.facility)
    try:
        changing.must_be_changeable(found, now)
    except ActionRefused as refused:
        raise refusal(refused) from refused
    slots = calendar.slots_of(facility, date or timezone.localdate(now)) if facility else []
    return [{"slot": slot_of(one), "difference": more} for one, more in changing.choices(found, slots, now)]


@router.post(
    "/orders/{order}/change",
    response=OrderOut,
    url_name="change_order",
    openapi_extra=told(400, 404, 409, 422, held=True),
)
@allowed(Rule("anyone", WRITE))
def change_order(request: HttpRequest, order: str, body: MoveIn) -> dict[str, Any]:
    """Move an order to another slot; repeating finds it moved. What is due more must be paid while it is held."""
    found, to = _order(request, order), slot_named(body.slot)
    try:
        changing.change(order=found.pk, since=found.slot_id, to=to, shown=body.difference, by=PUBLIC)
    except ActionRefused as refused:
        raise refusal(refused) from refused
    return shown(_order(request, order))
