"""What goes when its time is over: what people wrote, what was issued to them; codes, days and hashes stay."""

from django.db import transaction
from django.utils import timezone

from madoguchi.bookings.sales.forgetting import forget_visitors
from madoguchi.cases import events
from madoguchi.cases.forgetting import forget_correspondence
from madoguchi.cases.models import Case
from madoguchi.credentials.forgetting import forget_document
from madoguchi.decisions.forgetting import forget_words
from madoguchi.opendata.requests.actions import forget_askers
from madoguchi.participation.forgetting import forget_comment
from madoguchi.people.actor import worker
from madoguchi.platform.calendar import today
from madoguchi.reform.forgetting import forget_voices
from madoguchi.registers.forgetting import forget_holdings


def purge() -> None:
    """Remove what is personal of cases and holdings whose retention has ended, and of visits and voices long past."""
    due = Case.objects.filter(closed_at__isnull=False, purged_at__isnull=True, retention_until__lt=today())
    for case in due.iterator():
        forget(case)
    forget_holdings()
    forget_visitors()
    forget_voices()
    forget_askers()


@transaction.atomic
def forget(case: Case) -> None:
    """Purge one case."""
    case = events.lock(case)
    # First, since only of a purged case the database lets anything go.
    case.title, case.email_key, case.likeness, case.purged_at = "", None, None, timezone.now()
    case.save(update_fields=["title", "email_key", "likeness", "purged_at"])
    for sent in (case.filings, case.uploads, case.invitations):
        sent.all().delete()
    forget_correspondence(case)
    forget_comment(case)
    forget_words(case)
    forget_document(case)
    events.append(case, "purged", by=worker("purge"))
