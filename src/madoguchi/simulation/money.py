"""The fee of a case: its charge, the lines of the ledger, how it was paid, reduced, paid back or given up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from madoguchi.foundation.identifiers import new_reference, new_secret
from madoguchi.payments.ledger import rules
from madoguchi.payments.models import Charge, Entry, Refund
from madoguchi.payments.paying.actions import LAPSED, WITHDRAWN
from madoguchi.payments.paying.providers import PROVIDERS
from madoguchi.payments.paying.providers.counter import Counter

from . import paying
from .dossier import Dossier, Row, Writer
from .lives import Happening
from .paying import way_online

REDUCED: Final = "規定による減免（見本）"
REPAID: Final = "過って多く納付された分（見本）"


def _charged(dossier: Dossier, one: Happening) -> None:
    source, case = dossier.story.source, dossier.case
    flow = source.course.flow
    due_on = dossier.story.life[0].at.date() + timedelta(days=flow.fee_days) if flow.fee_due else None
    charge = dossier.add(
        Charge, id=dossier.identifier(), reference=new_reference(dossier.chance.randrange), secret=new_secret(),
        case_id=case["id"], code=case["procedure"], office=case["office"], owed=0, paid=0, opened_at=dossier.at,
        label=f"{source.compiled.procedure.name} 手数料", due_on=due_on, reminded_at=None, lapsed_at=None, lines=0,
    )  # fmt: skip
    dossier.open["charge"] = charge
    _line(dossier, "owed", one.data["yen"], dossier.actor(one), key=f"owed:{charge['id']}")
    _tell(dossier, "charged", dossier.actor(one), yen=one.data["yen"])


def _line(
    dossier: Dossier, kind: str, yen: int, actor: tuple[str, str], *, key: str = "", reason: str = "",
    attempt: Row | None = None,
) -> None:  # fmt: skip
    charge = dossier.open["charge"]
    made = rules.line(kind, yen, attempt["provider"] if attempt else "")
    dossier.add(
        Entry, charge_id=charge["id"], **made._asdict(), at=dossier.at, actor_kind=actor[0], actor_code=actor[1],
        reason=reason, attempt_id=attempt["id"] if attempt else None,
        key=key or f"{kind}:{charge['id']}:{charge['lines']}",
    )  # fmt: skip
    owed, paid = rules.change(kind, yen)
    charge["owed"], charge["paid"], charge["lines"] = charge["owed"] + owed, charge["paid"] + paid, charge["lines"] + 1


def _tell(dossier: Dossier, event: str, actor: tuple[str, str], /, **data: Any) -> None:
    charge = dossier.open["charge"]
    dossier.record(event, actor, {"charge": charge["reference"], "due": _due(charge), **data})


def _due(charge: Row) -> int:
    due: int = charge["owed"] - charge["paid"]
    return due


def _reduced(dossier: Dossier, one: Happening) -> None:
    _line(dossier, "reduced", one.data["yen"], dossier.actor(one), reason=REDUCED)
    _tell(dossier, "reduced", dossier.actor(one), yen=one.data["yen"], kind="reduced")


def _paid(dossier: Dossier, one: Happening) -> None:
    provider = Counter.code if one.by == "clerk" else way_online(dossier.chance)
    attempt = dossier.open["attempt"] = paying.attempt(
        dossier.add, dossier.open["charge"], provider, pk=dossier.identifier(), at=dossier.at,
        slip=f"{dossier.story.number:07d}", clerk=dossier.officer("clerk"), chance=dossier.chance,
    )  # fmt: skip
    actor, yen = dossier.actor(one, provider), attempt["yen"]
    _line(dossier, "paid", yen, actor, key=f"paid:{attempt['id']}", attempt=attempt)
    _tell(dossier, "paid", actor, yen=yen, provider=provider)


def _repayment_promised(dossier: Dossier, one: Happening) -> None:
    charge, attempt = dossier.open["charge"], dossier.open["attempt"]
    yen = min(one.data["yen"], attempt["yen"], charge["owed"])
    _line(dossier, "lowered", yen, dossier.actor(one), reason=REPAID)
    dossier.open["refund"] = dossier.add(
        Refund, id=dossier.identifier(), attempt_id=attempt["id"], yen=yen, reason=REPAID, promised_at=dossier.at,
        asked_at=None, done_at=None, slip="",
    )  # fmt: skip
    _tell(dossier, "reduced", dossier.actor(one), yen=yen, kind="lowered")


def _refunded(dossier: Dossier, one: Happening) -> None:
    refund, attempt = dossier.open["refund"], dossier.open["attempt"]
    refund.update(asked_at=dossier.at, done_at=dossier.at)
    attempt["refunded"] += refund["yen"]
    actor = ("system", attempt["provider"])
    if PROVIDERS[attempt["provider"]].by_hand:
        refund["slip"], actor = f"R{dossier.story.number:07d}", ("officer", str(dossier.officer("clerk")))
    if "sandbox" in attempt:
        attempt["sandbox"]["refunds"] = {str(refund["id"]): {"yen": refund["yen"], "at": dossier.at.isoformat()}}
    paying.notified(dossier.add, attempt, "refunded", str(refund["id"]), dossier.at)
    _line(dossier, "refunded", refund["yen"], actor, key=f"refund:{refund['id']}", reason=REPAID, attempt=attempt)
    _tell(dossier, "refunded", actor, yen=refund["yen"], provider=attempt["provider"])


def _lapsed(dossier: Dossier, one: Happening) -> None:
    due = _close(dossier, LAPSED)
    _tell(dossier, "payment-lapsed", dossier.actor(one), yen=due)


def ask_no_more(dossier: Dossier) -> None:
    """The application was withdrawn: what is still due is not asked for any more."""
    if "charge" in dossier.open and _due(dossier.open["charge"]) > 0:
        _close(dossier, WITHDRAWN)


def _close(dossier: Dossier, reason: str) -> int:
    charge = dossier.open["charge"]
    due, charge["lapsed_at"] = _due(charge), dossier.at
    _line(dossier, "lowered", due, ("system", "fees"), key=f"lapsed:{charge['id']}:{charge['lines']}", reason=reason)
    return due


WRITERS: Final[Mapping[str, Writer]] = {
    "charged": _charged,
    "reduced": _reduced,
    "paid": _paid,
    "repayment-promised": _repayment_promised,
    "refunded": _refunded,
    "payment-lapsed": _lapsed,
}
