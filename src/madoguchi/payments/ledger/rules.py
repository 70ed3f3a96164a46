"""The ledger's arithmetic, pure: which accounts a movement uses, and what the lines of a charge add up to.

Every line moves `yen` from one account (credit, 貸方) to another (debit, 借方). That the accounts sum to zero follows
from this alone and checks nothing; what can be wrong is a line on other accounts than its kind uses
(`is_posted_right`), or lines that do not make up what charges and attempts say (`queries.unsound`).
The balance of RECEIVABLE is what the payer still owes; it is negative while something must be paid back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

RECEIVABLE: Final = "receivable"  # 調定済みで未収のもの
INCOME: Final = "income"  # 歳入
REDUCTIONS: Final = "reductions"  # 減免
LOSSES: Final = "losses"  # 不納欠損
MOST_YEN: Final = 100_000_000
"""No charge of this town is larger; what is, was mistyped."""

_ACCOUNTS: Final[Mapping[str, tuple[str, str]]] = {
    "owed": (RECEIVABLE, INCOME),
    "lowered": (INCOME, RECEIVABLE),
    "reduced": (REDUCTIONS, RECEIVABLE),
    "written-off": (LOSSES, RECEIVABLE),
}
_SIGNS: Final[Mapping[str, tuple[int, int]]] = {
    "owed": (1, 0),
    "lowered": (-1, 0),
    "reduced": (-1, 0),
    "written-off": (-1, 0),
    "paid": (0, 1),
    "refunded": (0, -1),
}


class Line(NamedTuple):
    """One line of the ledger as a value."""

    kind: str
    debit: str
    credit: str
    yen: int


class Sums(NamedTuple):
    """What a charge's lines add up to, in yen: asked for, and come in."""

    owed: int
    paid: int


def money_at(provider: str) -> str:
    """The account of the money that came in through a way of paying."""
    return f"money:{provider}"


def line(kind: str, yen: int, provider: str = "") -> Line:
    """The line for a movement of `yen` > 0. Payments and repayments name their provider. KeyError: no such kind."""
    if kind == "paid":
        return Line(kind, money_at(provider), RECEIVABLE, yen)
    if kind == "refunded":
        return Line(kind, RECEIVABLE, money_at(provider), yen)
    return Line(kind, *_ACCOUNTS[kind], yen)


def is_posted_right(written: Line, provider: str) -> bool:
    """Whether a line stands on the accounts of its kind (and, for money, of the provider of its payment)."""
    return written == line(written.kind, written.yen, provider)


def change(kind: str, yen: int) -> Sums:
    """How a movement changes what is owed and what is paid."""
    owed, paid = _SIGNS[kind]
    return Sums(owed * yen, paid * yen)


def sums(lines: Iterable[Line]) -> Sums:
    """Owed and paid, counted anew from the lines."""
    changes = [change(one.kind, one.yen) for one in lines]
    return Sums(sum(one.owed for one in changes), sum(one.paid for one in changes))


def balances(lines: Iterable[Line]) -> dict[str, int]:
    """The balance of every account: debits less credits, in yen."""
    found: Counter[str] = Counter()
    for one in lines:
        found[one.debit] += one.yen
        found[one.credit] -= one.yen
    return dict(found)
