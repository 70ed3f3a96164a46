"""What a way of paying must be able to do. One folder each; `PROVIDERS` in `__init__.py` is the register.

A provider has no tables and knows no charges: it gets a `Request`, and answers with what it started or with `Notice`s.
`actions` alone writes the ledger. Whatever a provider cannot say now, it says by raising `Unavailable`: the case waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

Outcome = Literal["paid", "failed", "expired", "refunded", "waiting"]


class Unavailable(Exception):
    """The provider does not answer, or not now. Nothing was changed; try again later."""


class Forged(Exception):
    """A notification that this provider did not send: no or wrong signature, too old, another merchant."""


@dataclass(frozen=True)
class Request:
    """What is to be paid. `attempt` is our id for it (also the idempotency key towards the provider); `yen` > 0."""

    attempt: str
    yen: int
    label: str
    reference: str
    language: str
    back: str
    notify: str
    started_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Started:
    """Where the payer goes on: `url` of a hosted page, or what our own page shows (`shown`: QR text, slip number)."""

    provider_reference: str
    url: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Notice:
    """What a provider says happened. `event` names this telling, `refund` the repayment it is about."""

    event: str
    provider_reference: str
    outcome: Outcome
    yen: int
    at: datetime
    method: str = ""
    refund: str = ""
    slip: str = ""
    """Of a repayment made by hand: the number of the terminal's slip or of the transfer."""
    currency: str = "JPY"
    separate: bool = False
    """Every telling is a payment of its own (a line of a file): a second one on a paid attempt is money come twice."""


class Provider(Protocol):
    """The narrow interface."""

    code: str
    name: str
    """As people read it, in Japanese and marked for translation."""
    hosted: bool
    """Whether the payer can use it alone, on a phone; otherwise a clerk or a file brings the news."""
    by_file: bool
    """Whether its news come days later with a file: never for what is held for minutes."""
    by_hand: bool
    """Whether an officer pays back outside (terminal, bank transfer) and enters the number; no server is asked."""

    def is_ready(self) -> bool:
        """Whether the settings it needs are there; one that is not ready is not offered."""

    def start(self, request: Request) -> Started:
        """Begin, or begin again with the same `attempt` and get the same. Raises Unavailable."""

    def read(self, headers: Mapping[str, str], body: bytes) -> Notice | None:
        """A notification, checked; None for one that says nothing about payments. Raises Forged."""

    def status(self, provider_reference: str) -> Notice:
        """How a payment stands now, asked of the provider. Raises Unavailable."""

    def refund(self, provider_reference: str, yen: int, *, key: str) -> Notice:
        """Pay back; the same key pays once. Raises Unavailable."""

    def listed(self, day: date) -> Sequence[Notice]:
        """Everything that was paid or refunded on a day (Japan), for the nightly reconciliation. Raises Unavailable."""
