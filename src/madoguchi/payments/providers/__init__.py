"""The register of ways to pay; what is not listed here does not exist."""

from .base import Forged, Notice, Outcome, Provider, Request, Started, Unavailable

PROVIDERS: dict[str, Provider] = {}

__all__ = ["PROVIDERS", "Forged", "Notice", "Outcome", "Provider", "Request", "Started", "Unavailable"]
