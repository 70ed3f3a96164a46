"""A flow as BPMN 2.0 (ISO/IEC 19510) with its diagram, for other engines and editors (bpmn-js, Camunda, SpiffWorkflow).

Steps are user tasks in the lane of their role, waits are timer events, outcomes are exclusive gateways on the variable
`outcome` (and `decision`, once approved). What is possible anywhere (取下げ) is a message awaited beside the steps;
every end is a terminate event, so the first one reached ends the case. An event sub-process would say the same, but
engines differ on it (SpiffWorkflow 3.2 does not interrupt).
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from .flow import BY_DECISION, Flow, Outcome, Role, Step, Wait

_NAMESPACES: Final = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_LANES: Final[dict[Role, str]] = {
    "applicant": "申請者",
    "officer": "担当職員",
    "approver": "決裁者",
    "system": "システム",
}
_SIZES: Final = {"userTask": (100, 80), "exclusiveGateway": (50, 50), "parallelGateway": (50, 50)}
_EVENT_SIZE: Final = (36, 36)
_LANE_HEIGHT, _TRACK, _GAP, _LEFT = 140, 40, 60, 190
_POOL_X, _POOL_Y, _HEADER = 100, 80, 30


@dataclass(frozen=True, slots=True)
class _Node:
    """A shape of the diagram. Ids begin with what it is ("step_", "end_" …); ids of flows have no underscore."""

    id: str
    tag: str
    name: str
    lane: Role
    wait: Wait | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A sequence flow, with the condition under which it is taken."""

    source: str
    target: str
    name: str = ""
    condition: str = ""

    @property
    def id(self) -> str:
        return f"flow_{self.source}_{self.target}_{self.condition.partition(' == ')[2].strip(chr(34))}".rstrip("_")


