"""What a slip's two-dimensional code says: the register where another format is plugged in.

The common code for public money (公金のeL-QR, 地方自治法 as amended by 令和6年法律第65号) has a specification that the
local tax organisation gives to its members alone. Who has it writes a function `Bill → text` and adds a line to
`PAYLOADS`, which also says whether payment apps read it; nothing else changes. A guess would print codes that no bank
reads, so there is none here (ADR 0016).
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple


class Bill(NamedTuple):
    """What is to be paid: the slip's number (20 digits), the charge's reference (納付番号), and yen."""

    number: str
    reference: str
    yen: int


def plain(bill: Bill) -> str:
    """This town's own: `MGP1:<number>:<yen>:<reference>`, for its own readers."""
    return f"MGP1:{bill.number}:{bill.yen}:{bill.reference}"


class Payload(NamedTuple):
    """How the code's text is written, and whether payers' apps read it: pages and paper promise no more than that."""

    text: Callable[[Bill], str]
    by_apps: bool


PAYLOADS: Final[Mapping[str, Payload]] = {"plain": Payload(plain, by_apps=False)}
