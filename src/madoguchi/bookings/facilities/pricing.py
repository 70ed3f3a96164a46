"""What tickets cost, and how much of it is paid back (pure): the CEL and the list of the definition."""

from collections.abc import Sequence
from datetime import date, datetime

from madoguchi.foundation.dates import is_public_holiday
from madoguchi.foundation.expressions import ExpressionFailed, compile_expression

from .format import Cancelling, Category, Entitlement


class NoPrice(ValueError):
    """The definition's price gives no amount for this day and number: a fault of the definition."""


def price(category: Category, day: date, *, count: int = 1, entitlement: str = "") -> int:
    """Yen for one ticket of `count` people. Raises NoPrice."""
    read = {"count": count, "date": str(day), "holiday": is_public_holiday(day), "entitlement": entitlement}
    try:
        yen = compile_expression(category.price).amount(read)
    except ExpressionFailed as failed:
        raise NoPrice(str(failed)) from failed
    if yen < 0:
        raise NoPrice(f"{category.price}: negative")
    return yen


def prices(category: Category, day: date, wanted: int, honoured: Entitlement | None) -> list[tuple[int, int]]:
    """(people, yen) of each ticket when so many people are wanted: one ticket for a group, else one for each."""
    if category.people:
        return [(wanted, price(category, day, count=wanted))]
    entitled = min(wanted, honoured.tickets.get(category.code, 0)) if honoured else 0
    code = honoured.code if honoured else ""
    special = [(1, price(category, day, entitlement=code))] * entitled
    return special + [(1, price(category, day))] * (wanted - entitled)


def percent_back(rule: Sequence[Cancelling], starts_at: datetime, now: datetime) -> int | None:
    """How much of the price comes back, in percent; None when it is too late to cancel, or never possible."""
    hours = (starts_at - now).total_seconds() / 3600
    fitting = [line for line in rule if hours >= line.hours_before and hours > 0]
    return max(fitting, key=lambda line: line.hours_before).percent if fitting else None


def yen_back(yen: int, percent: int) -> int:
    """The share of an amount, rounded up to the next yen: in the buyer's favour."""
    return -(-yen * percent // 100)
