"""Keeps the cubes equal to the record: reads what is new, takes a case's old contribution out and puts the new one in.

One statement does it for a set of cases, so it sees one moment of the record; doing it again changes nothing.
"""

from typing import Any, Final, get_args
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from madoguchi.cases.kind import Measure
from madoguchi.cases.kinds import counted

from .models import ArrowCount, Cell, Cursor, DayCount, Fact, QuestionCount

BATCH: Final = 20_000
MOST: Final = 200_000
"""Cases that one look reads at most, so that its memory and its transaction are bounded: the next look goes on."""
DAY: Final = 86_400
LONGEST: Final = 4 * 3600
"""Seconds in the form beyond this are a form left open, not work: counted as four hours (this town's choice)."""

BUCKET: Final = "CASE WHEN {d} <= 60 THEN {d} WHEN {d} <= 200 THEN ceil({d} / 5.0) * 5 ELSE ceil({d} / 30.0) * 30 END"
"""Whole days, rounded up: to the day up to 60, then to 5 and (over 200) to 30. 「N日以内」 is never too short."""
HOURS: Final = "CASE WHEN {h} <= 48 THEN {h} ELSE ceil({h} / 24.0) * 24 END"
"""Whole hours, rounded up, to two days; whole days after that."""

MEASURES: Final = (
    "received", "timed", "seconds", "corrected", "decided", "promised", "in_time", "withdrawn",
    "score_1", "score_2", "score_3", "score_4", "score_5", "issued", "fetched",
)  # fmt: skip
_FACT: Final = ", ".join(field.column or "" for field in Fact._meta.concrete_fields)
_KEY: Final = "procedure, office, channel"


def _days(seconds: str) -> str:
    return f"({BUCKET.format(d=f'greatest(1, ceil(({seconds}) / {DAY}.0))')})::int"


def _is(*measures: Measure) -> str:
    codes = ", ".join(f"'{code}'" for code in counted(*measures))
    return f"kind IN ({codes})"


def _month(moment: str) -> str:
    return f"date_trunc('month', {moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"


# A correction's step begins before it is asked for: the step that ends next is its own, whatever it is called.
_READ: Final = f"""
life AS MATERIALIZED (
  SELECT e.case_id, e.seq, e.kind, e.at, e.data FROM cases_event e JOIN touched t ON t.id = e.case_id
   WHERE {_is(*get_args(Measure))}
), waits AS (
  SELECT case_id, seq, kind, data, at,
         CASE WHEN {_is("correction")} THEN coalesce(min(at) FILTER (WHERE {_is("step")}) OVER later, now()) END
         AS answered
    FROM life WINDOW later AS (PARTITION BY case_id ORDER BY seq ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
), told AS (
  SELECT case_id,
         min(at) FILTER (WHERE {_is("arrival")}) AS arrived,
         min((data ->> 'seconds')::int) FILTER (WHERE {_is("arrival")}) AS seconds,
         count(*) FILTER (WHERE {_is("correction")}) AS corrections,
         coalesce(extract(epoch FROM sum(answered - at)), 0) AS waited,
         min(at) FILTER (WHERE {_is("decision")}) AS ended,
         min(at) FILTER (WHERE {_is("withdrawal")}) AS withdrawn,
         max(at) FILTER (WHERE {_is("rating")}) AS rated,
         (array_agg((data ->> 'score')::int ORDER BY seq DESC) FILTER (WHERE {_is("rating")}))[1] AS score,
         min(at) FILTER (WHERE {_is("document")}) AS issued_at, count(*) FILTER (WHERE {_is("document")}) AS issued
    FROM waits GROUP BY case_id
), taken AS (
  SELECT case_id, count(*) FILTER (WHERE way = 'download') AS fetched
    FROM (SELECT DISTINCT ON (case_id, data ->> 'credential') case_id, data ->> 'by' AS way FROM life
           WHERE {_is("collection")} ORDER BY case_id, data ->> 'credential', seq) first_time GROUP BY case_id
), fresh AS MATERIALIZED (
  SELECT c.id AS case_id, (SELECT max(seq) FROM cases_event WHERE case_id = c.id) AS seq,
         c.procedure, c.office, c.channel, {_month("t.arrived")} AS month, t.corrections,
         CASE WHEN t.seconds IS NOT NULL THEN least(t.seconds, {LONGEST}) END AS seconds,
         {_month("t.ended")} AS ended_month,
         CASE WHEN t.ended IS NOT NULL THEN {_days("extract(epoch FROM t.ended - t.arrived) - t.waited")} END AS days,
         (t.ended AT TIME ZONE '{settings.TIME_ZONE}')::date <= c.due_on AS in_time,
         {_month("t.withdrawn")} AS withdrawn_month, {_month("t.rated")} AS rated_month, t.score,
         {_month("t.issued_at")} AS issued_month, t.issued, coalesce(taken.fetched, 0) AS fetched
    FROM told t JOIN cases_case c ON c.id = t.case_id LEFT JOIN taken ON taken.case_id = t.case_id
   WHERE t.arrived IS NOT NULL
), stale AS MATERIALIZED (
  SELECT {_FACT} FROM figures_fact WHERE case_id IN (SELECT id FROM touched)
), signed AS MATERIALIZED (
  SELECT {_FACT}, 1 AS n FROM fresh UNION ALL SELECT {_FACT}, -1 FROM stale
), news AS (
  SELECT f.procedure, l.* FROM life l JOIN fresh f USING (case_id) LEFT JOIN stale s USING (case_id)
   WHERE l.seq > coalesce(s.seq, 0)
)"""  # noqa: S608 - our own tables and columns

