"""Charges, the ledger they stand on, and how they were paid. Every amount is a whole number of yen."""

from .attempts import Attempt, Notification, Refund, SandboxPayment
from .charges import Charge, Entry
from .closing import Comparison, DayClose, Difference

__all__ = [
    "Attempt",
    "Charge",
    "Comparison",
    "DayClose",
    "Difference",
    "Entry",
    "Notification",
    "Refund",
    "SandboxPayment",
]
