"""What a decision entitles to: an issued document whose procedure grants what the facility honours.

The document is shown by the secret in its two-dimensional code. An order remembers only a hash of it.
"""

from datetime import date

from django.db.models import Func
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.credentials.models import Credential
from madoguchi.foundation.text import as_code
from madoguchi.people.actor import Actor
from madoguchi.platform.refusing import ActionRefused
from madoguchi.registers.queries import in_force, of_document

from ..models import Order, Waiting
from .shop import Offered, Proof, fingerprint

LONGEST = 300
GRANTED = "granted"


def proof(shown: str, offered: Offered) -> Proof:
    """The entitlement of the document whose code, or whose page's address, is shown. Raises ActionRefused."""
    code = as_code(shown).rstrip("/").rpartition("/")[2].lower()
    looked_for = Credential.objects.select_related("case__version").filter(code=code)
    found = looked_for.first() if len(shown) <= LONGEST and code.isalnum() else None
    if found is None:
        raise ActionRefused(_("この証明は見つかりません。文書の二次元コードのアドレスを確かめてください。"))
    if found.withdrawn_at is not None:
        raise ActionRefused(_("この証明は取り消されています。"))
    if found.valid_until is not None and found.valid_until < timezone.localdate(offered.slot.starts_at):
        raise ActionRefused(_("この証明は、予約する日には有効期間が過ぎています。"))
    if not _stands(found, timezone.localdate(offered.slot.starts_at)):
        raise ActionRefused(_("この証明のもとになる登録は、予約する日には効力がありません。"))
    granted = _granted(found)
    if not granted or offered.offer.entitlement(granted) is None:
        raise ActionRefused(_("この施設では、この証明による割引はありません。"))
    return Proof(granted, fingerprint(found.code))


def still(holder: Order | Waiting, offered: Offered) -> Proof | None:
    """The entitlement that an order or somebody who waits was granted, looked at again for this slot's day.

    None where there was none. Raises ActionRefused: withdrawn meanwhile, over by that day, or erased.
    """
    if not holder.entitled:
        return None
    hashed = Func("code", template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')")
    code = Credential.objects.annotate(hashed=hashed).filter(hashed=holder.entitled).values_list("code", flat=True)
    return proof(code.first() or "", offered)


def _stands(found: Credential, on: date) -> bool:
    """Whether the right behind a document is in force on a day; what stands in no register is judged by its paper."""
    holding = of_document(found.case)
    return holding is None or in_force(holding, on)


def _granted(found: Credential) -> str:
    return found.case.compiled.procedure.outcome.grants if found.case.result == GRANTED else ""


def held(by: Actor, offered: Offered) -> str:
    """The code of a document that this browser's cases were issued and that is honoured here; "" where none is."""
    if not by.references or not offered.offer.entitlements:
        return ""
    documents = Credential.objects.filter(case__reference__in=by.references, withdrawn_at__isnull=True)
    for one in documents.select_related("case__version").order_by("-issued_at"):
        if offered.offer.entitlement(_granted(one)):
            return one.code
    return ""
