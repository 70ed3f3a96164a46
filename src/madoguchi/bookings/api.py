"""The API's operations on facilities, slots and orders. The bearer token is the order's secret."""

import hmac
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from madoguchi.applications.problems import Problems
from madoguchi.applications.rules import is_idempotency_key
from madoguchi.cases.actions import ActionRefused
from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.payments.api import payment
from madoguchi.people.actor import PUBLIC, applicant
from madoguchi.people.keys import is_key

from . import appointment, calendar, cancelling, entitlement, present, rush, shop
from .format import APPOINTMENT, Facility
from .kept import facilities
from .models import Order, Slot

router = Router()
MOST_CATEGORIES = 50


class FacilityLine(Schema):
    code: str
    name: str
    summary: str
    kind: str
    address: str
    url: str


class CategoryOut(Schema):
    code: str
    name: str
    price: str = Field(description="CEL, yen for one ticket; reads count, date, holiday, entitlement")
    needs_check: bool = Field(description="a proof is looked at before admitting")
    least: int = Field(description="people of one ticket at least; more than 1 for a group")
    most: int


class OfferOut(Schema):
    code: str
    kind: str
    name: str
    days_before: int = Field(description="so many days before its day a slot goes on sale")
    opens_at: str
    hold_minutes: int
    categories: list[CategoryOut]
    entitlements: list[str]
    procedures: list[str] = Field(description="what an appointment can be about")
    ways: list[str] = Field(description="of an appointment: counter, video")
    rule: list[str] = Field(description="cancelling and changing, in words")


class FacilityOut(FacilityLine):
    closed: str
    page: str
    offers: list[OfferOut]


class SlotOut(Schema):
    id: UUID
    facility: str
    offer: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    state: str = Field(description="open, few, full, soon, closed, past")
    left: int


class CaseIn(Schema):
    reference: str = Field(max_length=40)
    access_token: str = Field(max_length=80)


class OrderIn(Schema):
    slot: UUID
    tickets: dict[str, int] = Field(description="category → people", max_length=MOST_CATEGORIES)
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
    payment: dict[str, Any] | None = Field(description="as GET /payments/{reference}, with its `access_token`")
    page: str = Field(description="the order's page; whoever has this link holds the order")
    access_token: str


class CancelIn(Schema):
    tickets: list[int] | None = Field(None, description="numbers; without them the whole order", max_length=1000)


def _absolute(name: str, *args: Any) -> str:
    return settings.PUBLIC_URL + reverse(name, args=args)


def _line(one: Facility) -> dict[str, Any]:
    return {**present.card(one), "kind": one.kind, "url": _absolute("api:get_facility", one.code)}


@router.get("/facilities", response=list[FacilityLine], url_name="list_facilities")
def list_facilities(request: HttpRequest) -> list[dict[str, Any]]:
    """Everything that can be booked."""
    return [_line(one) for one in facilities().values()]


def _facility(code: str) -> Facility:
    if code not in facilities():
        raise Problems(404, "There is no such facility.", detail="GET /api/v1/facilities lists them.")
    return facilities()[code]


@router.get("/facilities/{code}", response=FacilityOut, url_name="get_facility")
def get_facility(request: HttpRequest, code: str) -> dict[str, Any]:
    """A facility with its offers and prices."""
    found, said = _facility(code), get_language() or "ja"
    return {
        **_line(found),
        "closed": found.closed_text.said(said),
        "page": _absolute("bookings:facility", code),
        "offers": [_offer(found, number) for number in range(len(found.offers))],
    }


def _offer(facility: Facility, number: int) -> dict[str, Any]:
    one, said = facility.offers[number], get_language() or "ja"
    categories = [
        {
            "code": category.code,
            "name": category.name.said(said),
            "price": category.price,
            "needs_check": category.check is not None,
            "least": category.people.min if category.people else 1,
            "most": category.people.max if category.people else 1,
        }
        for category in one.categories
    ]
    told = present.offer(facility, one)
    return {
        **told, "kind": one.kind, "hold_minutes": one.hold, "categories": categories,
        "entitlements": [known.code for known in one.entitlements], "procedures": list(one.procedures),
        "ways": list(one.by) if one.kind == APPOINTMENT else [],
    }  # fmt: skip


