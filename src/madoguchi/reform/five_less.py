"""The five-less board: for each less, what is computed, what is entered, and the register, by bureau and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.platform.calendar import today
from madoguchi.town.offices import Named, town

from .format import LESSES, Indicator, Less
from .kept import kept
from .measures import bureau_of
from .models import Item, State
from .queries import MONTHS, Point, computed, latest_entries, least_of, monthly
from .rules import months_before

REGISTERED: dict[Less, str] = {"fax": Item.Kind.FAX, "seal": Item.Kind.SEAL, "cash": Item.Kind.CHARGE}
OPEN = (State.Value.USED,)


@dataclass(frozen=True)
class Row:
    """An indicator: all bureaus together by month, and each bureau in the latest month that has a value."""

    indicator: Indicator
    points: tuple[Point, ...]
    bureaus: tuple[tuple[Named, Point | None], ...]

    @property
    def last(self) -> Point | None:
        """The latest value."""
        return next((point for point in reversed(self.points) if point.value is not None), None)

    @property
    def first(self) -> Point | None:
        """The earliest value of the twelve months: where it stood."""
        return next((point for point in self.points if point.value is not None), None)

    @property
    def known(self) -> list[tuple[Named, Point]]:
        """The bureaus that have a value."""
        return [(bureau, point) for bureau, point in self.bureaus if point and point.value is not None]

    @property
    def unsaid(self) -> list[Named]:
        """The bureaus whose value stands for too few to be said."""
        return [bureau for bureau, point in self.bureaus if point and point.fault]

    @property
    def lagging(self) -> list[tuple[Named, float]]:
        """The bureaus that have not reached the target, the furthest first; none where there is no target."""
        if self.target is None:
            return []
        down = self.indicator.better == "down"
        values = [(bureau, point.value) for bureau, point in self.known if point.value is not None]
        gaps = [((value - self.target) * (1 if down else -1), bureau, value) for bureau, value in values]
        return [(bureau, value) for gap, bureau, value in sorted(gaps, key=lambda one: -one[0]) if gap > 0]

    @property
    def target(self) -> float | None:
        """The next target."""
        return self.indicator.targets[-1].value if self.indicator.targets else None


@dataclass(frozen=True)
class Register:
    """How many items of a kind there are in a bureau, and how many are still used."""

    bureau: Named
    total: int
    used: int
    law: int


@dataclass(frozen=True)
class Board:
    """One less."""

    less: Less
    rows: tuple[Row, ...]
    register: tuple[Register, ...]
    reference: tuple[Indicator, ...]

    @property
    def head(self) -> Row | None:
        """The row that answers for the whole: the first that has a value."""
        return next((row for row in self.rows if row.last), self.rows[0] if self.rows else None)


def boards(until: date | None = None) -> list[Board]:
    """All five, in the order of the strategy, of twelve months up to `until` (or today)."""
    months = months_before((until or today()).replace(day=1), MONTHS)
    own = [one for one in kept().indicators.values() if one.less and one.fictional]
    entered = latest_entries([one.code for one in own if one.entered], months)
    register = _register(until or today())
    return [
        Board(
            less,
            tuple(_row(one, months, entered) for one in own if one.less == less),
            register.get(REGISTERED.get(less, ""), ()),
            tuple(one for one in kept().indicators.values() if one.less == less and not one.fictional),
        )
        for less in LESSES
    ]


def _row(indicator: Indicator, months: Sequence[date], entered: Sequence[object]) -> Row:
    if indicator.entered:
        return _entered_row(indicator, months, entered)
    parts, least = computed(indicator, months), least_of(indicator)
    by_bureau = tuple(
        (bureau, _last(monthly(parts, months, bureau.code, least=least))) for bureau in town().bureaus.values()
    )
    return Row(indicator, tuple(monthly(parts, months, least=least)), by_bureau)


def _entered_row(indicator: Indicator, months: Sequence[date], entered: Sequence[object]) -> Row:
    mine = [one for one in entered if one.indicator == indicator.code]  # type: ignore[attr-defined]
    found = {(one.bureau, one.month): float(one.value) for one in mine}  # type: ignore[attr-defined]

    def points(bureau: str = "") -> list[Point]:
        held = [[v for (b, m), v in found.items() if m == month and bureau in ("", b)] for month in months]
        return [Point(f"{month:%Y-%m}", sum(v) if v else None) for month, v in zip(months, held, strict=True)]

    bureaus = tuple((bureau, _last(points(bureau.code))) for bureau in town().bureaus.values())
    return Row(indicator, tuple(points()), bureaus)


def _last(points: Sequence[Point]) -> Point | None:
    return next((point for point in reversed(points) if point.value is not None or point.fault), None)


def _register(day: date) -> dict[str, tuple[Register, ...]]:
    """The register by kind and bureau as it stood on a day."""
    states = State.objects.filter(since__lte=day).order_by("item", "-revision").distinct("item")
    counts: dict[tuple[str, str], list[int]] = {}
    for state in states.select_related("item"):
        held = counts.setdefault((state.item.kind, bureau_of(state.item.office)), [0, 0, 0])
        held[0] += 1
        held[1] += state.value in OPEN
        held[2] += state.value == State.Value.LAW
    return {
        kind: tuple(Register(b, *counts[kind, b.code]) for b in town().bureaus.values() if (kind, b.code) in counts)
        for kind in Item.Kind.values
    }
