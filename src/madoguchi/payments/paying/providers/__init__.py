"""The register of ways to pay; what is not listed here does not exist."""

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

__all__ = ["PROVIDERS", "Forged", "Notice", "Outcome", "Provider", "Request", "Started", "Unavailable"]
