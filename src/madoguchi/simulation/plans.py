"""Which cases an invented town has: who applies for what, when, and where some of them are to stand now."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Final, NamedTuple

from django.db import models

from madoguchi.cases.correspondence import Consultation, Correction, Note
from madoguchi.cases.flow import Step
from madoguchi.cases.models import Task
from madoguchi.credentials.models import Credential
from madoguchi.decisions.models import Decision, Draft
from madoguchi.foundation.dates import fiscal_year, is_open_day

from .lives import Aim, Beginning, Happening, clock, live
from .moments import arrival, at_some_hour, channel
from .sources import PEOPLE, Source, Variant

LANGUAGES: Final = {"ja": 18, "en": 1, "ja-easy": 1}
STANDING: Final = 3
"""One case in so many at most is put where it stands, so that every state is there; the others live as they come."""
TRIES: Final = 300
MONTH: Final = timedelta(days=30)
NAMED: Final[Mapping[str, type[models.Model]]] = {
    "submitted": Task,
    "moved": Task,
    "note-added": Note,
    "consulted": Consultation,
    "correction-asked": Correction,
    "drafted": Draft,
    "decided": Decision,
    "issued": Credential,
}
"""The row that each event of these kinds makes, whose id is known before: events and filings name it."""


class Story(NamedTuple):
    """One case to be: what its applicant answered and what happened before the last day."""

    number: int
    source: Source
    variant: Variant
    channel: str
    language: str
    life: Sequence[Happening]

    @property
    def number_of(self) -> tuple[str, int] | None:
        """The office and fiscal year whose next document number it takes; None without a decision."""
        ended = next((one.at for one in self.life if one.kind in ("decided", "closed")), None)
        return None if ended is None else (self.source.course.office, fiscal_year(ended.date()))


class Entry(NamedTuple):
    """What is known of a story without keeping it: when it was decided (or last moved), and what it needs."""

    end: datetime
    number: int
    number_of: tuple[str, int] | None
    needs: Mapping[type[models.Model], int]


@dataclass(frozen=True)
class Plan:
    """An invented town before it is written: `cases` of these procedures up to and with the day `until`."""

    sources: Sequence[Source]
    seed: int
    cases: int
    until: date
    days: int

    def story(self, index: int) -> Story:
        """The case of this index; the same whenever it is asked for."""
        chance = Random(f"{self.seed}/{index}")  # noqa: S311 - to be repeated, not to be secret
        if index < self._placed:
            source, aim = self.aims[index]
            if found := self._aimed(index, source, aim, chance):
                return found
        weights = [1 / (rank + 1) for rank in range(len(self.sources))]  # a few procedures make most of the work
        (source,) = chance.choices(self.sources, weights)
        by, variant = channel(chance), source.variant(chance.randrange(PEOPLE))
        arrived = arrival(chance, by, self._end - timedelta(days=self.days), self._until(chance))
        beginning = Beginning(arrived, by, variant.fee or 0, variant.electronic)
        return self._told(index, source, variant, by, live(source.course, beginning, chance), chance)

    def _until(self, chance: Random) -> date:
        """Fewer others arrive in the last month, where those that were put in their places arrived."""
        usual = self.cases * MONTH.days / self.days
        return self._end - MONTH if chance.random() < self._placed / usual else self._end

    @property
    def _placed(self) -> int:
        return min(len(self.aims), self.cases // STANDING)

    @property
    def _end(self) -> date:
        return self.until + timedelta(days=1)

    def _told(
        self, index: int, source: Source, variant: Variant, by: str, life: Sequence[Happening], chance: Random
    ) -> Story:
        end = datetime.combine(self._end, time.min)
        (language,) = chance.choices(list(LANGUAGES), list(LANGUAGES.values()))
        return Story(index, source, variant, by, language, [one for one in life if one.at < end])

    def entry(self, index: int) -> Entry:
        """What the plan keeps of a story."""
        story = self.story(index)
        needs = Counter(NAMED[one.kind] for one in story.life if one.kind in NAMED)
        ended = next((one.at for one in story.life if one.kind in ("decided", "closed")), story.life[-1].at)
        return Entry(ended, index, story.number_of, needs)

    @cached_property
    def aims(self) -> list[tuple[Source, Aim]]:
        """Every procedure at every step of its flow, late and unpaid ones too; first of all each kind of state once."""
        seen: Counter[Aim] = Counter()
        ranked: list[tuple[int, int, Source, Aim]] = []
        shuffled = list(self.sources)
        Random(f"{self.seed}/aims").shuffle(shuffled)  # noqa: S311 - as above
        for source in shuffled:
            for aim in _states(source):
                seen[aim] += 1
                ranked.append((seen[aim], len(ranked), source, aim))
        return [(source, aim) for _rank, _place, source, aim in sorted(ranked, key=lambda one: one[:2])]

    def _aimed(self, index: int, source: Source, aim: Aim, chance: Random) -> Story | None:
        """A life that stands where it is to stand at the end of the last day; None where none was found."""
        variant = _fitting(source, aim, chance)
        if variant is None:
            return None
        for back in _days_back(source, aim):
            by, day = channel(chance), self._end - timedelta(days=back)
            if by == "counter" and not is_open_day(day):
                continue
            beginning = Beginning(at_some_hour(chance, by, day), by, variant.fee or 0, variant.electronic)
            life = live(source.course, beginning, chance, aim)
            if self._fits(source, aim, life):
                return self._told(index, source, variant, by, life, chance)
        return None

    def _fits(self, source: Source, aim: Aim, life: Sequence[Happening]) -> bool:
        end = datetime.combine(self._end, time.min)
        reached = [one for one in life if one.kind in ("submitted", "moved")]
        if reached[-1].at >= end or not _waits_on(source.course.flow.step_by_id[aim.step], reached[-1].at, end):
            return False
        standing = clock(source.course, [one for one in life if one.at < end])
        due = standing.due_on() if standing else None
        return (due is not None and due < self._end) if aim.late else (due is None or due >= self._end)


def _states(source: Source) -> Iterator[Aim]:
    course = source.course
    waiting = set(course.waits_for_fee()) if source.compiled.procedure.fee else set()
    running = [step for step in course.paths if course.flow.step_by_id[step].clock == "runs"]
    if course.period_days and running:
        yield Aim(running[len(course.code) % len(running)], late=True)
    for step in course.paths:
        yield Aim(step)
        if step in waiting:
            yield Aim(step, unpaid=True)


def _fitting(source: Source, aim: Aim, chance: Random) -> Variant | None:
    for _try in range(20):
        variant = source.variant(chance.randrange(PEOPLE))
        if variant.fee or not aim.unpaid:
            return variant
    return None


def _days_back(source: Source, aim: Aim) -> Iterator[int]:
    """So many days ago it may have arrived: the shortest first, since a state that has just come fits most often."""
    first = int((source.course.period_days or 1) * 1.5) + 4 if aim.late else 1
    last = source.course.flow.fee_days - 1 if aim.unpaid else first + TRIES
    yield from range(first, max(last, first + 1))


def _waits_on(step: Step, since: datetime, end: datetime) -> bool:
    """Whether a step that waits for a term still waits for it."""
    return step.wait is None or since.date() + timedelta(days=step.wait.days) > end.date()