class _Box(NamedTuple):
    """Where a shape stands, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2


def to_bpmn(flow: Flow) -> bytes:
    """The flow as a BPMN 2.0 document in UTF-8, names in Japanese. Needs a flow without faults (`flow_check`)."""
    for prefix, uri in _NAMESPACES.items():
        ET.register_namespace(prefix, uri)
    nodes, edges = list(_nodes(flow)), list(_edges(flow))
    root = ET.Element(_q("bpmn:definitions"), id=f"madoguchi_{flow.code}", targetNamespace="urn:madoguchi:flows")
    root.set("exporter", "Madoguchi")
    for name in flow.anywhere:
        _add(root, "bpmn:message", id=f"message_{name}", name=name)
    pool = _add(root, "bpmn:collaboration", id="collaboration")
    _add(pool, "bpmn:participant", id="pool", name=flow.name, processRef=flow.code)
    _write_process(root, flow, nodes, edges)
    _write_diagram(root, nodes, edges)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))


# --- what stands in it ----------------------------------------------------------------------------


def _nodes(flow: Flow) -> Iterator[_Node]:
    """All shapes from left to right, one to a column."""
    yield _Node("arrival", "startEvent", "到達", "applicant")
    if flow.anywhere:
        yield _Node("beside", "parallelGateway", "", "applicant")
    for name, outcome in flow.anywhere.items():
        by = outcome.by or "applicant"
        yield _Node(f"asked_{name}", "intermediateCatchEvent", outcome.name, by, message=f"message_{name}")
    for step in flow.steps:
        tag = "intermediateCatchEvent" if step.wait else "userTask"
        yield _Node(f"step_{step.id}", tag, step.name, step.by, step.wait)
        if len(step.outcomes) > 1:
            yield _Node(f"choice_{step.id}", "exclusiveGateway", "", step.by)
        if _is_decided_at(step):
            yield _Node(f"decided_{step.id}", "exclusiveGateway", "決定の内容", step.by)
    for end in flow.ends:
        yield _Node(f"end_{end.id}", "endEvent", end.name, "applicant")


def _is_decided_at(step: Step) -> bool:
    return any(outcome.to == BY_DECISION for outcome in step.outcomes.values())


def _edges(flow: Flow) -> Iterator[_Edge]:
    if flow.anywhere:
        yield _Edge("arrival", "beside")
    yield _Edge("beside" if flow.anywhere else "arrival", f"step_{flow.start}")
    for name, outcome in flow.anywhere.items():
        yield _Edge("beside", f"asked_{name}")
        yield _Edge(f"asked_{name}", f"end_{outcome.to}")
    for step in flow.steps:
        source = f"step_{step.id}"
        if len(step.outcomes) > 1:
            yield _Edge(source, source := f"choice_{step.id}")
        for name, outcome in step.outcomes.items():
            condition = f'outcome == "{name}"' if len(step.outcomes) > 1 else ""
            yield _Edge(source, _target(flow, step, outcome), outcome.name, condition)
        if _is_decided_at(step):
            for end in flow.ends:
                if end.decision:
                    yield _Edge(f"decided_{step.id}", f"end_{end.id}", end.name, f'decision == "{end.decision}"')


def _target(flow: Flow, step: Step, outcome: Outcome) -> str:
    if outcome.to == BY_DECISION:
        return f"decided_{step.id}"
    return f"step_{outcome.to}" if outcome.to in flow.step_by_id else f"end_{outcome.to}"


# --- the process ----------------------------------------------------------------------------------


def _q(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _add(parent: ET.Element, tag: str, text: str = "", /, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, _q(tag), {key: value for key, value in attributes.items() if value})
    child.text = text or None
    return child


def _write_process(root: ET.Element, flow: Flow, nodes: list[_Node], edges: list[_Edge]) -> None:
    process = _add(root, "bpmn:process", id=flow.code, name=flow.name, isExecutable="true")
    lanes = _add(process, "bpmn:laneSet", id="lanes")
    for role in _roles(nodes):
        lane = _add(lanes, "bpmn:lane", id=f"lane_{role}", name=_LANES[role])
        for node in nodes:
            if node.lane == role:
                _add(lane, "bpmn:flowNodeRef", node.id)
    for node in nodes:
        _write_node(process, node, edges)
    for edge in edges:
        _write_edge(process, edge)


def _roles(nodes: list[_Node]) -> list[Role]:
    used = {node.lane for node in nodes}
    return [role for role in _LANES if role in used]


def _write_node(parent: ET.Element, node: _Node, edges: list[_Edge]) -> None:
    element = _add(parent, f"bpmn:{node.tag}", id=node.id, name=node.name)
    if node.wait and node.wait.unit == "working":
        _add(element, "bpmn:documentation", f"{node.wait.days}開庁日。BPMNに開庁日の暦はないため、暦日で書いてある。")
    for edge in edges:
        if edge.target == node.id:
            _add(element, "bpmn:incoming", edge.id)
    for edge in edges:
        if edge.source == node.id:
            _add(element, "bpmn:outgoing", edge.id)
    if node.wait:
        timer = _add(element, "bpmn:timerEventDefinition", id=f"timer_{node.id}")
        _expression(timer, "bpmn:timeDuration", f"P{node.wait.days}D")
    if node.message:
        _add(element, "bpmn:messageEventDefinition", id=f"event_{node.id}", messageRef=node.message)
    if node.tag == "endEvent":
        _add(element, "bpmn:terminateEventDefinition", id=f"terminate_{node.id}")


def _write_edge(parent: ET.Element, edge: _Edge) -> None:
    element = _add(
        parent, "bpmn:sequenceFlow", id=edge.id, name=edge.name, sourceRef=edge.source, targetRef=edge.target
    )
    if edge.condition:
        _expression(element, "bpmn:conditionExpression", edge.condition)


def _expression(parent: ET.Element, tag: str, text: str) -> None:
    _add(parent, tag, text).set(_q("xsi:type"), "bpmn:tFormalExpression")


# --- the diagram ----------------------------------------------------------------------------------


def _write_diagram(root: ET.Element, nodes: list[_Node], edges: list[_Edge]) -> None:
    """Every shape has a column of its own, so a vertical line meets no shape; loops run on tracks below the lanes."""
    plane = _add(_add(root, "bpmndi:BPMNDiagram", id="diagram"), "bpmndi:BPMNPlane", id="plane")
    plane.set("bpmnElement", "collaboration")
    columns = {node.id: index for index, node in enumerate(nodes)}
    below = [edge for edge in edges if columns[edge.target] <= columns[edge.source]]
    straight = {(edge.source, edge.target): edge for edge in reversed(edges) if not _is_blocked(edge, nodes, columns)}
    above = [edge for edge in edges if edge not in below and edge not in straight.values()]
    boxes = _boxes(nodes, _POOL_Y + _TRACK * len(above))
    tracks = {edge.id: _POOL_Y + _TRACK * (index + 1) for index, edge in enumerate(above)}
    floor = _write_lanes(plane, nodes, boxes, _TRACK * len(above), _TRACK * (len(below) + 1))
    tracks |= {edge.id: floor - _TRACK * (index + 1) for index, edge in enumerate(below)}
    for node in nodes:
        _write_shape(plane, node.id, boxes[node.id])
    for edge in edges:
        _write_line(plane, edge.id, _route(boxes[edge.source], boxes[edge.target], tracks.get(edge.id)))


def _is_blocked(edge: _Edge, nodes: list[_Node], columns: dict[str, int]) -> bool:
    """Whether a shape stands between the two, in the lane of the target."""
    source, target = columns[edge.source], columns[edge.target]
    return any(node.lane == nodes[target].lane for node in nodes[source + 1 : target])


def _boxes(nodes: list[_Node], top: int) -> dict[str, _Box]:
    boxes, x, roles = {}, _LEFT, _roles(nodes)
    for node in nodes:
        width, height = _SIZES.get(node.tag, _EVENT_SIZE)
        middle = top + roles.index(node.lane) * _LANE_HEIGHT + _LANE_HEIGHT // 2
        boxes[node.id] = _Box(x, middle - height // 2, width, height)
        x += width + _GAP * (2 if node.tag == "exclusiveGateway" else 1)
    return boxes


def _write_lanes(plane: ET.Element, nodes: list[_Node], boxes: dict[str, _Box], above: int, below: int) -> int:
    """The pool and its lanes, the first with room above for tracks, the last with room below; the lower edge."""
    roles, width = _roles(nodes), max(box.x + box.width for box in boxes.values()) + _GAP - _POOL_X
    height = _LANE_HEIGHT * len(roles) + above + below
    _write_shape(plane, "pool", _Box(_POOL_X, _POOL_Y, width, height), isHorizontal="true")
    y = _POOL_Y
    for role in roles:
        tall = _LANE_HEIGHT + (above if role == roles[0] else 0) + (below if role == roles[-1] else 0)
        _write_shape(plane, f"lane_{role}", _Box(_POOL_X + _HEADER, y, width - _HEADER, tall), isHorizontal="true")
        y += tall
    return y


def _route(source: _Box, target: _Box, track: int | None) -> list[tuple[int, int]]:
    """The corners of a line: along its track, or straight to the right with one bend in the gap after the source."""
    (from_x, from_y), (to_x, to_y) = source.middle, target.middle
    if track is not None:
        out = source.y if track < source.y else source.y + source.height
        into = target.y if track < target.y else target.y + target.height
        return [(from_x, out), (from_x, track), (to_x, track), (to_x, into)]
    right = source.x + source.width
    bend = [] if from_y == to_y else [(right + _GAP // 2, from_y), (right + _GAP // 2, to_y)]
    return [(right, from_y), *bend, (target.x, to_y)]


def _write_shape(plane: ET.Element, of: str, box: _Box, **attributes: str) -> None:
    shape = _add(plane, "bpmndi:BPMNShape", id=f"shape_{of}", bpmnElement=of, **attributes)
    _add(shape, "dc:Bounds", x=str(box.x), y=str(box.y), width=str(box.width), height=str(box.height))


def _write_line(plane: ET.Element, of: str, corners: list[tuple[int, int]]) -> None:
    line = _add(plane, "bpmndi:BPMNEdge", id=f"line_{of}", bpmnElement=of)
    for x, y in corners:
        _add(line, "di:waypoint", x=str(x), y=str(y))
