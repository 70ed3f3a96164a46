"""The waiting page before the shop: joins the line, waits, lets in. One statement to join, none to wait (ADR 0027)."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache, partial, wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.actions import ActionRefused

from .calendar import day_of
from .kept import facilities
from .line import (
    EARLY,
    LASTS,
    LOTS,
    SHOPPING,
    Opening,
    Token,
    before,
    is_behind,
    may_enter,
    opening_of,
    other_days,
    step,
    turn_of,
)
from .models import Line, Slot
from .wording import facility_name

COOKIE = "line"
MINUTE = timedelta(minutes=1)
SHORTEST, LONGEST = 5, 60
"""Seconds between two looks of a page that waits."""

_JOIN_EARLY = """
INSERT INTO bookings_line AS line (facility, opening, early) VALUES (%s, %s, 1)
ON CONFLICT (facility, opening) DO UPDATE SET early = line.early + 1
"""
_JOIN_LATE = """
INSERT INTO bookings_line AS line (facility, opening, early, next) VALUES (%(facility)s, %(at)s, 0, %(now)s + %(step)s)
ON CONFLICT (facility, opening) DO UPDATE
SET next = GREATEST(COALESCE(line.next, line.opening + line.early * %(step)s), %(now)s) + %(step)s
RETURNING next - %(step)s
"""


def opening_now(code: str) -> Opening | None:
    """The opening of a facility whose line is there now."""
    found = facilities().get(code)
    return opening_of(found, timezone.now(), _zone()) if found and settings.RUSH else None


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def admitted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Before this view of a facility stands its line; who sends a form in their turn or later is not stopped."""

    @wraps(view)
    def stands_before(request: HttpRequest, facility: str, **where: Any) -> HttpResponse:
        opening, shop = opening_now(facility), partial(view, request, facility=facility, **where)
        return shop() if opening is None else _in_line(request, opening, where, shop)

    return stands_before


def _in_line(
    request: HttpRequest, opening: Opening, where: Mapping[str, Any], shop: Callable[[], HttpResponse]
) -> HttpResponse:
    token, now = _held(request, opening), timezone.now()
    turn = turn_of(token, opening, _early(opening)) if token else now
    ended = now >= turn + SHOPPING
    if token and (may_enter(turn, now) or (ended and request.method == "POST")):
        return shop()
    if not _is_behind(opening, **where):
        return shop()
    if token is None or ended:
        token = _joined(opening, now)
        turn = turn_of(token, opening, _early(opening))
    response = shop() if may_enter(turn, now) else _waiting(request, opening, turn)
    told = token.turn.isoformat() if token.turn else ""
    response.set_signed_cookie(
        COOKIE, f"{opening.facility} {opening.at.isoformat()} {token.lot} {told}", salt=COOKIE,
        max_age=int((EARLY + LASTS).total_seconds()), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _is_behind(opening: Opening, day: str = "", slot: UUID | None = None) -> bool:
    """Whether the line stands before a page: the facility's own, and those of what opens, not of what was on sale."""
    if slot is not None:
        return Slot.objects.filter(pk=slot, facility=opening.facility, opens_at__gte=opening.at).exists()
    if not day:
        return True  # the page that everybody loads again and again; the waiting page leads on to the other days
    wanted = day_of(day)
    return wanted is not None and is_behind(facilities()[opening.facility], opening, wanted, _zone())


def _held(request: HttpRequest, opening: Opening) -> Token | None:
    try:
        told = (request.get_signed_cookie(COOKIE, default="", salt=COOKIE) or "").split(" ")
    except signing.BadSignature:
        return None
    if told[:2] != [opening.facility, opening.at.isoformat()]:
        return None
    return Token(int(told[2]), datetime.fromisoformat(told[3]) if told[3] else None)


def _joined(opening: Opening, now: datetime) -> Token:
    with connection.cursor() as cursor:
        if now < opening.at:
            cursor.execute(_JOIN_EARLY, [opening.facility, opening.at])
            return Token(lot=secrets.randbelow(LOTS))
        given: dict[str, Any] = {**opening._asdict(), "now": now, "step": step(opening)}
        cursor.execute(_JOIN_LATE, given)
        return Token(turn=cursor.fetchone()[0])


def _early(opening: Opening) -> int:
    """How many came early; before the opening nobody needs to know, afterwards it stays as it is."""
    return _drawn(opening) if timezone.now() >= opening.at else 0


@lru_cache(maxsize=8)
def _drawn(opening: Opening) -> int:
    found = Line.objects.filter(facility=opening.facility, opening=opening.at).values_list("early", flat=True).first()
    return found or 0


def _waiting(request: HttpRequest, opening: Opening, turn: datetime) -> HttpResponse:
    """The page that waits and looks again by itself; where a form came, it keeps what was typed and waits for a press.

    The early ones look at the opening, not all in one second.
    """
    now = timezone.now()
    left = max((turn - now).total_seconds(), 0)
    context = {
        "facility": facility_name(opening.facility),
        "code": opening.facility,
        "is_early": now < opening.at,
        "opens": timezone.localtime(opening.at),
        "before": before(turn, opening, now),
        "minutes": max(round(left / 60), 1),
        "shopping": int(SHOPPING.total_seconds() // 60),
        "turn": timezone.localtime(turn + MINUTE),
        "typed": [(name, value) for name, values in request.POST.lists() for value in values],
        "days": _other_days(opening, timezone.localdate(now)),
    }
    response = render(request, "bookings/line.html", context)
    if request.method != "POST":  # a page that looks again by itself would lose the form
        again = min(max(round(left), SHORTEST), LONGEST) + (secrets.randbelow(SHORTEST) if now < opening.at else 0)
        response.headers["Refresh"] = str(again)
    return response


@lru_cache(maxsize=8)
def _other_days(opening: Opening, today: date) -> list[date]:
    return other_days(facilities()[opening.facility], opening, today, _zone())


def must_not_jump_the_line(to: Slot) -> None:
    """Nobody moves to what just opened, and no program takes it, while others stand in line. Raises ActionRefused."""
    opening = opening_now(to.facility)
    if opening is not None and to.opens_at >= opening.at:
        raise ActionRefused(
            _("いま受付の順番待ちをしています。順番待ちが終わってから、もう一度お試しください。"), conflict=True
        )
