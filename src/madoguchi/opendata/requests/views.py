"""For everybody: requests for data with their state, a form to ask, and the gallery of use cases."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language

from madoguchi.foundation.identifiers import new_secret
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from ..models.datasets import Dataset
from ..models.requests import DataRequest, State
from ..usecases import gallery
from . import actions
from .words import dataset_path

ON_A_PAGE = 30
TAKEN, UNFIT = 409, 422


def requests(request: HttpRequest) -> HttpResponse:
    """All requests, newest first, with their state and what is late."""
    page = Paginator(DataRequest.objects.order_by("-pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "opendata/asking/requests.html", {"page": page, "days": actions.ANSWER_DAYS})


def request(request: HttpRequest, number: int) -> HttpResponse:
    """One request: its text, once an office has read it, and its history."""
    found = get_object_or_404(DataRequest.objects.select_related("dataset"), pk=number)
    context = {
        "found": found, "steps": found.steps.all(), "is_read": found.state != State.RECEIVED,
        "path": dataset_path(found.dataset.code) if found.dataset else "", "sent": request.GET.get("sent"),
    }  # fmt: skip
    return render(request, "opendata/asking/request.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """The form; a refusal keeps what was typed."""
    refused, status = "", 200
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("title", "purpose", "email", "key")}
        try:
            made = actions.ask(**typed, language=get_language() or "ja", by=acting(request))
        except ActionRefused as no:
            refused, status = str(no), TAKEN if no.conflict else UNFIT
        else:
            answer = redirect("asking:request", made.pk)
            answer["Location"] += "?sent=1"
            return answer
    context = {
        "typed": request.POST, "refused": refused, "key": request.POST.get("key") or new_secret(),
        "days": actions.ANSWER_DAYS, "most": actions.MOST_PURPOSE,
    }  # fmt: skip
    return render(request, "opendata/asking/new.html", context, status=status)


def use_cases(request: HttpRequest) -> HttpResponse:
    """What was made with the data."""
    codes = {code for one in gallery() for code in one.datasets}
    there = {one.code: one for one in Dataset.objects.filter(code__in=codes, is_public=True)}
    language = get_language() or "ja"
    entries = [
        (
            one,
            [
                (there[code].title_in(language) if code in there else code, code in there and dataset_path(code))
                for code in one.datasets
            ],
        )
        for one in gallery()
    ]
    return render(request, "opendata/asking/use_cases.html", {"entries": entries})
