"""A payment that came in, as its provider's news would have left it: the try, the notification, the play money."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from django.utils import timezone

from madoguchi.foundation.identifiers import new_secret
from madoguchi.payments.models import Attempt, Notification, SandboxPayment
from madoguchi.payments.paying.providers import PROVIDERS
from madoguchi.payments.paying.providers.counter import METHODS, Counter
from madoguchi.payments.paying.providers.slip import number_of

from .dossier import Row

Add = Callable[..., Row]
ONLINE: Final = {"sandbox": 4, "slip": 1}
"""How people pay who are not at the counter, where that way is ready."""


def way_online(chance: Random, *, by_file: bool = True) -> str:
    """A provider; the terminal where none is ready. Without `by_file` none whose news come days later."""
    ready = {code: n for code, n in ONLINE.items() if PROVIDERS[code].is_ready() and (by_file or code == "sandbox")}
    return chance.choices(list(ready), list(ready.values()))[0] if ready else Counter.code


def attempt(
    add: Add, charge: Row, provider: str, *, pk: UUID, at: datetime, slip: str, clerk: int, chance: Random
) -> Row:
    """What is due of a charge, paid. `slip` is the terminal's number, `clerk` who took it there."""
    is_counter = provider == Counter.code
    made = add(
        Attempt, id=pk, charge_id=charge["id"], provider=provider, yen=charge["owed"] - charge["paid"], state="paid",
        method=chance.choice(METHODS) if is_counter else provider, started_at=at - timedelta(minutes=2),
        settled_at=at, refunded=0, taken_by_id=clerk if is_counter else None,
    )  # fmt: skip
    made["provider_reference"] = _REFERENCES[provider](add, charge, made, slip)
    notified(add, made, "paid", made["provider_reference"], at)
    return made


def notified(add: Add, made: Row, outcome: str, about: str, at: datetime) -> None:
    """The provider's news."""
    event = f"invented:{outcome}:{about}"[:200]
    add(Notification, provider=made["provider"], event=event, at=at, attempt_id=made["id"], outcome=outcome)


def _at_the_terminal(add: Add, charge: Row, made: Row, slip: str) -> str:
    day = timezone.localtime(made["settled_at"])
    return Counter.taken(charge["office"], made["method"], slip, made["yen"], day).provider_reference


def _on_a_slip(add: Add, charge: Row, made: Row, slip: str) -> str:
    return number_of(str(made["id"]))


def _in_the_sandbox(add: Add, charge: Row, made: Row, slip: str) -> str:
    made["sandbox"] = add(
        SandboxPayment, attempt=str(made["id"]), reference=new_secret(), yen=made["yen"], label=charge["label"],
        back="", state="paid", at=made["settled_at"], refunds={},
    )  # fmt: skip
    return str(made["sandbox"]["reference"])


_REFERENCES: Final[Mapping[str, Callable[[Add, Row, Row, str], str]]] = {
    Counter.code: _at_the_terminal,
    "slip": _on_a_slip,
    "sandbox": _in_the_sandbox,
}
