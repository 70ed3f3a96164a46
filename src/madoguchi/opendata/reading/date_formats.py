"""A day or time as its spreadsheet shows it: `number_formats` for the serial numbers of days. Pure, without Django."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from madoguchi.foundation.dates import to_era

from .format_codes import Piece, Section, Shown, Unshown

_FIRST, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST: Final = 2_958_465
_KNOWN_LOCALES: Final = frozenset({"", "411", "409", "809", "F800", "F400", "ja-JP", "en-US"})
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK: Final = "月火水木金土日"
_LETTERS: Final = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}


def shown_date(serial: Decimal, section: Section, *, from_1904: bool) -> Shown:
    """A serial number under a section with letters of dates. Raises Unshown."""
    if not 0 <= serial <= _LAST:
        raise Unshown("hash")
    pieces = list(_minutes_told(section.pieces))
    kinds = {piece.text[0] for piece in pieces if piece.kind == "date"}
    if any(piece.kind == "elapsed" for piece in pieces):
        text = _elapsed(serial, pieces)
        return Shown(text, text)
    if kinds & set("ymdgea"):
        moment = _moment(serial, from_1904=from_1904)
    elif serial >= 1:
        raise Unshown("day-hidden")
    else:
        moment = datetime(2000, 1, 1) + _seconds(serial)
    if kinds & set("ye") and {"m", "d"} <= kinds:
        return _whole(moment, kinds, pieces, section)
    return _partly(moment, pieces, section)


def _minutes_told(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """m beside hours or seconds is minutes: told as n."""
    letters = [(place, piece.text) for place, piece in enumerate(pieces) if piece.kind in ("date", "elapsed")]
    minutes = set()
    for order, (place, text) in enumerate(letters):
        before = letters[order - 1][1][0] if order else ""
        after = letters[order + 1][1][0] if order + 1 < len(letters) else ""
        if text[0] == "m" and len(text) < 3 and pieces[place].kind == "date" and (before == "h" or after == "s"):
            minutes.add(place)
    for place, piece in enumerate(pieces):
        yield Piece("date", "n" * len(piece.text)) if place in minutes else piece


def _moment(serial: Decimal, *, from_1904: bool) -> datetime:
    """The moment. Day 60 of the calendar from 1900 never was, days before it are one off."""
    if from_1904:
        return _FIRST_1904 + timedelta(days=int(serial)) + _seconds(serial % 1)
    if serial < 1 or 60 <= serial < 61:
        raise Unshown("no-such-day")
    return _FIRST + timedelta(days=int(serial) + (serial < 60)) + _seconds(serial % 1)


def _seconds(part: Decimal) -> timedelta:
    return timedelta(seconds=int((part * 86_400).quantize(Decimal(1), ROUND_HALF_UP)))


def _whole(moment: datetime, kinds: set[str], pieces: Sequence[Piece], section: Section) -> Shown:
    """Year, month and day are shown: the same day by ISO 8601."""
    has_time = "h" in kinds
    plain = moment.isoformat("T", "seconds" if "s" in kinds else "minutes") if has_time else moment.date().isoformat()
    try:
        text = _partly(moment, pieces, section).text
    except Unshown:
        text = plain  # letters of another calendar: the day is the same
    return Shown(text, plain, is_told=text != plain)


def _partly(moment: datetime, pieces: Sequence[Piece], section: Section) -> Shown:
    locale = section.locale.lstrip("0")
    if locale not in _KNOWN_LOCALES:
        raise Unshown("format-unknown")
    has_noon = any(piece.kind == "noon" for piece in pieces)
    has_era = any(piece.kind == "date" and piece.text[0] == "g" for piece in pieces)
    text = "".join(_told(moment, piece, has_noon=has_noon, has_era=has_era) for piece in pieces).strip()
    return Shown(text, text)


def _told(moment: datetime, piece: Piece, *, has_noon: bool, has_era: bool) -> str:
    kind, text = piece
    if kind == "date":
        return _letters(moment, text, has_noon=has_noon, has_era=has_era)
    if kind == "noon":
        morning, evening = text.upper().split("/")
        return morning if moment.hour < 12 else evening
    if kind in ("literal", "slash", "comma", "dot"):
        return text
    raise Unshown("format-unknown")  # parts of seconds and the like


def _letters(moment: datetime, text: str, *, has_noon: bool, has_era: bool) -> str:
    letter, count = text[0], len(text)
    if letter in "ge" or (letter == "y" and has_era):
        return _era(moment, letter, count, has_era=has_era)
    hour = (moment.hour % 12 or 12) if has_noon else moment.hour
    if letter == "y":
        return f"{moment.year:04}" if count > 2 else f"{moment.year % 100:02}"
    if letter == "a":
        return _WEEK[moment.weekday()] + ("曜日" if count == 4 else "")
    if letter in "md" and count > 2:
        name = _MONTHS[moment.month - 1] if letter == "m" else _DAYS[moment.weekday()]
        return {3: name[:3], 4: name, 5: name[0]}[min(count, 5)]
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[letter]
    return f"{number:02}" if count > 1 else str(number)


def _era(moment: datetime, letter: str, count: int, *, has_era: bool) -> str:
    if not has_era:
        raise Unshown("format-unknown")  # e alone is the year of an era here, of the calendar elsewhere
    try:
        era, year = to_era(moment.date())
    except ValueError:
        raise Unshown("format-unknown") from None
    if letter == "g":
        return {1: _LETTERS[era], 2: era[0]}.get(count, era)
    return f"{year:02}" if count > 1 else str(year)


def _elapsed(serial: Decimal, pieces: Sequence[Piece]) -> str:
    """Hours, minutes or seconds that may be more than a clock has: 25:00."""
    total = int((serial * 86_400).quantize(Decimal(1), ROUND_HALF_UP))
    parts = []
    for piece in pieces:
        if piece.kind in ("literal", "slash"):
            parts.append(piece.text)
            continue
        letter = "n" if piece.kind == "elapsed" and piece.text[0] == "m" else piece.text[0]
        if piece.kind not in ("elapsed", "date") or letter not in "hns":
            raise Unshown("format-unknown")
        number = total // {"h": 3600, "n": 60, "s": 1}[letter]
        number = number if piece.kind == "elapsed" else number % 60
        parts.append(f"{number:0{len(piece.text)}}")
    return re.sub(r"\s+", " ", "".join(parts)).strip()
