"""The facilities of this installation, read once in a process, and who works at them."""

from functools import cache

from django.conf import settings
from django.http import Http404

from madoguchi.payments.paying.till import AT_TILL
from madoguchi.people.actor import Actor

from ..models import Slot
from .format import Facility, Offer
from .load import load


@cache
def facilities() -> dict[str, Facility]:
    """Every facility by code. Raises DefinitionRefused."""
    return load(settings.FACILITIES_DIR)


def facility_or_404(code: str) -> Facility:
    """One facility. Raises Http404."""
    if code not in facilities():
        raise Http404(code)
    return facilities()[code]


def offer_of(slot: Slot) -> Offer | None:
    """The offer that a slot was made from; None where the definition has it no longer."""
    found = facilities().get(slot.facility)
    return found.offer(slot.offer) if found else None


def office_of(facility: str) -> str:
    """The office that runs a facility; "" where no definition is known."""
    found = facilities().get(facility)
    return found.office if found else ""


def works_at(facility: str, by: Actor) -> bool:
    """Whether an officer stands at the counters of the office that runs a facility; of any where that is not known."""
    found = facilities().get(facility)
    if by.officer is None:
        return False
    return by.holds(found.office, AT_TILL) if found else bool(by.offices_with(AT_TILL))
