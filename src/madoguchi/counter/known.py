"""The page before a form that is about something in a register: show the paper, and what is known is filled in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from madoguchi.applications import sheets
from madoguchi.applications.views.channels import closed, listed_or_404
from madoguchi.catalogue.queries import Listed
from madoguchi.foundation.text import is_blank
from madoguchi.people.access import acting
from madoguchi.platform.calendar import today
from madoguchi.registers import known
from madoguchi.registers.directory import registers
from madoguchi.registers.models import Holding

from . import queries


def start(request: HttpRequest, code: str) -> HttpResponse:
    """Number and code of a paper, or one of one's own; then the form with what is known in it."""
    listed = listed_or_404(code)
    if not known.asks_for_one(listed.compiled):
        raise Http404
    if not listed.is_open(today()):
        return closed(request, listed)
    if request.method != "POST":
        return _page(request, listed)
    holding = _shown(request, listed)
    if holding is None:
        problem = _("番号とコードが合う許可証などは見つかりません。もう一度確かめてください。")
        return _page(request, listed, problem, 422)
    filled = known.beforehand(listed.compiled, holding, whole=bool(request.POST.get("holding")))
    sheet = sheets.Sheet(code, filled, sheets.new_key())
    return redirect("applications:sheet", code, sheets.put(sheet))


def _shown(request: HttpRequest, listed: Listed) -> Holding | None:
    register, chosen = _register(listed), request.POST.get("holding", "")
    if chosen:
        return next((one for one in known.held(register, acting(request)) if str(one.pk) == chosen), None)
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    return None if is_blank(number) or is_blank(code) else known.proved(register, number, code)


def _register(listed: Listed) -> str:
    concerns = listed.compiled.procedure.concerns
    return concerns.register_code if concerns else ""


def _page(request: HttpRequest, listed: Listed, problem: str = "", status: int = 200) -> HttpResponse:
    compiled, register = listed.compiled, _register(listed)
    context: dict[str, Any] = {
        "code": compiled.procedure.code,
        "name": compiled.words(queries.language()).text("name", compiled.procedure.name),
        "register": registers()[register].name(queries.language()) if register in registers() else "",
        "mine": known.held(register, acting(request)),
        "problem": problem,
        "typed": request.POST,
    }
    return render(request, "counter/known.html", context, status=status)
