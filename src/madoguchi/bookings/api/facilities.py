"""The API's operations on facilities, their slots and the waiting list of a slot."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from madoguchi.people.actor import PUBLIC
from madoguchi.people.rules import ANYONE, OPEN, WRITE, Rule, allowed
from madoguchi.platform.once import key_sent, must_be_key
from madoguchi.platform.problems import Problems
from madoguchi.platform.programs import Sent, told
from madoguchi.platform.refusing import ActionRefused
from madoguchi.platform.sql.rows import read

from .. import queries
from ..facilities import calendar, present
from ..facilities.directory import facilities
from ..facilities.format import Facility
from ..kinds import APPOINTMENT
from ..line import rush
from ..models import Slot, Waiting
from ..sales import entitlement, shop, waiting

router = Router()
MOST_CATEGORIES = 50


def _no_boolean(value: Any) -> Any:
    """JSON's true is no number of people, though Python would take it for 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("count", "{sentence}", {"sentence": _("人数は0以上の整数で入れてください。")})
    return value


Count = Annotated[int, BeforeValidator(_no_boolean)]


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
    needs_check: bool = Field(description="something is checked before admitting: a proof, the number of people")
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


class WaitingIn(Sent):
    tickets: dict[str, Count] = Field(description="category → people", max_length=MOST_CATEGORIES)
    email: str = Field(max_length=254)
    name: str = Field("", max_length=200)
    proof: str = Field("", max_length=300, description="code of the document that entitles to a price")


class AccessOut(Schema):
    reference: str
    access_token: str


class WaitingOut(Schema):
    slot: SlotOut
    people: int
    state: str = Field(description="waiting, offered, left")
    order: AccessOut | None = Field(description="the order that is held once places are offered")
    page: str
    access_token: str


def absolute(name: str, *args: Any) -> str:
    """The whole address of a page."""
    return settings.PUBLIC_URL + reverse(name, args=args)


def _line(one: Facility) -> dict[str, Any]:
    return {**present.card(one), "kind": one.kind, "url": absolute("api:get_facility", one.code)}


@router.get("/facilities", response=list[FacilityLine], url_name="list_facilities", openapi_extra=told())
@allowed(OPEN)
def list_facilities(request: HttpRequest) -> list[dict[str, Any]]:
    """Everything that can be booked."""
    return [_line(one) for one in facilities().values()]


def _facility(code: str) -> Facility:
    if code not in facilities():
        raise Problems(404, _("この施設はありません。"), detail=_("施設の一覧は GET /api/v1/facilities にあります。"))
    return facilities()[code]


@router.get("/facilities/{code}", response=FacilityOut, url_name="get_facility", openapi_extra=told(404))
@allowed(OPEN)
def get_facility(request: HttpRequest, code: str) -> dict[str, Any]:
    """A facility with its offers and prices."""
    found, said = _facility(code), get_language() or "ja"
    return {
        **_line(found),
        "closed": found.closed_text.said(said),
        "page": absolute("bookings:facility", code),
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


def slot_of(one: Slot) -> dict[str, Any]:
    """A slot as the API shows it."""
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


@router.get("/slots", response=list[SlotOut], url_name="list_slots", openapi_extra=told(404, 422))
@allowed(ANYONE)
def list_slots(request: HttpRequest, facility: str, date: date | None = None) -> list[dict[str, Any]]:
    """The slots of a facility on a day, today unless `date` names another one."""
    return [slot_of(one) for one in calendar.slots_of(_facility(facility), date or timezone.localdate())]


def slot_named(pk: UUID) -> Slot:
    """A slot of a facility that there is. Raises Problems (404)."""
    found = next(iter(read(Slot, "WHERE id = %s", [pk])), None)
    if found is None or found.facility not in facilities():
        raise Problems(404, _("この時間の枠はありません。"), detail=_("枠の一覧は GET /api/v1/slots にあります。"))
    return found


def refusal(refused: ActionRefused) -> Problems:
    """A refusal as the API answers it."""
    return Problems(409 if refused.conflict else 422, str(refused))


def _shown(one: Waiting) -> dict[str, Any]:
    state = "offered" if one.offered_at else "left" if one.left_at else "waiting"
    made = one.order
    return {
        "slot": slot_of(one.slot),
        "people": one.places,
        "state": state,
        "order": {"reference": made.reference, "access_token": made.secret} if made else None,
        "page": absolute("bookings:waiting", one.secret),
        "access_token": one.secret,
    }


@router.post(
    "/slots/{slot}/waiting",
    response={201: WaitingOut},
    url_name="wait_for_slot",
    openapi_extra=told(400, 404, 409, 422, key=True, needed=False),
)
@allowed(Rule("anyone", WRITE))
def wait_for_slot(request: HttpRequest, slot: UUID, body: WaitingIn) -> Status[dict[str, Any]]:
    """Wait for places in a slot that is sold out; the first whose number fits is written to and has 30 minutes.

    With an `Idempotency-Key`, repeating gives the same place in the line; without one it is refused with 409.
    """
    if key := key_sent(request):
        must_be_key(key, _("ヘッダー Idempotency-Key が長すぎるか、使えない文字があります。"), within="api:")
    found = slot_named(slot)
    buyer = shop.Buyer(body.email, body.name, get_language() or "ja")
    try:
        rush.must_not_jump_the_line(found)
        proof = entitlement.proof(body.proof, shop.offered(found)) if body.proof else None
        made = waiting.ask(slot=found, wanted=body.tickets, buyer=buyer, by=PUBLIC, proof=proof, key=key)
    except ActionRefused as refused:
        raise refusal(refused) from refused
    return Status(201, _shown(made))


def _waiting(request: HttpRequest) -> Waiting:
    """Who waits behind the bearer token; anything else looks the same (404)."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()[:40]
    found = queries.place_in_line(token)
    if found is None:
        raise Problems(
            404,
            _("このトークンで開けるキャンセル待ちはありません。"),
            detail=_("ヘッダー Authorization: Bearer （access_token）を送ってください。"),
        )
    return found


@router.get("/waiting", response=WaitingOut, url_name="get_waiting", openapi_extra=told(404, held=True))
@allowed(ANYONE)
def get_waiting(request: HttpRequest) -> dict[str, Any]:
    """How waiting stands, by its bearer token; `order` once places are offered."""
    return _shown(_waiting(request))


@router.post("/waiting/cancellation", response=WaitingOut, url_name="stop_waiting", openapi_extra=told(404, held=True))
@allowed(Rule("anyone", WRITE))
def stop_waiting(request: HttpRequest) -> dict[str, Any]:
    """Wait no longer; repeating changes nothing."""
    waiting.leave(waiting=_waiting(request), by=PUBLIC)
    return _shown(_waiting(request))
