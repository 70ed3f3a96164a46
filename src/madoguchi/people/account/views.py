"""Pages of the officers' sessions: where one is signed in, what happened, and the administrator's view of all."""

from itertools import islice

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from .. import sign_ins
from ..access import acting
from ..models import CredentialChange, Officer, Session, SignIn

ON_A_PAGE = 50


def _officer(request: HttpRequest) -> Officer:
    officer = acting(request).officer
    assert officer is not None  # the table lets only officers in
    return officer


def devices(request: HttpRequest) -> HttpResponse:
    """サインイン中の端末: own open sessions, and what happened lately."""
    officer = _officer(request)
    context = {
        "sessions": [(one, one.session_key == request.session.session_key) for one in sign_ins.sessions_of(officer)],
        "log": islice(SignIn.objects.filter(officer=officer).order_by("-id"), ON_A_PAGE),
        "changes": islice(CredentialChange.objects.filter(officer=officer).order_by("-id"), ON_A_PAGE),
        "idle": int(Session.idle().total_seconds() // 60),
    }
    return render(request, "people/devices.html", context)


@reauthentication_required(app="madoguchi.people")  # type: ignore[untyped-decorator]
def end(request: HttpRequest) -> HttpResponse:
    """End one of the own sessions, or all others."""
    officer = _officer(request)
    chosen = request.POST.get("session", "")
    found = [one for one in sign_ins.others(officer, request.session) if chosen in ("others", one.name)]
    if sign_ins.end(found, sign_ins.Kind.ENDED):
        messages.success(request, _("選んだ端末のサインインを終わらせました。"))
    else:
        messages.info(request, _("終わらせる端末はありません。すでに終わっています。"))
    return redirect("people:devices")


def log(request: HttpRequest) -> HttpResponse:
    """The log of all officers, or of one, newest first; for the administrator."""
    found = SignIn.objects.select_related("officer").order_by("-id")
    changes = CredentialChange.objects.select_related("officer").order_by("-id")
    of = _number(request.GET.get("officer", ""))
    whose = Officer.objects.filter(pk=of).first() if of else None
    if whose:
        found, changes = found.filter(officer=whose), changes.filter(officer=whose)
    if before := _number(request.GET.get("before", "")):
        found = found.filter(pk__lt=before)
    rows = list(found[: ON_A_PAGE + 1])
    context = {
        "log": rows[:ON_A_PAGE],
        "older": rows[ON_A_PAGE - 1].pk if len(rows) > ON_A_PAGE else None,
        "changes": changes[:ON_A_PAGE] if not before else [],
        "whose": whose,
        "open": len(sign_ins.sessions_of(whose)) if whose else 0,
    }
    return render(request, "people/sign_ins.html", context)


@reauthentication_required(app="madoguchi.people")  # type: ignore[untyped-decorator]
def end_all(request: HttpRequest) -> HttpResponse:
    """The administrator ends every session of an officer: a lost phone, somebody who left."""
    whose = get_object_or_404(Officer, pk=_number(request.POST.get("officer", "")))
    ended = sign_ins.end(sign_ins.others(whose, request.session), sign_ins.Kind.ENDED_BY_ADMIN)
    messages.success(request, _("%(n)d台のサインインを終わらせました。") % {"n": ended})
    return redirect(f"{redirect('people:sign-ins').url}?officer={whose.pk}")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
