"""The exported diagram: every element has its shape or line, shapes keep apart, and lines pass none of them."""

from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from madoguchi.cases.bpmn import to_bpmn
from madoguchi.cases.flow_check import load_flows

FLOWS = load_flows(Path(__file__).parents[4] / "flows")
each_flow = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}


def find(document, path):
    return document.xpath(path, namespaces=NAMES)


def exported(flow):
    return etree.fromstring(to_bpmn(flow))


def boxes(document):
    """Left, top, right, bottom of each shape, pool and lanes left out."""
    found = {}
    for shape in find(document, "//bpmndi:BPMNShape[not(@isHorizontal)]"):
        x, y, width, height = (int(shape[0].get(key)) for key in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


def lines(document):
    """The corners of each line, with the ids of the shapes it joins."""
    joined = {
        one.get("id"): (one.get("sourceRef"), one.get("targetRef")) for one in find(document, "//bpmn:sequenceFlow")
    }
    for line in find(document, "//bpmndi:BPMNEdge"):
        yield joined[line.get("bpmnElement")], [(int(point.get("x")), int(point.get("y"))) for point in line]


def meets(first, second):
    """Whether two boxes share more than an edge."""
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


@each_flow
def test_every_element_is_drawn_once(flow):
    document = exported(flow)
    drawn = sorted(find(document, "//@bpmnElement"))
    lanes, flows = find(document, "//bpmn:lane/@id"), find(document, "//bpmn:sequenceFlow/@id")
    nodes = find(document, "//bpmn:flowNodeRef/text()")
    assert drawn == sorted(["collaboration", "pool", *lanes, *nodes, *flows])


@each_flow
def test_shapes_keep_apart(flow):
    for (one, first), (other, second) in combinations(boxes(exported(flow)).items(), 2):
        assert not meets(first, second), (one, other)


@each_flow
def test_lines_are_right_angled_and_pass_no_shape(flow):
    document = exported(flow)
    shapes = boxes(document)
    for ends, corners in lines(document):
        for (x1, y1), (x2, y2) in pairwise(corners):
            assert x1 == x2 or y1 == y2
            stretch = (min(x1, x2), min(y1, y2), max(x1, x2) + 1, max(y1, y2) + 1)
            assert not [name for name, box in shapes.items() if name not in ends and meets(stretch, box)], ends


@each_flow
def test_no_two_lines_are_the_same(flow):
    drawn = [tuple(corners) for _ends, corners in lines(exported(flow))]
    assert len(drawn) == len(set(drawn))


@each_flow
def test_steps_are_named_in_japanese_and_stand_in_the_lane_of_their_role(flow):
    document = exported(flow)
    for step in flow.steps:
        assert find(document, f"//*[@id='step_{step.id}']/@name") == [step.name]
        lane = find(document, f"//bpmn:lane[bpmn:flowNodeRef='step_{step.id}']/@id")
        assert lane == [f"lane_{step.by}"]


def test_a_wait_is_a_timer_of_as_many_days():
    (duration,) = find(exported(FLOWS["certification"]), "//bpmn:timeDuration")
    assert duration.text == "P14D"


def test_the_export_is_the_same_every_time():
    assert to_bpmn(FLOWS["permit"]) == to_bpmn(FLOWS["permit"])
