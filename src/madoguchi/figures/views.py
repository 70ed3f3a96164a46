"""The statistics pages: all procedures, and one."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.cases.queries import channel_name, flow_under
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.models import Version
from madoguchi.catalogue.queries import compiled_version, current, find, procedure_name
from madoguchi.design.charts import Chart
from madoguchi.design.templatetags.design import month
from madoguchi.town.offices import office_name

from . import process, publishing, queries, sections
from .publishing import along, procedures, published, said, totals, ways_shown

STARS = ("1", "2", "3", "4", "5")


def _language() -> str:
    return get_language() or "ja"


def statistics(request: HttpRequest) -> HttpResponse:
    """Received, decided, days, corrections and ratings by procedure."""
    known = current()
    context = {
        "rows": [
            (row.procedure if row.procedure in known else "", procedure_name(row.procedure), told)
            for row, told in procedures()
        ],
        "totals": totals(), "as_of": queries.as_of(), "least": queries.LEAST, "chart": arrivals(publishing.months()),
        "offices": [(office_name(code), told) for code, told in along("office")],
        "channels": [(channel_name(code), told) for code, told in along("channel")],
    }  # fmt: skip
    return render(request, "figures/statistics.html", context)


def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of one procedure: months, days, ratings, what is corrected, and the map of its flow."""
    listed = find(code)
    if listed is None:
        raise Http404
    compiled, counted = listed.compiled, queries.by_procedure(code)
    numbers = counted[0] if counted else queries.Numbers(procedure=code)
    context = {
        "code": code,
        "name": compiled.words(_language()).text("name", compiled.procedure.name),
        "row": numbers.published(),
        "offices": [(office_name(row.office), told) for row, told in published("office", code)],
        "channels": [(channel_name(row.channel), told) for row, told in published("channel", code)],
        "charts": [chart for chart in (arrivals(of_procedure(code)), days(numbers), ratings(numbers)) if chart],
        "questions": corrected(compiled),
        "sections": left(compiled),
        "since_days": sections.DAYS,
        "map": flow_map(compiled, public=True),
        "as_of": queries.as_of(),
        "least": queries.LEAST,
    }
    return render(request, "figures/procedure.html", context)


def reached(request: HttpRequest, version: int) -> HttpResponse:
    """A form tells how far it has come: no person, no cookie, one counter (see `sections`)."""
    section, before = request.POST.get("section", ""), request.POST.get("before", "")
    try:
        sections.reach(compiled_version(version), section=section, before=before)
    except Version.DoesNotExist:
        raise Http404(version) from None
    except sections.NoSuchSection:
        return HttpResponse(_("この様式にない欄です。"), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def left(compiled: Compiled) -> list[tuple[str, sections.Reached, float | None]]:
    """(title, numbers, share that left there) for each section of the form; empty while too few forms were begun."""
    words, code = compiled.words(_language()), compiled.procedure.code
    titles = {one.id: words.text(f"sections.{one.id}.title", one.title) for one in compiled.sections}
    found = sections.abandonment({code: sections.order(compiled)}).get(code, [])
    return [
        (titles[one.section], one, one.left / one.reached if one.reached and one.left is not None else None)
        for one in found
    ]


def of_procedure(code: str) -> list[tuple[date, int | None]]:
    """What one procedure received by month, as far as it may be said."""
    return [(row.month, _count(told["received"])) for row, told in published("month", code, days=False) if row.month]


def _count(value: float | None) -> int | None:
    return None if value is None else int(value)


def arrivals(told: list[tuple[date, int | None]]) -> Chart | None:
    """Arrivals by month; None while there are too few."""
    points = [(month(at), n) for at, n in told]
    return Chart(_("月ごとの受付"), "line", points, _("件"), _("月")) if any(n for _at, n in told) else None


def days(numbers: queries.Numbers) -> Chart | None:
    """How many decisions took how many days; None when too few were made."""
    if not numbers.days_known:
        return None
    counts = queries.day_distribution(numbers.procedure)
    points = [(str(day), n) for (day, _n), n in zip(counts, said([n for _day, n in counts]), strict=True)]
    told = _("半分の人は%(median)s日以内、10人中9人は%(p90)s日以内") % {
        "median": numbers.median_days, "p90": numbers.p90_days
    }  # fmt: skip
    return Chart(_("決定までの日数の分布"), "columns", points, _("件"), _("日数"), told)


def ratings(numbers: queries.Numbers) -> Chart | None:
    """How many gave which rating; None when too few rated."""
    if not numbers.score_known:
        return None
    points = list(zip(STARS, said(numbers.scores), strict=True))
    told = _("平均%(score)s（%(n)s件）") % {"score": f"{numbers.score:.1f}", "n": numbers.ratings}
    return Chart(_("評価の分布"), "columns", points, _("件"), _("評価"), told)


def corrected(compiled: Compiled) -> list[tuple[str, int]]:
    """Which questions were corrected how often, as far as it may be published."""
    words, known = compiled.words(_language()), compiled.by_id
    return [
        (words.text(f"questions.{question}.label", getattr(known.get(question), "label", question)), n)
        for question, n in queries.questions(compiled.procedure.code)
        if n >= queries.LEAST
    ]


def flow_map(compiled: Compiled, *, public: bool) -> dict[str, Any]:
    """The flow drawn from what happened, with its table. The desk sees every count, the public none under five."""
    flow, code, language = flow_under(compiled), compiled.procedure.code, _language()
    arrows = ways_shown(queries.arrows(code)) if public else queries.arrows(code)
    shown = queries.publishable if public else _every
    drawn = process.draw(flow, arrows, queries.step_hours(code), language, shown)
    names = {node.id: node.name for node in drawn.nodes}
    table = [
        (names[way.source], process.outcome_name(flow, way.source, way.outcome, language), names[way.target], way)
        for way in drawn.ways
    ]
    return {"drawn": drawn, "table": table, "outcomes": flow}


def _every(n: int) -> int | None:
    return n
