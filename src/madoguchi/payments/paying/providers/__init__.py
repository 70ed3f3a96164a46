"""The register of ways to pay; what is not listed here does not exist."""

from django.utils.translation import gettext as _

from .base import Forged, Notice, Outcome, Provider, Request, Started, Unavailable
from .counter import Counter
from .jpqr import Jpqr
from .sandbox import Sandbox
from .slip import Slip
from .stripe import Stripe

PROVIDERS: dict[str, Provider] = {
    "sandbox": Sandbox(),
    "counter": Counter(),
    "jpqr": Jpqr(),
    "slip": Slip(),
    "stripe": Stripe(),
}


def provider_name(code: str) -> str:
    """A way to pay in the reader's language; the code where it is no longer known."""
    provider = PROVIDERS.get(code)
    return _(provider.name) if provider else code


__all__ = ["PROVIDERS", "Forged", "Notice", "Outcome", "Provider", "Request", "Started", "Unavailable", "provider_name"]
