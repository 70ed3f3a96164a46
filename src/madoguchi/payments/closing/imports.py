"""Booking a file that an acquirer or a bank sent (消込)."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused
from madoguchi.town.offices import town

from ..paying.attempts import provider_of, settle
from ..paying.providers import PROVIDERS
from ..paying.providers.statement import read_statement

WITH_FILES = tuple(code for code, one in PROVIDERS.items() if one.by_file)
"""Ways to pay whose news come as a file."""


@transaction.atomic
def import_statement(*, provider: str, content: bytes, by: Actor) -> Counter[str]:
    """Settle every line of a file, or none: how many were paid, nothing (known), mismatch. Safe to repeat.

    Raises BadFile with every faulty line, and ActionRefused for anybody but an officer of the treasury.
    """
    if by.officer is None or not by.holds(town().treasury):
        raise ActionRefused(_("ファイルを取り込めるのは、会計の担当課の職員だけです。"))
    if provider not in WITH_FILES:
        raise ActionRefused(_("どの支払方法のファイルかを選んでください。"))
    method = provider_of(provider).code
    return Counter(settle(one, provider=provider, by=by) for one in read_statement(content, method=method))
