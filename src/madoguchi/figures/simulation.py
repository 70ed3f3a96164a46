"""`madoguchi simulate`: a town with years of cases behind it, seeded, whole down to the hash chains, loaded by COPY.

Made are cases, first filings (an accepted example without its files), open tasks, ratings and all events; not made are
drafts, decisions and documents, so a simulated case has figures and a timeline but no paper.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import cache
from multiprocessing import get_context
from operator import itemgetter
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import django
from django.conf import settings
from django.db import connection, models, transaction

from madoguchi.applications.models import Filing
from madoguchi.cases.models import Case, Event, Task
from madoguchi.cases.queries import flows, today
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.examples import load_examples
from madoguchi.catalogue.queries import current
from madoguchi.foundation import record
from madoguchi.foundation.dates import retention_end
from madoguchi.foundation.identifiers import new_reference
from madoguchi.participation.models import Rating

from .lives import Course, Happening, arrival, clock, live, minutes_of
from .rollup import rebuild
from .sections import order

CHUNK: Final = 2_000
YEARS: Final = 3
FORM_DAYS: Final = 120
LEFT: Final = 0.25
_COUNT_FORMS: Final = """
INSERT INTO figures_sectioncount AS held (procedure, version, section, day, n) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (procedure, version, section, day) DO UPDATE SET n = held.n + excluded.n"""
TABLES: Final[tuple[type[models.Model], ...]] = (Case, Filing, Task, Rating, Event)
Rows = dict[type[models.Model], list[tuple[Any, ...]]]


class SimulationRefused(Exception):
    """The database must not be filled with invented cases; the text says why."""


class _Source:
    """A procedure as simulated cases need it."""

    def __init__(self, compiled: Compiled) -> None:
        procedure, period = compiled.procedure, compiled.procedure.standard_period
        asked = tuple(question.id for question in compiled.questions)
        self.version, self.office, self.years = compiled.version_id, procedure.office, procedure.retention.years
        self.course = Course(
            procedure.code, flows()[procedure.flow], period.days if period else None,
            period.unit if period else "working", asked, minutes_of(len(asked)),
        )  # fmt: skip
        self.sections = order(compiled)
        self.answers = json.dumps(_answers(compiled), ensure_ascii=False)


def _answers(compiled: Compiled) -> dict[str, Any]:
    examples = load_examples(settings.PROCEDURES_DIR / compiled.procedure.code)
    answers = next(example.answers for _file, example in examples if example.outcome.accepted)
    files = {path[0] for path, _question, _ids in compiled.files_in(answers)}
    return {key: value for key, value in answers.items() if key not in files}


def simulate(
    cases: int,
    seed: int,
    *,
    until: date | None = None,
    processes: int = 1,
    progress: Callable[[int], object] = lambda done: None,
) -> None:
    """Fill an empty database with invented cases and count them. `until` is the last day (today).

    The same number, seed, day and definitions give the same town, whatever the number of processes. `progress` is told
    how many cases are done. Raises SimulationRefused.
    """
    _must_be_empty()
    day = until or today()
    chunks = [(seed, start, min(CHUNK, cases - start), day) for start in range(0, cases, CHUNK)]
    if processes == 1:
        for done, chunk in enumerate(chunks, 1):
            _load(chunk)
            progress(min(done * CHUNK, cases))
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup) as pool:
            for done, _loaded in enumerate(pool.map(_load, chunks), 1):
                progress(min(done * CHUNK, cases))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rebuild()


def _load(chunk: tuple[int, int, int, date]) -> None:
    seed, start, number, until = chunk
    chance = Random(f"{seed}/{start}")  # noqa: S311 - to be repeated, not to be secret
    rows = _chunk(_sources(), chance, number, until)
    with transaction.atomic():
        for model in TABLES:
            _copy(model, rows[model])
    _count_forms(rows[Case], Random(f"{seed}/{start}/forms"), until)  # noqa: S311 - as above


def _count_forms(cases: Sequence[tuple[Any, ...]], chance: Random, until: date) -> None:
    """The forms behind the online cases of the last FORM_DAYS, and beside them those that were left on the way."""
    known = {source.version: (source.course.code, source.sections) for source in _sources()}
    forms: Counter[tuple[str, int, str, date]] = Counter()
    told = itemgetter(*map(_PLACES.index, ("version_id", "channel", "received_at")))
    for version, channel, arrived in map(told, cases):
        code, sections = known[version]
        day = arrived.astimezone(_ZONE).date()
        if channel == "online" and (until - day).days <= FORM_DAYS:
            forms.update((code, version, one, day) for one in sections)
            while chance.random() < LEFT:
                furthest = chance.choices(range(1, len(sections)), range(len(sections) - 1, 0, -1))[0]
                forms.update((code, version, one, day) for one in sections[:furthest])
    with connection.cursor() as cursor:  # in one order, so that two processes never wait for each other in a circle
        cursor.executemany(_COUNT_FORMS, [(*key, n) for key, n in sorted(forms.items())])


@cache
def _sources() -> list[_Source]:
    return [_Source(listed.compiled) for _code, listed in sorted(current().items())]


def _must_be_empty() -> None:
    if settings.PRODUCTION:
        raise SimulationRefused("this is production: invented cases never go into a real town's record.")
    if Case.objects.exists():
        raise SimulationRefused("there are cases already: simulate in an empty database (its own MADOGUCHI_HOME).")


def _chunk(sources: Sequence[_Source], chance: Random, number: int, until: date) -> Rows:
    rows: Rows = {model: [] for model in TABLES}
    weights = [1 / (rank + 1) for rank in range(len(sources))]  # a few procedures make most of the work
    for source in chance.choices(sources, weights, k=number):
        arrived, channel = arrival(chance, until - timedelta(days=365 * YEARS), until)
        _add(rows, source, list(_past(live(source.course, arrived, channel, chance), until)), channel, chance)
    return rows


def _past(life: Iterator[Happening], until: date) -> Iterator[Happening]:
    for one in life:
        if one.at.date() > until:
            return
        yield one


def _add(rows: Rows, source: _Source, life: list[Happening], channel: str, chance: Random) -> None:
    arrived = _moment(life[0].at)
    milliseconds = int(arrived.timestamp() * 1000)
    case = UUID(int=milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62))
    reference = new_reference(chance.randrange)
    last = _events(rows[Event], case, reference, life)
    moves = [one for one in life if one.kind == "moved"]
    flow, step = source.course.flow, moves[-1].data["to"] if moves else source.course.flow.start
    ended = _moment(moves[-1].at) if step in flow.end_by_id else None
    standing, closed_on = clock(source.course, life), (moves[-1].at if moves else life[0].at).date()
    rows[Case].append((
        case, reference, source.version, source.course.code, source.office, flow.code, step, step if ended else "",
        channel, "ja", "模擬 太郎", None, 0, True, arrived, source.course.period_days, source.course.period_unit,
        standing.due_on() if standing else None, None, None, ended, retention_end(closed_on, source.years), None, 0,
        len(life), last,
    ))  # fmt: skip
    rows[Filing].append((case, 1, source.answers, arrived))
    if ended is None:
        opened, wait = _moment((moves or life)[-1].at), flow.step_by_id[step].wait
        rows[Task].append((case, step, opened, opened + timedelta(days=wait.days) if wait else None, None, ""))
    if life[-1].kind == "rated":
        rows[Rating].append((case, life[-1].data["score"], "", _moment(life[-1].at)))


_ZONE: Final = ZoneInfo(settings.TIME_ZONE)


def _moment(local: datetime) -> datetime:
    return local.replace(tzinfo=_ZONE).astimezone(UTC)


def _events(rows: list[tuple[Any, ...]], case: UUID, reference: str, life: Sequence[Happening]) -> str:
    """Append the chained events; returns the last hash. Officers are nobody in particular ("simulation")."""
    previous, codes = record.GENESIS, {"applicant": reference, "officer": "simulation", "system": "timer"}
    for seq, one in enumerate(life, 1):
        at, actor = _moment(one.at), [one.by, codes[one.by]]
        payload = {
            "case": str(case),
            "seq": seq,
            "kind": one.kind,
            "at": at.isoformat(),
            "actor": actor,
            "data": one.data,
        }
        linked = record.link(previous, {**payload, "data": one.data})
        rows.append((case, seq, one.kind, at, *actor, json.dumps(one.data), previous, linked))
        previous = linked
    return previous


COLUMNS: Final[dict[type[models.Model], str]] = {
    Case: "id, reference, version_id, procedure, office, flow, step, result, channel, language, title, fee, unpaid,"
    " electronic_notice, received_at, period_days, period_unit, due_on, assignee_id, email_confirmed_at, closed_at,"
    " retention_until, purged_at, key_salt, last_seq, last_hash",
    Filing: "case_id, number, answers, at",
    Task: "case_id, step, opened_at, due_at, closed_at, outcome",
    Rating: "case_id, score, comment, at",
    Event: "case_id, seq, kind, at, actor_kind, actor_code, data, previous, hash",
}


_PLACES: Final = COLUMNS[Case].split(", ")


def _copy(model: type[models.Model], rows: Sequence[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({COLUMNS[model]}) FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row(row)
