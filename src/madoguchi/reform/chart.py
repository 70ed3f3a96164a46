"""Geometry of a trend: numbers in, coordinates out, so that the server draws it without scripts. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, log10

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 48, 16, 40
MOST_LABELS = 7


@dataclass(frozen=True)
class Dot:
    """One value at its place."""

    x: int
    y: int
    label: str
    value: float


@dataclass(frozen=True)
class Tick:
    """A grid line, or a label under the axis."""

    at: int
    label: str


@dataclass(frozen=True)
class Trend:
    """A drawn trend. `lines` break where a value is missing; `target` is the height of the target line."""

    lines: tuple[str, ...]
    dots: tuple[Dot, ...]
    heights: tuple[Tick, ...]
    moments: tuple[Tick, ...]
    target: int | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT + 16
    foot: int = HEIGHT - BOTTOM + 24

    @property
    def ends(self) -> tuple[Dot, Dot] | None:
        """The first and the last value, for the sentence that says what the picture shows; None of a single moment."""
        first, last = self.dots[0], self.dots[-1]
        return None if first.label == last.label else (first, last)


def trend(points: Sequence[tuple[str, float | None]], *, target: float | None = None) -> Trend | None:
    """Lay the points out from left to right; None when there is no value to draw.

    Points of one label (two sources that disagree) stand above each other and are not joined.
    """
    known = [value for _label, value in points if value is not None]
    if not known:
        return None
    low, high, step = _scale([*known, *([] if target is None else [target])])

    def y(value: float) -> int:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - BOTTOM - TOP))

    places = list(dict.fromkeys(label for label, _value in points))
    gap = (WIDTH - LEFT - RIGHT - 16) / max(1, len(places) - 1)
    at = {label: round(LEFT + 8 + n * gap) for n, label in enumerate(places)}
    dots = tuple(Dot(at[label], y(v), label, v) for label, v in points if v is not None)
    every = ceil(len(places) / MOST_LABELS)
    return Trend(
        lines=_lines(points, at, y), dots=dots,
        heights=tuple(Tick(y(low + n * step), f"{low + n * step:g}") for n in range(round((high - low) / step) + 1)),
        moments=tuple(Tick(at[label], label) for n, label in enumerate(places) if n % every == 0),
        target=None if target is None else y(target),
    )  # fmt: skip


def _lines(
    points: Sequence[tuple[str, float | None]], at: Mapping[str, int], y: Callable[[float], int]
) -> tuple[str, ...]:
    first = dict(reversed(points))
    runs = groupby(first_seen(points), key=lambda label: first[label] is not None)
    joined = [[f"{at[label]},{y(first[label] or 0.0)}" for label in run] for known, run in runs if known]
    return tuple(" ".join(run) for run in joined if len(run) > 1)


def first_seen(points: Sequence[tuple[str, float | None]]) -> list[str]:
    """The labels in order, each once."""
    return list(dict.fromkeys(label for label, _value in points))


def _scale(values: Sequence[float]) -> tuple[float, float, float]:
    """(low, high, step): round numbers around the values, with 0 among them."""
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    step = 10.0 ** floor(log10(span))
    step = next(step * part for part in (0.1, 0.2, 0.25, 0.5, 1, 2) if span / (step * part) <= 6)
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    return bottom, top if top > bottom else bottom + step, step
