"""Codes of payments as people read them: methods, and what charges are for."""

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Charge

Subject = Callable[[str], str]
_SUBJECTS: list[Subject] = []


def method_name(code: str) -> str:
    """How somebody paid."""
    names = {
        "card": _("クレジットカード"),
        "e-money": _("電子マネー"),
        "code": _("コード決済"),
        "sandbox": _("試験用の支払い"),
        "slip": _("納付書"),
        "jpqr": _("コード決済"),
        "cash": _("現金"),
        "account": _("口座"),
    }
    return names.get(code, code)


def names_charges(known: Subject) -> None:
    """Register what the charges of a room are for, by their code; "" for a code that it does not know."""
    _SUBJECTS.append(known)


def subject(charge: Charge) -> str:
    """What a charge is for, in the reader's language where it is known; never who."""
    if charge.case is None:
        return next((name for known in _SUBJECTS if (name := known(charge.code))), charge.label)
    compiled = charge.case.compiled
    name = compiled.words(get_language() or "ja").text("name", compiled.procedure.name)
    return _("%(procedure)sの手数料") % {"procedure": name}
