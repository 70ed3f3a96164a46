"""The flow of a procedure drawn from what happened: how many cases took each way, and how long each step lasted.

Steps stand in a column, the flow's order from top to bottom. A way to the next row goes straight down; longer ways run
on tracks, forward ones on the right and those that go back on the left. The stroke tells the number, the fill the
waiting, and both stand there as numbers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from madoguchi.cases.flow import End, Flow, Step

from .queries import Arrow

NODE_WIDTH, NODE_HEIGHT, ROW, TRACK, MARGIN = 168, 56, 104, 56, 12
HEATS: Final = 4
THICKEST, THINNEST = 9.0, 1.5


class Node(NamedTuple):
    """A step or an end, at its place. `heat` is 0 (short) to 4 (the longest); ends have none."""

    id: str
    name: str
    x: int
    y: int
    n: int | None
    hours: int | None
    heat: int
    is_end: bool

    @property
    def middle(self) -> int:
        """The horizontal middle."""
        return self.x + NODE_WIDTH // 2


class Way(NamedTuple):
    """An arrow: its path, how thick it is, and where its numbers stand."""

    source: str
    outcome: str
    target: str
    n: int | None
    hours: int | None
    path: str
    stroke: float
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Map:
    """The whole picture; `slowest` is the office's step with the longest median, None when none was published."""

    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    width: int
    height: int
    slowest: Node | None

    @property
    def box(self) -> str:
        """The `viewBox`."""
        return f"0 0 {self.width} {self.height}"


def draw(
    flow: Flow,
    arrows: Iterable[Arrow],
    steps: Mapping[str, tuple[int, int]],
    language: str,
    shown: Callable[[int], int | None],
) -> Map:
    """The map. `steps`: id → (how often left, median hours); `shown` says which counts may be read (None: hidden)."""
    told = [(arrow, shown(arrow.n)) for arrow in arrows]
    order = [one.id for one in _all(flow)]
    tracks = {(arrow.step, arrow.target): 0 for arrow, n in told if n and _rows(order, arrow) not in (1, 0)}
    lefts = _tracks(order, [pair for pair in tracks if order.index(pair[1]) < order.index(pair[0])])
    rights = _tracks(order, [pair for pair in tracks if order.index(pair[1]) > order.index(pair[0])])
    left = MARGIN + TRACK * (1 + max(lefts.values(), default=-1))
    nodes = _nodes(flow, steps, language, shown, left)
    at = {node.id: node for node in nodes}
    most = max((n for _arrow, n in told if n), default=1)
    ways = []
    for arrow, n in told:
        if n and arrow.step in at and arrow.target in at:
            pair = (arrow.step, arrow.target)
            track = -1 - lefts[pair] if pair in lefts else rights.get(pair, -1) + 1
            ways.append(_way(arrow, n, at, track, THINNEST + (THICKEST - THINNEST) * n / most))
    width = left + NODE_WIDTH + MARGIN + TRACK * (1 + max(rights.values(), default=-1))
    known = [node for node in nodes if node.hours and not flow.step_by_id[node.id].is_correction]
    slowest = max(known, key=lambda node: node.hours or 0, default=None)
    return Map(nodes, tuple(ways), width, MARGIN * 2 + ROW * (len(nodes) - 1) + NODE_HEIGHT, slowest)


def outcome_name(flow: Flow, step: str, outcome: str, language: str) -> str:
    """What leaving a step this way is called; its code where the flow of today has it no more."""
    known = flow.outcomes(step).get(outcome) if step in flow.step_by_id else None
    return known.text(language) if known else outcome


def _all(flow: Flow) -> list[Step | End]:
    return [*flow.steps, *flow.ends]


def _rows(order: list[str], arrow: Arrow) -> int:
    if arrow.step not in order or arrow.target not in order:
        return 0
    return order.index(arrow.target) - order.index(arrow.step)


def _tracks(order: list[str], pairs: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The innermost track for each way on which no other way is in the same rows; short ways first."""
    taken: list[list[range]] = []
    found = {}
    for pair in sorted(pairs, key=lambda one: abs(order.index(one[0]) - order.index(one[1]))):
        low, high = sorted(map(order.index, pair))
        rows = range(low, high + 1)
        free = (n for n, used in enumerate(taken) if all(rows[-1] <= u[0] or u[-1] <= rows[0] for u in used))
        track = next(free, len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append(rows)
        found[pair] = track
    return found


def _nodes(
    flow: Flow,
    steps: Mapping[str, tuple[int, int]],
    language: str,
    shown: Callable[[int], int | None],
    left: int,
) -> tuple[Node, ...]:
    hours = {step: median for step, (n, median) in steps.items() if shown(n)}
    longest = max(hours.values(), default=1)
    nodes = []
    for row, one in enumerate(_all(flow)):
        is_end = one.id in flow.end_by_id
        heat = round(HEATS * hours.get(one.id, 0) / longest)
        n = None if is_end else shown(steps.get(one.id, (0, 0))[0])
        nodes.append(Node(one.id, one.text(language), left, MARGIN + ROW * row, n, hours.get(one.id), heat, is_end))
    return tuple(nodes)


def _way(arrow: Arrow, n: int, at: Mapping[str, Node], track: int, stroke: float) -> Way:
    source, target = at[arrow.step], at[arrow.target]
    if track == 0:
        x, top = source.middle, source.y + NODE_HEIGHT
        path, place = f"M{x} {top}V{target.y - 8}", (x + 10, (top + target.y) // 2)
    else:
        out = NODE_WIDTH if track > 0 else 0
        x = source.x + out + (TRACK * track - 28 if track > 0 else TRACK * track + 28)
        start, end = source.y + NODE_HEIGHT * 3 // 4, target.y + NODE_HEIGHT // 4
        into = target.x + out + (8 if track > 0 else -8)
        path, place = f"M{source.x + out} {start}H{x}V{end}H{into}", (x, (start + end) // 2)
    return Way(arrow.step, arrow.outcome, arrow.target, n, arrow.median_hours, path, round(stroke, 1), *place)
