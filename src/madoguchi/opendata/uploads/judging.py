"""What stands in a file that a bureau hands in: columns, faults for machines, personal data. Pure, without Django."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..checking.search import Finding, placed, scan
from ..publishing.profile import Profile, profile
from ..reading.readability import Fault, check
from ..reading.sheets import read

MOST_SHOWN: Final = 20


@dataclass(frozen=True)
class Judged:
    """The table and everything found."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    columns: Sequence[Profile]
    faults: Sequence[Fault]
    findings: Sequence[Finding]
    sheet: str = ""

    @property
    def stops(self) -> bool:
        """Whether a fault for machines holds publication up."""
        return any(not fault.hint for fault in self.faults)

    def report(self) -> dict[str, Any]:
        """What is kept and shown: the first places of each kind, personal data masked."""
        groups: dict[str, list[Finding]] = {}
        for one in self.findings:
            groups.setdefault(one.group, []).append(one)
        return {
            "rows": len(self.rows),
            "sheet": self.sheet,
            "stops": self.stops,
            "columns": [
                [one.name, one.type, one.filled, one.empty, one.distinct, *_ends(one, self.findings)]
                for one in self.columns
            ],
            "faults": [
                [one.code, one.place, "" if one.place in _places(self.findings) else one.value[:60], one.hint]
                for one in self.faults
            ],
            "findings": [
                {
                    "group": group, "kind": found[0].kind, "column": found[0].column, "count": len(found),
                    "mistakable": found[0].mistakable, "places": [[one.place, one.shown] for one in found[:MOST_SHOWN]],
                }
                for group, found in groups.items()
            ],
        }  # fmt: skip


def _places(findings: Sequence[Finding]) -> set[str]:
    return {one.place for one in findings}


def _ends(column: Profile, findings: Sequence[Finding]) -> tuple[str, str]:
    """The least and the largest value; none of a column with personal data."""
    return ("", "") if any(one.column == column.name for one in findings) else (column.least, column.most)


def judge(content: bytes, facility_columns: Collection[str] = ()) -> Judged:
    """Read and judge a file. Raises sheets.SheetRefused."""
    sheet = read(content)
    header, rows = sheet.rows[0], sheet.rows[1:]
    findings = scan(header, rows, facility_columns=facility_columns, outside=sheet.outside)
    faults = [*sheet.faults, *check(sheet.rows)]
    return Judged(header, rows, profile(header, rows), faults, placed(findings, header), sheet.name)