def _slot(one: Slot) -> dict[str, Any]:
    state = calendar.state([one], timezone.now())
    return {
        "id": one.pk,
        "facility": one.facility,
        "offer": one.offer,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "opens_at": one.opens_at,
        "state": state.code,
        "left": state.left,
    }


@router.get("/slots", response=list[SlotOut], url_name="list_slots")
def list_slots(request: HttpRequest, facility: str, date: date | None = None) -> list[dict[str, Any]]:
    """The slots of a facility on a day, today unless `date` names another one."""
    return [_slot(one) for one in calendar.slots_of(_facility(facility), date or timezone.localdate())]


def _shown(order: Order) -> dict[str, Any]:
    return {
        "reference": order.reference,
        "state": order.state,
        "slot": _slot(order.slot),
        "way": order.way,
        "call": appointment.video_link(order, timezone.now()),
        "held_until": order.held_until if order.state == Order.State.HELD else None,
        "tickets": [
            {"number": one.number, "category": one.category, "people": one.people, "yen": one.yen,
             "cancelled": one.cancelled_at is not None}
            for one in order.tickets.order_by("number")
        ],
        "payment": {**payment(order.charge), "access_token": order.charge.secret} if order.charge else None,
        "page": _absolute("bookings:order", order.secret),
        "access_token": order.secret,
    }  # fmt: skip


def _refused(refused: ActionRefused) -> Problems:
    return Problems(409 if refused.conflict else 422, str(refused))


@router.post("/orders", response={201: OrderOut}, url_name="make_order")
def make_order(request: HttpRequest, body: OrderIn) -> Status[dict[str, Any]]:
    """Book places or an appointment; what costs something is held until it is paid.

    An appointment is one ticket of the category `appointment`, free of charge, and has a `way`.
    Needs the header `Idempotency-Key` (1 to 190 characters).
    """
    key = request.headers.get("Idempotency-Key", "")
    if not is_idempotency_key(f"api:{key}") or not key:
        raise Problems(
            400,
            "The header Idempotency-Key is missing.",
            detail="Send 1 to 190 printable characters, random and new for each order.",
        )
    slot = Slot.objects.filter(pk=body.slot, facility__in=facilities()).first()
    if slot is None:
        raise Problems(404, "There is no such slot.", detail="GET /api/v1/slots lists them.")
    try:
        rush.must_not_be_open(slot.facility)
        made = _made(slot, body, f"api:{key}")
    except ActionRefused as refused:
        raise _refused(refused) from refused
    return Status(201, _shown(Order.objects.select_related("slot", "charge").get(pk=made.pk)))


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
    proof = entitlement.proof(body.proof, slot) if body.proof else None
    return shop.buy(slot=slot, wanted=body.tickets, shown=body.total, buyer=buyer, key=key, by=PUBLIC, channel="api",
                    proof=proof)  # fmt: skip


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
    parsed = parse_reference(reference[:40])
    found = Order.objects.select_related("slot", "charge").filter(reference=parsed).first() if parsed else None
    if found is None or not hmac.compare_digest(found.secret.encode(), token.encode()):
        raise Problems(
            404, "There is no such order for this token.", detail="Send `Authorization: Bearer <access_token>`."
        )
    return found


@router.get("/orders/{order}", response=OrderOut, url_name="get_order")
def get_order(request: HttpRequest, order: str) -> dict[str, Any]:
    """How an order stands."""
    return _shown(_order(request, order))


@router.post("/orders/{order}/cancellation", response=OrderOut, url_name="cancel_order")
def cancel_order(request: HttpRequest, order: str, body: CancelIn) -> dict[str, Any]:
    """Cancel an order, or some of its tickets; what the rule gives back is paid back the way it came."""
    found = _order(request, order)
    chosen = found.tickets.filter(number__in=body.tickets).values_list("pk", flat=True) if body.tickets else None
    try:
        cancelling.cancel(order=found.pk, tickets=None if body.tickets is None else list(chosen or ()), by=PUBLIC)
    except ActionRefused as refused:
        raise _refused(refused) from refused
    return _shown(_order(request, order))