_SPREAD: Final = f"""
spread AS (
  SELECT {_KEY}, month, n AS received, n * (seconds IS NOT NULL)::int AS timed, n * coalesce(seconds, 0) AS seconds,
         n * (corrections > 0)::int AS corrected, 0 AS decided, 0 AS promised, 0 AS in_time, 0 AS withdrawn,
         0 AS score_1, 0 AS score_2, 0 AS score_3, 0 AS score_4, 0 AS score_5, 0 AS issued, 0 AS fetched FROM signed
  UNION ALL
  SELECT {_KEY}, ended_month, 0, 0, 0, 0, n, n * (in_time IS NOT NULL)::int, n * coalesce(in_time, false)::int, 0,
         0, 0, 0, 0, 0, 0, 0 FROM signed WHERE ended_month IS NOT NULL
  UNION ALL
  SELECT {_KEY}, withdrawn_month, 0, 0, 0, 0, 0, 0, 0, n, 0, 0, 0, 0, 0, 0, 0 FROM signed
   WHERE withdrawn_month IS NOT NULL
  UNION ALL
  SELECT {_KEY}, rated_month, 0, 0, 0, 0, 0, 0, 0, 0, n * (score = 1)::int, n * (score = 2)::int, n * (score = 3)::int,
         n * (score = 4)::int, n * (score = 5)::int, 0, 0 FROM signed WHERE rated_month IS NOT NULL
  UNION ALL
  SELECT {_KEY}, issued_month, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n * issued, n * fetched FROM signed
   WHERE issued_month IS NOT NULL
)"""  # noqa: S608 - our own tables and columns

_CELLS: Final = f"""
cells AS (
  INSERT INTO figures_cell AS held ({_KEY}, month, {", ".join(MEASURES)})
  SELECT {_KEY}, month, {", ".join(f"sum({name})" for name in MEASURES)} FROM spread GROUP BY {_KEY}, month
  HAVING {" OR ".join(f"sum({name}) <> 0" for name in MEASURES)}
  ON CONFLICT ({_KEY}, month) DO UPDATE SET {", ".join(f"{name} = held.{name} + excluded.{name}" for name in MEASURES)}
)"""  # noqa: S608 - our own tables and columns


def _counted(name: str, table: str, key: str, source: str) -> str:
    return f"""
{name} AS (
  INSERT INTO {table} AS held ({key}, n) SELECT {key}, sum(n) FROM {source} GROUP BY {key} HAVING sum(n) <> 0
  ON CONFLICT ({key}) DO UPDATE SET n = held.n + excluded.n
)"""  # noqa: S608 - our own tables


_DAY_SOURCE: Final = f"""(
  SELECT {_KEY}, ended_month AS month, days, n FROM signed WHERE ended_month IS NOT NULL) one"""  # noqa: S608 - our own tables and columns
