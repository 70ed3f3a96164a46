"""The register of what the system publishes. Slices above this one add theirs where the job is (`sequence`)."""

from typing import Final

from . import facilities, numbers, permits, procedures
from .base import Register, Source

SOURCES: Final[Register] = (
    procedures.sources,
    permits.sources,
    permits.register_sources,
    numbers.sources,
    facilities.sources,
)

__all__ = ["SOURCES", "Register", "Source"]
