"""The public API of registers: what a number stands for, and whether it is in force. Only public columns are told."""

from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Field, QueryEx, Router, Schema

from madoguchi.people.rules import ANYONE, OPEN, allowed
from madoguchi.platform.calendar import today
from madoguchi.platform.problems import Problems
from madoguchi.platform.programs import told
from madoguchi.town.offices import town

from . import queries
from .directory import registers
from .load import Defined
from .models import Holding
from .rules import State

router = Router()


class RegisterOut(Schema):
    code: str
    name: str
    summary: str
    office: str
    law: list[str]
    columns: dict[str, str] = Field(description="public columns: name → what it is")
    url: str


class HoldingOut(Schema):
    register_code: str = Field(alias="register")
    number: str
    in_force: bool = Field(description="whether the right holds today")
    standing: str = Field(description="coming, in-force, suspended, ended")
    since: date | None
    until: date | None = Field(description="the last day; null: no end")
    ended_on: date | None
    columns: dict[str, Any] = Field(description="what anybody may read of it, by column")


def _language() -> str:
    return get_language() or "ja"


def _found(code: str) -> Defined:
    if code not in registers():
        raise Problems(404, _("この台帳はありません。"), detail=_("台帳の一覧は GET /api/v1/registers にあります。"))
    return registers()[code]


@router.get("/registers", response=list[RegisterOut], url_name="list_registers", openapi_extra=told())
@allowed(OPEN)
def list_registers(request: HttpRequest) -> list[dict[str, Any]]:
    """The registers of the town, and which columns anybody may read."""
    return [_described(one) for one in registers().values()]


def _described(one: Defined) -> dict[str, Any]:
    register, language = one.register, _language()
    return {
        "code": register.code,
        "name": one.name(language),
        "summary": one.words(language).text("summary", register.summary),
        "office": town().offices[register.office].in_language(language),
        "law": [str(law) for law in register.law],
        "columns": {name: one.label(name, language) for name in register.public},
        "url": settings.PUBLIC_URL + reverse("api:find_holding", args=[register.code]),
    }


@router.get(
    "/registers/{code}/holdings",
    response=HoldingOut,
    url_name="find_holding",
    by_alias=True,
    openapi_extra=told(404, 422),
)
@allowed(ANYONE)
def find_holding(
    request: HttpRequest,
    code: str,
    number: Annotated[str, QueryEx(description="as its paper prints it", max_length=40)],
) -> dict[str, Any]:
    """What a number stands for and whether it is in force today: one number at a time, public columns only."""
    defined = _found(code)
    holding = queries.find(code, number)
    if holding is None or holding.purged_at:
        raise Problems(404, _("この番号は台帳にありません。"))
    day = today()
    return _told(defined, holding, queries.state_of(holding, day), day)


def _told(defined: Defined, holding: Holding, state: State, day: date) -> dict[str, Any]:
    return {
        "register": holding.register,
        "number": holding.number,
        "in_force": state.in_force(day, renewing=queries.is_renewing(holding)),
        "standing": state.standing,
        "since": state.since,
        "until": state.until,
        "ended_on": state.ended_on,
        "columns": {name: state.values[name] for name in defined.register.public if name in state.values},
    }
