"""The two boards, a service by its versions, and the quarter as a PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.catalogue.queries import find
from madoguchi.figures.publishing import published
from madoguchi.figures.queries import LEAST

from .. import quality as qos
from .. import snapshot as paper
from ..chart import trend
from ..five_less import boards
from ..words import moment
from .public import drawn


def five_less(request: HttpRequest) -> HttpResponse:
    """Paper, seal, fax, cash, touch: by month for all, by bureau for the latest month."""
    found = [(board, [(row, drawn(row.indicator, row.points)) for row in board.rows]) for board in boards()]
    return render(request, "reform/five_less.html", {"boards": found, "least": LEAST})


def quality(request: HttpRequest) -> HttpResponse:
    """Each service and channel of the last twelve months."""
    return render(request, "reform/quality.html", {"services": qos.services(), "least": LEAST})


def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service: the score by month, and before and after each published version."""
    if find(code) is None:
        raise Http404(code)
    months = [(moment(f"{row.month:%Y-%m}"), told) for row, told in published("month", code)][-24:]
    context = {
        "code": code, "changes": qos.changes(code), "months": months,
        "chart": trend([(month, told["score"]) for month, told in months]), "least": LEAST,
    }  # fmt: skip
    return render(request, "reform/service.html", context)


def snapshot(request: HttpRequest) -> HttpResponse:
    """The last ended quarter on paper."""
    quarter, pdf = paper.snapshot()
    headers = {"Content-Disposition": f'inline; filename="reform-{quarter}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
