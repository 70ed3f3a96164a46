"""Where a provider's list and the ledger differ, and what an officer did about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.payments.closing import comparing, settling
from madoguchi.payments.ledger import differences as kept
from madoguchi.payments.models import Difference
from madoguchi.payments.paying.providers import provider_name
from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from .case import status_of

MOST = 200


def differences(request: HttpRequest) -> HttpResponse:
    """The open ones; a POST settles one with a note, or books what the ledger has not as well."""
    refused, status, actor = "", 200, acting(request)
    number = request.POST.get("difference", "")
    if request.method == "POST":
        try:
            _settle(request, _chosen(number))
        except ActionRefused as no:
            refused, status = str(no), status_of(no)
        else:
            return redirect("desk:differences")
    found = kept.open_differences(actor)
    rows = [(row, provider_name(row.provider)) for row in found[:MOST]]
    context = {"rows": rows, "count": found.count(), "refused": refused, "typed": request.POST, "typed_for": number}
    context["compared"] = [(provider_name(one.provider), one) for one in comparing.standing(timezone.localdate())]
    return render(request, "desk/differences.html", context, status=status)


def _settle(request: HttpRequest, chosen: Difference) -> None:
    note, by = request.POST.get("note", ""), acting(request)
    if "book" in request.POST:
        settling.book_difference(chosen, charge=request.POST.get("charge", ""), note=note, by=by)
    else:
        settling.settle_difference(chosen, note=note, by=by)


def _chosen(number: str) -> Difference:
    valid = number.isascii() and number.isdigit() and len(number) < 19
    found = Difference.objects.filter(pk=int(number)).first() if valid else None
    if found is None:
        raise ActionRefused(_("処理する差異が見つかりません。画面を読み直して、もう一度選んでください。"))
    return found
