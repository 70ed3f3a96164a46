"""Codes of payments as people read them: ways to pay, methods, movements."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Charge


def provider_name(code: str) -> str:
    """A way to pay; the code where it is no longer known."""
    names = {
        "sandbox": _("試験用の支払い（お金は動きません）"),
        "stripe": _("クレジットカードなど"),
        "jpqr": _("コード決済（JPQR）"),
        "slip": _("納付書"),
        "counter": _("窓口の端末"),
    }
    return names.get(code, code)


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


def subject(charge: Charge) -> str:
    """What a charge is for, in the reader's language where it is known; never who."""
    if charge.case is None:
        # The slice that opens such charges stands below this one and knows their names.
        return str(import_string(settings.CHARGE_SUBJECT)(charge.code)) or charge.label
    compiled = charge.case.compiled
    name = compiled.words(get_language() or "ja").text("name", compiled.procedure.name)
    return _("%(procedure)sの手数料") % {"procedure": name}
