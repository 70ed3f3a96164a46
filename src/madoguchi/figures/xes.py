"""The event log of a procedure as XES (IEEE 1849-2016), for process mining (pm4py, ProM, Disco).

A trace is a case, numbered in the order of arrival: no reference, no officer, no applicant. An event is a step that
ended (when, in whose role, with which outcome), and the last one is the end that was reached.
"""

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from madoguchi.cases.flow import Flow
from madoguchi.cases.kinds import counted
from madoguchi.cases.models import Event
from madoguchi.cases.queries import flow_under
from madoguchi.catalogue.queries import compiled_version

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="step" keys="concept:name"/>
"""


def to_xes(procedure: str) -> Iterator[str]:
    """The log of every case of a procedure, piece by piece, so that its size does not matter."""
    yield HEAD
    yield _text("concept:name", procedure)
    arrival = counted("arrival")
    moved = Event.objects.filter(kind__in=counted("arrival", "step"), case__procedure=procedure)
    events = moved.order_by("case_id", "seq").values_list("kind", "at", "data", "case__version", "case__channel")
    number = 0
    for kind, at, data, version, channel in events.iterator(chunk_size=2000):
        if kind in arrival:
            yield "</trace>\n" if number else ""
            number += 1
            yield f"<trace>{_text('concept:name', str(number))}{_text('channel', channel)}\n"
        else:
            yield from _events(flow_under(compiled_version(version)), at.isoformat(), data)
    yield "</trace>\n</log>\n" if number else "</log>\n"


def _events(flow: Flow, at: str, data: dict[str, str]) -> Iterator[str]:
    step = flow.step_by_id.get(data["from"])
    yield _event(data["from"], at, step.by if step else "system", data["outcome"])
    if data["to"] in flow.end_by_id:
        yield _event(data["to"], at, "system", "")


def _event(name: str, at: str, role: str, outcome: str) -> str:
    parts = [_text("concept:name", name), f'<date key="time:timestamp" value="{at}"/>', _text("org:role", role)]
    parts += [_text("lifecycle:transition", "complete"), _text("outcome", outcome) if outcome else ""]
    return f"<event>{''.join(parts)}</event>\n"


def _text(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"
