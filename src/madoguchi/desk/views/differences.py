"""Where a provider's list and the ledger differ, and what an officer did about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from madoguchi.cases.actions import ActionRefused
from madoguchi.payments import reconciliation
from madoguchi.payments.models import Difference
from madoguchi.payments.words import provider_name
from madoguchi.people.access import acting

from .case import status_of

MOST = 200


def differences(request: HttpRequest) -> HttpResponse:
    """The open ones; a POST settles one with a note."""
    refused, status = "", 200
    number = request.POST.get("difference", "")
    if request.method == "POST":
        valid = number.isascii() and number.isdigit() and len(number) < 19
        row = get_object_or_404(Difference, pk=int(number) if valid else 0)
        try:
            reconciliation.settle_difference(row, note=request.POST.get("note", ""), by=acting(request))
        except ActionRefused as no:
            refused, status = str(no), status_of(no)
        else:
            return redirect("desk:differences")
    found = reconciliation.open_differences()
    rows = [(row, provider_name(row.provider)) for row in found[:MOST]]
    context = {"rows": rows, "count": found.count(), "refused": refused, "typed": request.POST, "typed_for": number}
    return render(request, "desk/differences.html", context, status=status)
