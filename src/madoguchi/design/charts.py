"""Charts as plain geometry: made on the server, work without scripts, print, and always come with their numbers.

`{% include "design/chart.html" with chart=chart %}` draws one with its table, `design/sparkline.html` a small line
without a scale. Values that are not published are None: a gap in the picture and a word in the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from math import ceil, floor, log10
from typing import Final, Literal, NamedTuple

STEP: Final = 42
"""Height of a named bar with its name."""
MOST_STEPS: Final = 6
PARTS: Final = (0.1, 0.2, 0.25, 0.5, 1, 2)


class Frame(NamedTuple):
    """The size of a picture, the margins around what is drawn, and how many labels there is room for (pixels)."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    labels: int


PICTURE: Final = Frame(480, 240, 64, 24, 16, 36, 5)
WIDE: Final = Frame(640, 260, 64, 32, 16, 40, 7)
SPARK: Final = Frame(220, 56, 6, 6, 6, 6, 0)


class Mark(NamedTuple):
    """One value: its place in the picture and what it stands for."""

    label: str
    value: float | None
    x: float
    y: float


class Column(NamedTuple):
    """A value as a column: its left and upper edge, how wide and how high."""

    mark: Mark
    x: float
    y: float
    width: float
    height: float


class Bar(NamedTuple):
    """One name above its bar: the baseline of the name, the top and the length of the bar."""

    label: str
    value: float
    text_y: float
    y: float
    width: float


class Tick(NamedTuple):
    """A line of the scale, or a label below it."""

    at: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A line (over time), columns (a distribution) or bars (names, which need room) of (label, value).

    Points of one label (two sources that disagree) stand above each other and are not joined. `unit` stands in the
    table and the summary, `label` above the labels; `target` is drawn as a dashed line.
    """

    title: str
    kind: Literal["line", "columns", "bars"]
    points: Sequence[tuple[str, float | None]]
    unit: str = ""
    label: str = ""
    summary: str = ""
    target: float | None = None
    frame: Frame = field(default=PICTURE)

    @cached_property
    def known(self) -> list[float]:
        """The values that there are."""
        return [value for _label, value in self.points if value is not None]

    @cached_property
    def total(self) -> float | None:
        """All values together; None where one of them is not published."""
        return sum(self.known) if len(self.known) == len(self.points) else None

    @cached_property
    def places(self) -> list[str]:
        """The labels from left to right, each once."""
        return list(dict.fromkeys(label for label, _value in self.points))

    @cached_property
    def marks(self) -> list[Mark]:
        """Every point; one without a value stands on the floor."""
        at = {label: round(self.frame.left + self._room * (n + 0.5), 1) for n, label in enumerate(self.places)}
        return [Mark(label, value, at[label], self._y(value or 0)) for label, value in self.points]

    @property
    def drawn(self) -> list[Mark]:
        """The points that have a value."""
        return [mark for mark in self.marks if mark.value is not None]

    @property
    def columns(self) -> Iterator[Column]:
        """The columns, from zero up (or down)."""
        width = round(self._room * 0.8, 1)
        for mark in self.drawn:
            top = min(mark.y, self.floor)
            yield Column(mark, round(mark.x - width / 2, 1), top, width, round(abs(self.floor - mark.y), 1))

    @property
    def rows(self) -> list[Bar]:
        """The bars from top to bottom, the longest as long as the picture."""
        longest = self.frame.width - self.frame.left
        known = [(label, value) for label, value in self.points if value is not None]
        return [
            Bar(label, value, STEP * row + 15, STEP * row + 22, round(longest * value / self._span[1], 1))
            for row, (label, value) in enumerate(known)
        ]

    @property
    def strokes(self) -> list[str]:
        """The line as `points` of polylines, broken where a value is missing."""
        firsts = {mark.label: mark for mark in reversed(self.marks)}
        runs = groupby((firsts[label] for label in self.places), key=lambda mark: mark.value is not None)
        joined = [[f"{mark.x},{mark.y}" for mark in run] for is_known, run in runs if is_known]
        return [" ".join(run) for run in joined if len(run) > 1]

    @property
    def heights(self) -> list[Tick]:
        """The lines of the scale; counts have whole numbers."""
        low, high, step = self._span
        values = (low + n * step for n in range(round((high - low) / step) + 1))
        return [Tick(self._y(value), f"{value:,.10g}") for value in values]

    @property
    def moments(self) -> list[Tick]:
        """As many labels as can be read."""
        every = ceil(len(self.places) / max(self.frame.labels, 1))
        at = {mark.label: mark.x for mark in self.marks}
        return [Tick(at[label], label) for label in self.places[::every]]

    @property
    def aim(self) -> float | None:
        """The height of the target."""
        return None if self.target is None else self._y(self.target)

    @property
    def ends(self) -> tuple[Mark, Mark] | None:
        """The first and the last value, for the sentence that says what the picture shows; None of a single moment."""
        first, last = (self.drawn[0], self.drawn[-1]) if self.drawn else (None, None)
        return (first, last) if first and last and first.label != last.label else None

    @property
    def box(self) -> str:
        """The `viewBox`."""
        return f"0 0 {self.frame.width} {STEP * len(self.rows) if self.kind == 'bars' else self.frame.height}"

    @property
    def floor(self) -> float:
        """Where zero is."""
        return self._y(0)

    @property
    def right(self) -> float:
        """Where the scale's lines end."""
        return self.frame.width - self.frame.right

    @property
    def foot(self) -> float:
        """The baseline of the labels."""
        return self.frame.height - self.frame.bottom + 22

    @property
    def _room(self) -> float:
        return (self.frame.width - self.frame.left - self.frame.right) / max(len(self.places), 1)

    @cached_property
    def _span(self) -> tuple[float, float, float]:
        return span([*self.known, *([] if self.target is None else [self.target])])

    def _y(self, value: float) -> float:
        low, high, _step = self._span
        frame = self.frame
        return round(frame.top + (frame.height - frame.top - frame.bottom) * (high - value) / (high - low), 1)


def span(values: Sequence[float]) -> tuple[float, float, float]:
    """(low, high, step) of a scale: round numbers around the values, zero among them; whole ones for whole values."""
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    wide = (high - low) or 1.0
    power = 10.0 ** floor(log10(wide))
    step = next(power * part for part in PARTS if wide / (power * part) <= MOST_STEPS)
    if all(float(value).is_integer() for value in values):
        step = max(1.0, ceil(step))
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    return bottom, top if top > bottom else bottom + step, step
