"""At the desk: requests for data are taken, opened or refused."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused
from madoguchi.town.offices import town

from ..models.datasets import Dataset
from ..models.requests import DataRequest, State
from . import actions

MOST = 200
OPEN = (State.RECEIVED, State.AT_OFFICE)


def requests(request: HttpRequest) -> HttpResponse:
    """What waits: nobody's yet, and my offices'; the soonest due first."""
    offices = acting(request).offices_with(actions.ANSWERERS)
    waiting = DataRequest.objects.filter(Q(office="") | Q(office__in=offices), state__in=OPEN)
    answered = DataRequest.objects.filter(office__in=offices).exclude(state__in=OPEN)
    context = {"waiting": waiting.order_by("due", "pk")[:MOST], "answered": answered[:50]}
    return render(request, "opendata/desk/requests.html", context)


def request(request: HttpRequest, number: int) -> HttpResponse:
    """One request: take it, open it, refuse it."""
    found, actor = get_object_or_404(DataRequest, pk=number), acting(request)
    refused, status = "", 200
    if request.method == "POST":
        try:
            _answered(request, found)
        except ActionRefused as no:
            refused, status = str(no), 409 if no.conflict else 422
        else:
            messages.success(request, _("記録しました。"))
            return redirect("uploads:request", number)
    context = {
        "found": found, "steps": found.steps.select_related("by"), "typed": request.POST, "refused": refused,
        "may": actions.may_answer(found, actor) and found.is_open,
        "offices": list(town().offices), "mine": actor.offices_with(actions.ANSWERERS),
        "datasets": Dataset.objects.filter(is_public=True).order_by("title"),
    }  # fmt: skip
    return render(request, "opendata/desk/request.html", context, status=status)


def _answered(request: HttpRequest, found: DataRequest) -> None:
    """What the pressed button asks for."""
    given, by = request.POST, acting(request)
    match given.get("do"):
        case "take":
            actions.take(found, office=given.get("office", ""), by=by)
        case "open":
            actions.open_up(found, dataset=given.get("dataset", ""), reason=given.get("word", ""), by=by)
        case "refuse":
            actions.refuse(found, reason=given.get("reason", ""), by=by)
        case _:
            raise ActionRefused(_("することを選んでください。"))
