"""Verbs that join stages: the last approval decides and issues in one transaction."""

from django.db import transaction

from madoguchi.cases.models import Case
from madoguchi.credentials import actions as credentials
from madoguchi.credentials.models import Credential
from madoguchi.decisions import actions as decisions
from madoguchi.decisions.models import Draft
from madoguchi.people.actor import Actor


@transaction.atomic
def approve(draft: Draft, *, by: Actor, comment: str = "") -> Credential | None:
    """Approve at one's seat; the last seat decides and issues the document, or nothing happens at all."""
    decision = decisions.approve(draft, by=by, comment=comment)
    return credentials.issue(decision, by=by) if decision else None


@transaction.atomic
def acknowledge(case: Case, *, by: Actor) -> Credential:
    """Finish a notification and issue its receipt."""
    number = decisions.acknowledge(case, by=by)
    return credentials.issue_receipt(case, number, by=by)
