"""Pages of a list by a mark in the address: the last page costs what the first one costs."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import DateField, F, Field, Func, Model, QuerySet, UUIDField, Value
from django.db.models.lookups import GreaterThan

PAGE: Final = 50
Row = TypeVar("Row", bound=Model)


def pair(first: Any, second: Any) -> Func:
    """Two columns compared as one."""
    return Func(first, second, template="ROW(%(expressions)s)", output_field=Field())


def place(moment: Any, identifier: UUID, kind: "Field[Any, Any]") -> Func:
    """Where a mark stands, to be compared with a pair."""
    return pair(Value(moment, output_field=kind), Value(identifier, output_field=UUIDField()))


def read(mark: str, moment: Callable[[str], Any]) -> tuple[Any, UUID] | None:
    """(day or moment, id) of a mark; None where nobody made it, which begins anew."""
    first, _bar, second = mark.partition("|")
    try:
        return (moment(first) if first else None), UUID(second)
    except ValueError:
        return None


def by_day(rows: QuerySet[Row], day: str, mark: str) -> list[Row]:
    """One page and a row more, by a day; those without one at the end, as a range of their own.

    Two ranges of the index: a single condition with OR would read and throw away all pages before this one.
    """
    at = read(mark, date.fromisoformat)
    dated: list[Row] = []
    if not (at and at[0] is None):
        with_day = rows.filter(**{f"{day}__isnull": False})
        if at:
            with_day = with_day.filter(GreaterThan(pair(F(day), F("id")), place(*at, DateField())))
        dated = list(with_day.order_by(day, "id")[: PAGE + 1])
    undated = rows.filter(**{f"{day}__isnull": True})
    if at and at[0] is None:
        undated = undated.filter(id__gt=at[1])
    return [*dated, *undated.order_by("id")[: PAGE + 1 - len(dated)]]


def cut(found: Sequence[Row], moment: Callable[[Row], object]) -> tuple[list[Row], str]:
    """The rows of the page, and the mark of the next one ("" on the last); `moment` gives what they are ordered by."""
    if len(found) <= PAGE:
        return list(found), ""
    last = found[PAGE - 1]
    return list(found[:PAGE]), f"{moment(last) or ''}|{last.pk}"
