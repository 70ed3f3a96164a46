"""What officers wrote about a decision goes when its case is purged; codes, days and hashes stay."""

from madoguchi.cases.forgetting import FORGOTTEN
from madoguchi.cases.models import Case

from .models import Approval, Decision, Draft


def forget_words(case: Case) -> None:
    """Remove explanations, conditions and comments of a case that is purged already: else the database refuses."""
    Draft.objects.filter(case=case).exclude(explanation="").update(explanation=FORGOTTEN)
    Decision.objects.filter(case=case).update(explanation="", conditions=[])
    Approval.objects.filter(draft__case=case).update(comment="")
