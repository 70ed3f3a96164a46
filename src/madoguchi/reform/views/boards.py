"""The two boards, a service by its versions, and the quarter as a PDF."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from madoguchi.catalogue.queries import find, procedure_name
from madoguchi.design.charts import WIDE, Chart
from madoguchi.design.templatetags.design import month
from madoguchi.figures.publishing import Told, published
from madoguchi.figures.queries import LEAST

from .. import quality as qos
from .. import snapshot as paper
from ..five_less import boards
from .public import drawn, spark


def five_less(request: HttpRequest) -> HttpResponse:
    """Paper, seal, fax, cash, touch: the answer of each side by side, what stands behind them below."""
    found = [
        {
            "board": board,
            "spark": spark(board.head.indicator, board.head.points) if board.head else None,
            "rows": [(row, drawn(row.indicator, row.points)) for row in board.rows],
        }
        for board in boards()
    ]
    return render(request, "reform/five_less.html", {"boards": found, "least": LEAST})


def quality(request: HttpRequest) -> HttpResponse:
    """The last twelve months: all together, the services with the most cases, and each service and channel."""
    services = qos.services()
    context = {
        "services": [one for one in services if one.told["received"] is not None],
        "unsaid": sorted({procedure_name(one.procedure) for one in services if one.told["received"] is None}),
        "whole": qos.whole(services), "chart": _scores(qos.scores()), "least": LEAST,
    }  # fmt: skip
    return render(request, "reform/quality.html", context)


def _scores(found: list[tuple[str, float]]) -> Chart | None:
    points = [(procedure_name(code), round(score, 1)) for code, score in found]
    return Chart(_("評価の平均（受付の多い手続）"), "bars", points, _("点"), _("手続")) if points else None


def service(request: HttpRequest, code: str) -> HttpResponse:
    """One service: the score by month, and before and after each published version."""
    if find(code) is None:
        raise Http404(code)
    months = [(month(row.month), told) for row, told in published("month", code)][-24:]
    context = {
        "code": code, "changes": qos.changes(code), "months": months,
        "chart": _score_by_month(months), "least": LEAST,
    }  # fmt: skip
    return render(request, "reform/service.html", context)


def _score_by_month(months: list[tuple[str, Told]]) -> Chart | None:
    points = [(name, None if told["score"] is None else round(told["score"], 1)) for name, told in months]
    chart = Chart(_("評価の平均"), "line", points, _("点"), _("月"), frame=WIDE)
    return chart if chart.strokes else None


def snapshot(request: HttpRequest) -> HttpResponse:
    """The last ended quarter on paper."""
    quarter, pdf = paper.snapshot()
    headers = {"Content-Disposition": f'inline; filename="reform-{quarter}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
