"""Booking a file that an acquirer or a bank sent (消込)."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.cases.actions import ActionRefused
from madoguchi.people.actor import Actor

from .attempts import provider_of, settle
from .providers.statement import read_statement


@transaction.atomic
def import_statement(*, provider: str, content: bytes, by: Actor) -> Counter[str]:
    """Settle every line of a file, or none: how many were paid, nothing (known), mismatch. Safe to repeat.

    Raises BadFile with every faulty line, and ActionRefused for anybody but an officer.
    """
    if by.officer is None:
        raise ActionRefused(_("ファイルを取り込めるのは職員だけです。"))
    method = provider_of(provider).code
    return Counter(settle(one, provider=provider, by=by) for one in read_statement(content, method=method))
