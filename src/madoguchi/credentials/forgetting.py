"""What was issued to somebody goes when its case is purged; its number and hash stay."""

from madoguchi.cases.forgetting import FORGOTTEN
from madoguchi.cases.models import Case


def forget_document(case: Case) -> None:
    """Remove the documents of a case that is purged already, and why one was withdrawn."""
    case.credentials.update(pdf=b"")
    case.credentials.exclude(withdrawal_reason="").update(withdrawal_reason=FORGOTTEN)
