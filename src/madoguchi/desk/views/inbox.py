"""The inbox: one address for every view of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.opendata.uploads.queries import to_review
from madoguchi.payments.paying.repaying import to_make_by_hand
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today

from .. import filters
from .. import inbox as cases


def inbox(request: HttpRequest) -> HttpResponse:
    """Cases by urgency; every page costs the same number of queries."""
    actor, day = acting(request), today()
    told = cases.asked(request.GET)
    tab, closed = told["tab"], told["tab"] == "closed"
    wanted = cases.narrowed(cases.listed(actor, tab, day), told, actor, day)
    found, mark = cases.page(wanted, told["after"], closed=closed)
    procedures = filters.procedures(actor, tab, cases.listed(actor, tab, day))
    further = request.GET.copy()
    further["after"] = mark
    figures = cases.counts(actor, day)
    context = {
        "tab": tab,
        "tabs": [(code, label, figures.get(code, "")) for code, label in cases.tabs()],
        "rows": [cases.row(case, day) for case in found],
        "asked": told,
        "filtered": any(told[name] for name in cases.FILTERS),
        "count": cases.counted(wanted),
        "next": f"?{further.urlencode()}" if mark else "",
        "figures": figures,
        "data_to_review": cases.counted(to_review(actor)),
        "repayments": cases.counted(to_make_by_hand(actor)),
        "procedures": procedures,
        "steps": filters.steps(code for code, _name in procedures),
    }
    return render(request, "desk/inbox.html", context)
