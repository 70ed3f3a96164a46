"""The applicant's way back into a case: reference and key, or a link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from madoguchi.applications.entrance import accept_invitation
from madoguchi.cases.models import Case
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.people import keys
from madoguchi.people.access import acting
from madoguchi.people.actor import applicant

from .. import entrance


def case_or_404(request: HttpRequest, reference: str) -> Case:
    """The case, if this browser holds its key; otherwise it does not exist."""
    case = get_object_or_404(Case.objects.for_actor(acting(request)), reference=reference)
    held = keys.held(request).get(case.reference, "")
    if not keys.is_key(held, case.pk, case.key_salt):
        raise Http404(reference)
    request.actor = applicant(case.reference)  # type: ignore[attr-defined] # whoever else they are: here they apply
    return case


def enter(request: HttpRequest) -> HttpResponse:
    """Enter a case with its reference and key, on any device."""
    if request.method != "POST":
        return render(request, "applications/enter.html", {"held": list(keys.held(request))})
    typed = request.POST.get("reference", "")
    reference, key = parse_reference(typed), request.POST.get("key", "")
    case = entrance.enter(reference, key)
    if case is None:
        context = {"held": list(keys.held(request)), "refused": True, "reference": typed}
        return render(request, "applications/enter.html", context, status=422)
    return _into(request, case)


def link_again(request: HttpRequest) -> HttpResponse:
    """Who lost the key asks for the link by mail; the answer never says whether there is such a case."""
    if request.method != "POST":
        return render(request, "applications/link_again.html", {"done": "sent" in request.GET})
    reference = parse_reference(request.POST.get("reference", ""))
    entrance.ask_again(reference, request.POST.get("email", ""))
    return redirect(f"{request.path}?sent=1")


def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail or QR code. A look changes nothing; pressing the button uses it."""
    if request.method != "POST":
        return render(request, "applications/open.html", {"token": token})
    case = accept_invitation(token=token)
    if case is None:
        return render(request, "applications/open.html", {"token": token, "refused": True}, status=410)
    return _into(request, case)


def _into(request: HttpRequest, case: Case) -> HttpResponse:
    response = redirect("counter:case", case.reference)
    keys.hand_over(request, response, case.reference, keys.case_key(case.pk, case.key_salt))
    return response
