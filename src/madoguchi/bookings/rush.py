"""The waiting page before the shop: joins the line, waits, lets in. One statement to join, none to wait (ADR 0027)."""

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.cases.actions import ActionRefused

from .kept import facilities
from .line import EARLY, LASTS, LOTS, SHOPPING, Opening, Token, before, may_enter, opening_of, step, turn_of
from .models import Line, Slot
from .wording import facility_name

COOKIE = "line"
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
    zone = ZoneInfo(settings.TIME_ZONE)
    return opening_of(found, timezone.now(), zone) if found and settings.RUSH else None


def admitted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Before this view of a facility stands its line; who sends a form in their turn or later is not stopped."""

    @wraps(view)
    def stands_before(request: HttpRequest, facility: str, **more: Any) -> HttpResponse:
        opening = opening_now(facility)
        if opening is None:
            return view(request, facility=facility, **more)
        return _in_line(request, opening, lambda: view(request, facility=facility, **more))

    return stands_before


def _in_line(request: HttpRequest, opening: Opening, shop: Callable[[], HttpResponse]) -> HttpResponse:
    token, now = _held(request, opening), timezone.now()
    turn = turn_of(token, opening, _early(opening)) if token else now
    ended = now >= turn + SHOPPING
    if token and (may_enter(turn, now) or (ended and request.method == "POST")):
        return shop()
    if token is None or ended:
        token = _joined(opening, now)
        turn = turn_of(token, opening, _early(opening))
    response = shop() if may_enter(turn, now) and now >= opening.at else _waiting(request, opening, turn)
    told = token.turn.isoformat() if token.turn else ""
    response.set_signed_cookie(
        COOKIE, f"{opening.facility} {opening.at.isoformat()} {token.lot} {told}", salt=COOKIE,
        max_age=int((EARLY + LASTS).total_seconds()), httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


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
    """The page that waits and looks again by itself; the early ones look at the opening, not all in one second."""
    now = timezone.now()
    left = max((turn - now).total_seconds(), 0)
    again = min(max(round(left), SHORTEST), LONGEST) + (secrets.randbelow(SHORTEST) if now < opening.at else 0)
    context = {
        "facility": facility_name(opening.facility),
        "is_early": now < opening.at,
        "opens": timezone.localtime(opening.at),
        "before": before(turn, opening, now),
        "minutes": max(round(left / 60), 1),
        "shopping": int(SHOPPING.total_seconds() // 60),
    }
    response = render(request, "bookings/line.html", context)
    response.headers["Refresh"] = str(again)
    return response


def must_not_be_open(code: str) -> None:
    """Programs do not pass the line: while there is one, they are told to come later. Raises ActionRefused."""
    if opening_now(code) is not None:
        raise _later()


def must_not_jump_the_line(to: Slot) -> None:
    """Nobody moves to what has just opened while others stand in line for it. Raises ActionRefused."""
    opening = opening_now(to.facility)
    if opening is not None and to.opens_at >= opening.at:
        raise _later()


def _later() -> ActionRefused:
    return ActionRefused(
        _("いま受付の順番待ちをしています。順番待ちが終わってから、もう一度お試しください。"), conflict=True
    )
