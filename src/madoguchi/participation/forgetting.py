"""What an applicant wrote about the service goes when the case is purged; the score stays."""

from madoguchi.cases.models import Case

from .models import Rating


def forget_comment(case: Case) -> None:
    """Remove the comment."""
    Rating.objects.filter(case=case).update(comment="")
