"""The flow of a procedure as it really ran, for the office: every count, and the event log for process mining."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from madoguchi.cases.bpmn import to_bpmn
from madoguchi.cases.queries import flow_under
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.queries import find, procedure_name
from madoguchi.figures.views import flow_map
from madoguchi.figures.xes import to_xes
from madoguchi.people.access import acting
from madoguchi.people.models import CASE_WORKERS, Role

from .files import attached


def flow(request: HttpRequest, code: str) -> HttpResponse:
    """The map and its table, small numbers included."""
    compiled = _compiled(request, code)
    context = {"code": code, "name": procedure_name(code), "map": flow_map(compiled, public=False)}
    return render(request, "desk/flow.html", context)


def process(request: HttpRequest, code: str) -> HttpResponse:
    """The flow as it is laid down, in BPMN 2.0 with its diagram."""
    flow = flow_under(_compiled(request, code))
    return attached(to_bpmn(flow), "application/xml", f"{flow.code}.bpmn")


def log(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """The event log as XES. It names nobody, but its times are those of single cases: for the office only."""
    _compiled(request, code)
    pieces: Iterator[str] = to_xes(code)
    response = StreamingHttpResponse(pieces, content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.xes"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _compiled(request: HttpRequest, code: str) -> Compiled:
    listed, actor = find(code), acting(request)
    if listed is None:
        raise Http404
    if not actor.holds(listed.compiled.procedure.office, CASE_WORKERS) and not actor.offices_with((Role.REFORM,)):
        raise Http404  # what an actor may not see does not exist for the actor
    return listed.compiled
