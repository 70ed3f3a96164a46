"""What was asked and written about a case goes when it is purged; its record of codes, days and hashes stays."""

from typing import Final

from .models import Case

FORGOTTEN: Final = "（保存期間の満了により消去）"
"""Stands where a text may not be empty."""


def forget_correspondence(case: Case) -> None:
    """Remove notes, consultations and corrections of a case that is purged already."""
    for written in (case.notes, case.consultations, case.corrections):
        written.all().delete()
