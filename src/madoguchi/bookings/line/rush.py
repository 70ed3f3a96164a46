"""The waiting page before the shop: joins the line, waits, lets in. One statement to join, none to wait (ADR 0027)."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial, wraps
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.platform import cookies as jar
from madoguchi.platform.refusing import ActionRefused

from ..facilities.calendar import day_of
from ..facilities.directory import facilities
from ..facilities.wording import facility_name
from ..models import Line, Slot
from .turns import (
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
    roughly,
    step,
    turn_of,
)

COOKIE = "line"
MINUTE = timedelta(minutes=1)
SHORTEST, LONGEST = 5, 60
"""Seconds between two looks of a page that waits."""

STANDING = "madoguchi.line"
"""Under this key of a WSGI environment stands the place that was taken in front of Django."""
MARK = "X-Line"
"""The header of a waiting page that is the same for all to whom it shows as many before them."""
BETWEEN = "~"

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


class Standing(NamedTuple):
    """A place in a line and its turn; a new one is still to be told to the browser."""

    token: Token
    turn: datetime
    is_new: bool = False

    def lets_in(self, method: str, now: datetime) -> bool:
        """In one's turn; a form is taken even after it."""
        return may_enter(self.turn, now) or (method == "POST" and now >= self.turn)


def opening_now(code: str) -> Opening | None:
    """The opening of a facility whose line is there now."""
    if code not in facilities() or not settings.RUSH:
        return None
    return _opening_in(code, timezone.now().replace(second=0, microsecond=0))


@lru_cache(maxsize=64)
def _opening_in(code: str, minute: datetime) -> Opening | None:
    """Lines begin and end with a minute, and holidays need not be reckoned for each who asks."""
    return opening_of(facilities()[code], minute, _zone())


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
    now, method = timezone.now(), str(request.method)
    mine = request.META.get(STANDING) or held(request.COOKIES, opening, now)
    if not (mine and mine.lets_in(method, now)) and not _is_behind(opening, **where):
        return shop()
    mine = placed(mine, opening, now, method)
    response = shop() if mine.lets_in(method, now) else _waiting(request, opening, mine, now)
    if mine.is_new:
        hand_over(response, mine, opening)
    return response


def _is_behind(opening: Opening, day: str = "", slot: UUID | None = None) -> bool:
    """Whether the line stands before a page: the facility's own, and those of what opens, not of what was on sale."""
    if slot is not None:
        return Slot.objects.filter(pk=slot, facility=opening.facility, opens_at__gte=opening.at).exists()
    if not day:
        return True  # the page that everybody loads again and again; the waiting page leads on to the other days
    wanted = day_of(day)
    return wanted is not None and is_behind(facilities()[opening.facility], opening, wanted, _zone())


def held(cookies: Mapping[str, str], opening: Opening, now: datetime) -> Standing | None:
    """The place that a browser holds in this line; none where it is forged or of another line."""
    try:
        told = _signer().unsign(jar.read(cookies, COOKIE)).split(BETWEEN)
    except signing.BadSignature:
        return None
    if told[:2] != [opening.facility, opening.at.isoformat()]:
        return None
    token = Token(int(told[2]), datetime.fromisoformat(told[3]) if told[3] else None)
    return Standing(token, turn_of(token, opening, _early(opening, now)))


def hand_over(response: HttpResponse, mine: Standing, opening: Opening) -> None:
    """Let the browser hold its place."""
    token = mine.token
    told = (opening.facility, opening.at.isoformat(), str(token.lot), token.turn.isoformat() if token.turn else "")
    jar.put(response, COOKIE, _signer().sign(BETWEEN.join(told)), lasts=EARLY + LASTS)


@cache
def _signer() -> signing.Signer:
    return signing.get_cookie_signer(salt=COOKIE)


def placed(mine: Standing | None, opening: Opening, now: datetime, method: str = "GET") -> Standing:
    """The place held, or a new one where there is none or its turn is over. At most one statement."""
    is_over = mine is not None and now >= mine.turn and not mine.lets_in(method, now)
    return _joined(opening, now) if mine is None or is_over else mine


def _joined(opening: Opening, now: datetime) -> Standing:
    """A lot for who comes early, else the next turn."""
    with connection.cursor() as cursor:
        if now < opening.at:
            cursor.execute(_JOIN_EARLY, [opening.facility, opening.at])
            return Standing(Token(lot=secrets.randbelow(LOTS)), opening.at, is_new=True)
        given: dict[str, Any] = {**opening._asdict(), "now": now, "step": step(opening)}
        cursor.execute(_JOIN_LATE, given)
        turn = cursor.fetchone()[0]
        return Standing(Token(turn=turn), turn, is_new=True)


def _early(opening: Opening, now: datetime) -> int:
    """How many came early; before the opening nobody needs to know, afterwards it stays as it is."""
    return _drawn(opening) if now >= opening.at else 0


@lru_cache(maxsize=8)
def _drawn(opening: Opening) -> int:
    found = Line.objects.filter(facility=opening.facility, opening=opening.at).values_list("early", flat=True).first()
    return found or 0


def shown(mine: Standing, opening: Opening, now: datetime) -> str:
    """What a waiting page shows of a place: how many are before it, not yet known before the opening."""
    return str(roughly(before(mine.turn, opening, now))) if now >= opening.at else "early"


def again(mine: Standing, opening: Opening, now: datetime) -> str:
    """In how many seconds a page that waits looks again; the early ones at the opening, but not all in one second."""
    left = round(max((mine.turn - now).total_seconds(), 0))
    return str(min(max(left, SHORTEST), LONGEST) + (secrets.randbelow(SHORTEST) if now < opening.at else 0))


def _waiting(request: HttpRequest, opening: Opening, mine: Standing, now: datetime) -> HttpResponse:
    """The page that waits; where a form came, it keeps what was typed and waits for a press.

    All others look again by themselves, and show nothing but `shown`: they are kept in front of Django (`front`).
    """
    people = shown(mine, opening, now)
    context = {
        "facility": facility_name(opening.facility),
        "code": opening.facility,
        "is_early": now < opening.at,
        "opens": timezone.localtime(opening.at),
        "before": people,
        "minutes": "" if now < opening.at else max(-(-int(people) // opening.per_minute), 1),
        "shopping": int(SHOPPING.total_seconds() // 60),
        "turn": timezone.localtime(mine.turn + MINUTE),
        "typed": [(name, value) for name, values in request.POST.lists() for value in values],
        "days": _other_days(opening, timezone.localdate(now)),
    }
    response = render(request, "bookings/line.html", context)
    if request.method == "GET":  # a page that looks again by itself would lose a form
        response["Refresh"], response[MARK] = again(mine, opening, now), people
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
