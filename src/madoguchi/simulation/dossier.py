"""What a life leaves in the tables: the rows of one case, and its chain of events.

Each kind of happening has its writer, in `matter`, `money` or `deciding`; each mirrors the action that would have
written the same rows (`cases.actions`, `payments.paying.actions`, `decisions.actions`, `credentials.actions`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from madoguchi.cases.models import Event, Pause
from madoguchi.foundation import record

from .lives import Happening, clock, pauses
from .plans import Story
from .staff import Staff

ZONE: Final = ZoneInfo(settings.TIME_ZONE)
Row = dict[str, Any]
Rows = dict[type[models.Model], list[Row]]
Ids = Mapping[type[models.Model], Iterator[int]]
Numbers = Mapping[tuple[str, int], Iterator[int]]
Writer = Callable[["Dossier", Happening], None]


def moment(local: datetime) -> datetime:
    """A local time as the database keeps it."""
    return local.replace(tzinfo=ZONE).astimezone(UTC)


@dataclass
class Dossier:
    """One case being written. `whole`: with its files and signed documents."""

    story: Story
    staff: Staff
    ids: Ids
    numbers: Numbers
    chance: Random
    whole: bool
    rows: Rows = field(default_factory=lambda: defaultdict(list))
    now: datetime = datetime.min
    open: dict[str, Row] = field(default_factory=dict)
    """What goes on: task, correction, consultation, draft, charge, attempt, refund, case."""

    def write(self, writers: Mapping[str, Writer]) -> Rows:
        """All rows of the case, each happening by the writer of its kind."""
        for one in self.story.life:
            self.now = one.at
            writers[one.kind](self, one)
        self._end()
        return self.rows

    def add(self, model: type[models.Model], **values: Any) -> Row:
        """A row, which may still change."""
        self.rows[model].append(values)
        return values

    def identifier(self) -> UUID:
        """A row id as `foundation.identifiers.new_id` makes it, of this life's moment."""
        milliseconds, chance = int(self.at.timestamp() * 1000), self.chance
        head = milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64
        return UUID(int=head | 0b10 << 62 | chance.getrandbits(62))

    @property
    def at(self) -> datetime:
        """The moment of the present happening."""
        return moment(self.now)

    @property
    def case(self) -> Row:
        """The row of the case."""
        return self.open["case"]

    def officer(self, role: str, office: str = "") -> int:
        """Who of an office (the case's own) acts in a role."""
        return self.staff.of(office or self.case["office"], role, self.story.number)

    def actor(self, one: Happening, system: str = "fees") -> tuple[str, str]:
        """Kind and code of who did it."""
        if one.by == "applicant":
            return "applicant", self.case["reference"]
        if one.by == "system":
            return "system", system
        return "officer", str(self.officer(one.by, one.data.get("office", "")))

    def record(self, kind: str, actor: tuple[str, str], data: Mapping[str, Any]) -> None:
        """Append one event to the chain."""
        case, at = self.case, self.at
        seq, previous = case["last_seq"] + 1, case["last_hash"]
        payload = {
            "case": str(case["id"]), "seq": seq, "kind": kind, "at": at.isoformat(), "actor": list(actor), "data": data,
        }  # fmt: skip
        linked = record.link(previous, payload)
        self.add(
            Event, case_id=case["id"], seq=seq, kind=kind, at=at, actor_kind=actor[0], actor_code=actor[1],
            data=dict(data), previous=previous, hash=linked,
        )  # fmt: skip
        case["last_seq"], case["last_hash"] = seq, linked

    def _end(self) -> None:
        course, life, case = self.story.source.course, self.story.life, self.case
        for since, until in pauses(course, life):
            self.add(Pause, case_id=case["id"], since=since, until=until)
        standing = clock(course, life)
        case["due_on"] = standing.due_on() if standing else None
        charge = self.open.get("charge")
        if charge is not None:
            case["unpaid"] = max(charge["owed"] - charge["paid"], 0)
            charge["reminded_at"] = charge["opened_at"] if case["unpaid"] else None  # nobody invented gets a letter
