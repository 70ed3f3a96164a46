"""The plain statistics page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from madoguchi.catalogue.queries import current

from . import queries


def statistics(request: HttpRequest) -> HttpResponse:
    """Received, decided, days, corrections and ratings by procedure."""
    language = get_language() or "ja"
    names = {
        code: listed.compiled.words(language).text("name", listed.compiled.procedure.name)
        for code, listed in current().items()
    }
    rows = [(row.procedure, names.get(row.procedure, row.procedure), row.published()) for row in queries.by_procedure()]
    totals = {
        key: sum(told[key] or 0 for _code, _name, told in rows)
        for key in ("received", "decided", "corrected", "ratings")
    }
    context = {"rows": rows, "totals": totals, "as_of": queries.as_of(), "least": queries.LEAST}
    return render(request, "figures/statistics.html", context)
