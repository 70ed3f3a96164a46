"""For everybody: the projects with their reports and ratings, and the indicators."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.design.charts import SPARK, WIDE, Chart, Frame
from madoguchi.design.templatetags.design import when
from madoguchi.figures.queries import LEAST
from madoguchi.foundation.identifiers import new_secret
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from .. import actions, queries
from ..format import KEYWORDS, Edition, Indicator, Project
from ..kept import indicator_or_404, kept, project_or_404
from ..models import Reply
from ..words import said


def overview(request: HttpRequest) -> HttpResponse:
    """Every edition with its projects, what is late, and which keywords have evidence."""
    held = kept()
    own = [ref for ref in held.projects if held.edition_of(ref).fictional]
    reports, scores = queries.quarters_of(own), queries.scores(held.projects)
    editions = [
        (edition, [_line(ref, project, reports, scores) for ref, project in held.of_edition(edition.code)])
        for edition in sorted(held.editions.values(), key=lambda one: (not one.fictional, one.published))
    ]
    claims = _claims(held.projects[ref] for ref in own)
    lines = [line for edition, found in editions if edition.fictional for line in found]
    context = {
        "editions": editions, "matrix": _matrix(held.projects), "keywords": KEYWORDS, "least": LEAST,
        "projects": len(lines), "late": sum(1 for line in lines if line["late"]), "chart": _punctual(reports.values()),
        "claims": claims, "unproved": claims[1] - claims[0],
    }  # fmt: skip
    return render(request, "reform/overview.html", context)


def _matrix(projects: Mapping[str, Project]) -> list[tuple[str, Project, list[tuple[str, int | None]]]]:
    rows = zip(projects, queries.evidence_matrix(projects.values()), strict=True)
    return [(ref, project, list(row.items())) for ref, (project, row) in rows if project.keywords]


def _claims(projects: Iterable[Project]) -> tuple[int, int]:
    """(keywords with evidence, keywords claimed)."""
    claims = [claim for project in projects for claim in project.keywords]
    return sum(1 for claim in claims if claim.evidence), len(claims)


def _punctual(reports: Iterable[list[queries.Quarterly]]) -> Chart | None:
    """How many quarter reports came in time, late, or are missing after their day; None before the first was due."""
    held = [one for quarters in reports for one in quarters]
    counts = [
        (_("期限内に報告"), sum(1 for one in held if one.report and not one.late)),
        (_("遅れて報告"), sum(1 for one in held if one.report and one.late)),
        (_("期限を過ぎても未報告"), sum(1 for one in held if one.late and not one.report)),
    ]
    return Chart(_("四半期の報告"), "bars", counts, _("件"), _("報告")) if any(n for _name, n in counts) else None


def _line(
    ref: str,
    project: Project,
    reports: Mapping[str, list[queries.Quarterly]],
    scores: Mapping[str, queries.Score],
) -> dict[str, Any]:
    late = [one for one in reports.get(ref, []) if one.late and not one.report]
    return {
        "ref": ref, "project": project, "url": _url("project", ref), "late": len(late), "score": scores.get(ref),
        "last": next((one for one in reports.get(ref, []) if one.report), None),
    }  # fmt: skip


def _url(name: str, ref: str) -> str:
    edition, _slash, code = ref.partition("/")
    return reverse(f"reform:{name}", args=[edition, code])


def project(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One project: goals, milestones, reports, what became of ratings, and a form to rate it."""
    return _project(request, edition, code)


def _project(request: HttpRequest, edition: str, code: str, refused: str = "", status: int = 200) -> HttpResponse:
    ref, found = project_or_404(edition, code)
    held = kept()

    def named(refs: Iterable[str]) -> list[tuple[str, Project, Edition]]:
        return [(_url("project", one), held.projects[one], held.edition_of(one)) for one in refs]

    context = {
        "ref": ref, "project": found, "edition": held.edition_of(ref), "quarters": queries.quarters(ref),
        "score": queries.scores([ref]).get(ref), "replies": Reply.objects.filter(project=ref).order_by("-at", "-pk"),
        "before": named(found.succeeds), "after": named(held.followers(ref)), "model": named(found.modelled_on),
        "theme": named([found.theme] if found.theme else []), "indicators": held.indicators,
        "key": request.POST.get("key") or new_secret(), "typed": request.POST, "refused": refused,
        "sent": request.GET.get("sent"), "least": LEAST,
    }  # fmt: skip
    return render(request, "reform/project.html", context, status=status)


def rate(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Take a rating; a refusal keeps what was typed."""
    ref, _found = project_or_404(edition, code)
    typed = request.POST.get("score", "")
    try:
        actions.rate(
            ref, score=int(typed) if typed in {"1", "2", "3", "4", "5"} else 0,
            comment=request.POST.get("comment", ""), key=request.POST.get("key", ""), by=acting(request),
        )  # fmt: skip
    except ActionRefused as refused:
        return _project(request, edition, code, str(refused), 422)
    return redirect(_url("project", ref) + "?sent=1#rate-title")


def indicators(request: HttpRequest) -> HttpResponse:
    """All indicators: this town's own, and the published history that they are measured beside."""
    found = sorted(kept().indicators.values(), key=lambda one: (not one.fictional, one.code))
    return render(request, "reform/indicators.html", {"indicators": found})


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: definition, targets, a chart, the values with their sources, the log of changes."""
    found = indicator_or_404(code)
    points = queries.points(found)
    context = {
        "indicator": found, "points": points, "chart": drawn(found, points), "least": LEAST,
        "has_parts": any(one.numerator is not None for one in points),
        "has_notes": any(one.note or one.source for one in points),
        "revisions": queries.revisions(found)[:100] if found.entered else [],
    }  # fmt: skip
    return render(request, "reform/indicator.html", context)


def drawn(found: Indicator, points: Iterable[queries.Point], frame: Frame = WIDE) -> Chart | None:
    """The chart of an indicator, None without any value; values without a date are in the table only."""
    target = found.targets[-1].value if found.targets else None
    dated = [(when(one.as_of), one.value) for one in points if one.as_of]
    chart = Chart(said(found.name), "line", dated, said(found.unit), _("時点"), target=target, frame=frame)
    return chart if chart.known else None


def spark(found: Indicator, points: Iterable[queries.Point]) -> Chart | None:
    """The same as a small line."""
    return drawn(found, points, SPARK)
