"""Registers at the desk: the list, one holding with its history, and what a case is about."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from madoguchi.cases.models import Case
from madoguchi.cases.sentences import language
from madoguchi.foundation.text import is_blank
from madoguchi.people.access import acting
from madoguchi.people.models import CASE_WORKERS
from madoguchi.platform.calendar import today
from madoguchi.platform.refusing import ActionRefused
from madoguchi.registers import actions
from madoguchi.registers.directory import register_or_404
from madoguchi.registers.load import Defined
from madoguchi.registers.models import Holding
from madoguchi.registers.queries import lines

from .. import registers as of
from .case import does


def registers(request: HttpRequest) -> HttpResponse:
    """The registers of the officer's offices."""
    found = [(one.register.code, one.name(language()), _summary(one)) for one in of.mine(acting(request))]
    return render(request, "desk/registers/registers.html", {"registers": found})


def _summary(one: Defined) -> str:
    return one.words(language()).text("summary", one.register.summary)


def register(request: HttpRequest, code: str) -> HttpResponse:
    """One register: search, what is in force, what ends soon."""
    defined, actor, day = register_or_404(code), acting(request), today()
    if not of.offices_of(actor) or defined not in of.mine(actor):
        raise Http404
    told = of.asked(request.GET)
    found, mark = of.page(of.listed(code, told, actor, day), told["after"])
    further = request.GET.copy()
    further["after"] = mark
    context = {
        "register": defined.name(language()),
        "code": code,
        "may_import": actor.holds(defined.register.office, CASE_WORKERS),
        "summary": _summary(defined),
        "asked": told,
        "standings": of.standings(),
        "rows": [of.row(one, day) for one in found],
        "next": f"?{further.urlencode()}" if mark else "",
    }
    return render(request, "desk/registers/register.html", context)


def one(request: HttpRequest, code: str, holding: UUID) -> HttpResponse:
    """One holding: what is in force, every entry with who and why, the cases that are about it."""
    defined, actor = register_or_404(code), acting(request)
    found = get_object_or_404(Holding, register=code, pk=holding, office__in=of.offices_of(actor))
    concerns = found.concerns.filter(case__in=Case.objects.for_actor(actor)).select_related("case").order_by("-at")
    context: dict[str, Any] = {
        "register": defined.name(language()),
        "code": code,
        "row": of.row(found, today()),
        "holding": found,
        "lines": lines(found, language()),
        "history": of.history(found),
        "open_cases": [one.case for one in concerns if one.case.is_open],
    }
    return render(request, "desk/registers/holding.html", context)


@does
def confirm(request: HttpRequest, case: Case) -> None:
    """Say what of the register the case is about."""
    absent = bool(request.POST.get("absent"))
    number = "" if absent else request.POST.get("number", "")
    if not absent and is_blank(number):
        raise ActionRefused(_("台帳の番号を書くか、「台帳にない」を選んでください。"))
    actions.confirm(case, number=number, by=acting(request))