_QUESTION_SOURCE: Final = f"""(
  SELECT procedure, {_month("at")} AS month, question, 1 AS n
    FROM news, jsonb_array_elements_text(data -> 'questions') AS question WHERE {_is("correction")}) one"""  # noqa: S608 - our own tables and columns
_ARROW_SOURCE: Final = f"""(
  SELECT procedure, data ->> 'from' AS step, data ->> 'outcome' AS outcome, data ->> 'to' AS target, 1 AS n,
         ({HOURS.format(h="greatest(1, ceil(extract(epoch FROM news.at - paces.before) / 3600.0))")})::int AS hours
    FROM news JOIN (SELECT case_id, seq, lag(at) OVER (PARTITION BY case_id ORDER BY seq) AS before
                      FROM life WHERE {_is("arrival", "step")}) paces USING (case_id, seq)
   WHERE {_is("step")}) one"""  # noqa: S608 - our own tables and columns

_PARTS: Final = (
    _READ,
    _SPREAD,
    _CELLS,
    _counted("days", "figures_daycount", f"{_KEY}, month, days", _DAY_SOURCE),
    _counted("questions", "figures_questioncount", "procedure, month, question", _QUESTION_SOURCE),
    _counted("arrows", "figures_arrowcount", "procedure, step, outcome, target, hours", _ARROW_SOURCE),
)
_COUNT: Final = f"""
WITH touched AS MATERIALIZED (SELECT id FROM cases_case WHERE id = ANY (%s)), {", ".join(_PARTS)}
INSERT INTO figures_fact ({_FACT}) SELECT {_FACT} FROM fresh
ON CONFLICT (case_id) DO UPDATE SET {", ".join(f"{f.column} = excluded.{f.column}" for f in Fact._meta.concrete_fields)}
"""  # noqa: S608 - our own tables and columns

_TOUCHED: Final = """
SELECT DISTINCT e.case_id FROM cases_event e LEFT JOIN figures_fact f USING (case_id)
 WHERE e.id > %s AND e.seq > coalesce(f.seq, 0) LIMIT %s"""
_LOOK: Final = """
SELECT coalesce(max(id), 0), pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM cases_event"""


@transaction.atomic
def roll() -> int:
    """Take up the events since the last look. Returns how many cases were read anew; 0 when nothing happened."""
    cursor = _cursor()
    newest, oldest_running, next_transaction = _row(_LOOK)
    touched = _column(_TOUCHED, [cursor.settled, MOST])
    for start in range(0, len(touched), BATCH):
        _execute(_COUNT, [touched[start : start + BATCH]])
    is_whole = len(touched) < MOST
    if is_whole and oldest_running >= cursor.horizon:  # whatever ran at the last look has ended: it has been read now
        cursor.settled, cursor.seen, cursor.horizon = cursor.seen, newest, next_transaction
    _looked(cursor, has_changed=bool(touched))
    return len(touched)


@transaction.atomic
def rebuild() -> int:
    """Throw the cubes away and count the whole record again. Returns the number of cases."""
    cursor = _cursor()
    for model in (Fact, Cell, DayCount, QuestionCount, ArrowCount):
        _execute(f"DELETE FROM {model._meta.db_table}", [])  # noqa: S608 - our own tables
    newest, _oldest_running, next_transaction = _row(_LOOK)  # before the counting: what comes meanwhile is read again
    read, last = 0, UUID(int=0)
    while ids := _column("SELECT id FROM cases_case WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH]):
        _execute(_COUNT, [ids])
        read, last = read + len(ids), ids[-1]
    cursor.settled, cursor.seen, cursor.horizon = 0, newest, next_transaction
    _looked(cursor, has_changed=True)
    return read


def _looked(cursor: Cursor, *, has_changed: bool) -> None:
    cursor.read_at = timezone.now()
    if has_changed or cursor.state is None:
        cursor.state = uuid4()
    cursor.save()


def _cursor() -> Cursor:
    """The one cursor, locked: two workers never count at the same time."""
    Cursor.objects.get_or_create(pk=1)
    return Cursor.objects.select_for_update().get(pk=1)


def _execute(sql: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _row(sql: str) -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        one = cursor.fetchone()
    return int(one[0]), int(one[1]), int(one[2])


def _column(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [value for (value,) in cursor.fetchall()]
