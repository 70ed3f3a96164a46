"""Charts as plain SVG geometry: made on the server, work without scripts, print, and always come with their table.

`design/chart.html` draws one: `{% include "design/chart.html" with chart=chart %}`. Values that are not published are
None: a gap in the picture and a word in the table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

WIDTH, HEIGHT = 420, 230
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 16, 36
STEP: Final = 42
MOST_LABELS: Final = 5
NICE: Final = (1, 2, 3, 4, 6, 8, 10)


class Mark(NamedTuple):
    """One value: its place in the picture (pixels of the viewBox) and what it stands for."""

    label: str
    value: float | None
    x: float
    y: float
    width: float
    height: float
    is_labelled: bool


class Bar(NamedTuple):
    """One name above its bar: the baseline of the name, the top and the length of the bar."""

    label: str
    value: float
    text_y: float
    y: float
    width: float


class Line(NamedTuple):
    """A horizontal line of the scale."""

    y: float
    value: float


@dataclass(frozen=True)
class Chart:
    """A line (over time), columns (a distribution) or bars (names, which need room) of (label, value).

    `unit` stands in the table and the summary.
    """

    title: str
    kind: Literal["line", "columns", "bars"]
    points: Sequence[tuple[str, float | None]]
    unit: str = ""
    label: str = ""
    summary: str = ""

    @cached_property
    def top(self) -> float:
        """The highest value of the scale: a round number at or above every value."""
        most = max((value for _label, value in self.points if value is not None), default=0) or 1
        power = 10.0 ** (len(str(int(most))) - 1)
        return next(step * power for step in NICE if step * power >= most)

    @property
    def scale(self) -> list[Line]:
        """Five lines from zero to the top."""
        return [Line(self._y(self.top * part / 4), self.top * part / 4) for part in range(5)]

    @cached_property
    def marks(self) -> list[Mark]:
        """Every value from left to right; only so many labels as can be read."""
        room = (WIDTH - LEFT - RIGHT) / max(len(self.points), 1)
        every = -(-len(self.points) // MOST_LABELS)
        return [
            Mark(label, value, round(LEFT + room * (index + 0.5), 1), self._y(value or 0), round(room * 0.8, 1),
                 round(HEIGHT - BOTTOM - self._y(value or 0), 1), index % every == 0)
            for index, (label, value) in enumerate(self.points)
        ]  # fmt: skip

    @property
    def bars(self) -> list[tuple[float, Mark]]:
        """(left edge, mark) of the columns that have a value."""
        return [(round(mark.x - mark.width / 2, 1), mark) for mark in self.marks if mark.value is not None]

    @property
    def rows(self) -> list[Bar]:
        """The bars from top to bottom, the longest as long as the picture."""
        known = [(label, value) for label, value in self.points if value is not None]
        return [
            Bar(label, value, STEP * row + 15, STEP * row + 22, round((WIDTH - LEFT) * value / self.top, 1))
            for row, (label, value) in enumerate(known)
        ]

    @property
    def strokes(self) -> list[str]:
        """The line as `points` of polylines, broken where a value is missing."""
        strokes: list[list[str]] = [[]]
        for mark in self.marks:
            if mark.value is None:
                strokes.append([])
            else:
                strokes[-1].append(f"{mark.x},{mark.y}")
        return [" ".join(stroke) for stroke in strokes if stroke]

    @property
    def box(self) -> str:
        """The `viewBox`."""
        return f"0 0 {WIDTH} {STEP * len(self.rows) if self.kind == 'bars' else HEIGHT}"

    @property
    def floor(self) -> float:
        """Where zero is."""
        return self._y(0)

    @property
    def right(self) -> float:
        """Where the scale's lines end."""
        return WIDTH - RIGHT

    def _y(self, value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / self.top), 1)
