"""One form, two ways in: online and at the counter. The same views serve both (`channel`)."""

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from madoguchi.catalogue import queries as catalogue


class Routes(NamedTuple):
    """The URL names of one channel."""

    form: str
    sheet: str
    confirm: str
    confirmation: str
    submit: str
    received: str
    correct: str
    correct_sheet: str
    case: str


ROUTES = {
    "online": Routes(
        "applications:form", "applications:sheet", "applications:confirm", "applications:confirmation",
        "applications:submit", "applications:received", "applications:correct",
        "applications:correct-sheet", "counter:case",
    ),
    "counter": Routes(
        "desk:counter-form", "desk:counter-sheet", "desk:counter-confirm", "desk:counter-confirmation",
        "desk:counter-submit", "desk:counter-received", "desk:visitor-correct",
        "desk:visitor-correct-sheet", "desk:case",
    ),
}  # fmt: skip

BASES = {"online": "base.html", "counter": "desk_base.html"}


def language() -> str:
    """The reader's language."""
    return get_language() or "ja"


def listed_or_404(code: str) -> catalogue.Listed:
    """The procedure as it is published now."""
    listed = catalogue.find(code)
    if listed is None:
        raise Http404(code)
    return listed


def closed(request: HttpRequest, listed: catalogue.Listed) -> HttpResponse:
    """The page of a procedure that takes no applications today."""
    return render(request, "applications/closed.html", {"compiled": listed.compiled, "listed": listed}, status=410)
