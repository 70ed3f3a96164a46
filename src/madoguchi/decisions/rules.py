"""Pure rules of decisions: who approves in which order, and the paragraphs of the appeal notice."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from madoguchi.catalogue.format import Appeal, Approval, Procedure
from madoguchi.foundation.dates import to_era


class Seat(NamedTuple):
    """One seat of the approval chain."""

    office: str
    position: str
    joint: bool
    final: bool


def chain(approval: Approval, office: str, *, refusing: bool) -> list[Seat]:
    """The seats for a draft: the office's positions in order, joint offices' managers before the deciding one."""
    positions = approval.refuse if refusing else approval.grant
    joint = approval.joint_on_refusal if refusing else ()
    seats = [Seat(office, position, False, False) for position in positions[:-1]]
    seats += [Seat(other, "manager", True, False) for other in joint if other != office]
    return [*seats, Seat(office, positions[-1], False, True)]


def appeal_notice(appeal: Appeal) -> list[str]:
    """教示: 行政不服審査法第82条第1項 (three months, one year) and 行政事件訴訟法第46条第1項 (six months, one year)."""
    return list(_appeal(appeal))


def _appeal(appeal: Appeal) -> Iterator[str]:
    yield (
        f"この決定に不服がある場合は、この決定があったことを知った日の翌日から起算して3か月以内に、{appeal.reviewer}に対して"
        "審査請求をすることができます（この決定の日の翌日から起算して1年を経過したときは、正当な理由がある場合を除き、できません。）。"
    )
    yield (
        f"この決定の取消しの訴えは、この決定があったことを知った日の翌日から起算して6か月以内に、{appeal.defendant}を被告として"
        f"（訴訟において{appeal.defendant}を代表する者は{appeal.represented_by}となります。）提起することができます"
        "（この決定の日の翌日から起算して1年を経過したときは、正当な理由がある場合を除き、できません。）。"
        "審査請求をした場合は、その裁決があったことを知った日の翌日から起算して6か月以内に提起することができます。"
    )


def document_number(mark: str, fiscal_year: int, number: int) -> str:
    """e.g. 8中保第123号: the fiscal year in the era, the office's mark, the number within office and year."""
    _era, year = to_era(date(fiscal_year, 12, 31))
    return f"{year}{mark}第{number}号"


def reasons(procedure: Procedure, chosen: Sequence[str]) -> list[dict[str, str]]:
    """The chosen refusal reasons with their legal basis, as printed."""
    return [
        {"text": reason.text, "law": str(reason.law)} for reason in procedure.refusal_reasons if reason.id in chosen
    ]
