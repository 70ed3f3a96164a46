"""The submission as one SQL statement, hence one durable transaction in one round trip:

idempotency key → case → filing → task → first event → claimed uploads → follow-up job. If the key was seen before,
nothing is written and no row comes back. Columns come from the models, so a new field needs no change here.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from madoguchi.cases.models import Case, Event, Task

from .models import Filing, Idempotency


def _fields(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]


def _insert(model: type[models.Model], source: str, tail: str = "") -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in _fields(model))
    values = ", ".join(f"%s::{field.db_type(connection)}" for field in _fields(model))
    return f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) {source.format(values=values)} {tail}"


def _values(instance: models.Model) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(instance, True), connection) for field in _fields(type(instance))]


@cache
def _statement() -> str:
    unless_seen = "SELECT {values} FROM seen"
    return f"""
WITH seen AS ({_insert(Idempotency, "VALUES ({values})", "ON CONFLICT (scope, key) DO NOTHING RETURNING case_id")}),
     opened AS ({_insert(Case, unless_seen)}),
     filed AS ({_insert(Filing, unless_seen)}),
     waiting AS ({_insert(Task, unless_seen)}),
     recorded AS ({_insert(Event, unless_seen, "RETURNING id")}),
     claimed AS (UPDATE applications_upload SET case_id = seen.case_id FROM seen
                 WHERE applications_upload.id = ANY(%s) AND applications_upload.case_id IS NULL RETURNING 1)
SELECT (SELECT count(*) FROM claimed),
       procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'madoguchi.follow', 0, NULL, NULL,
           jsonb_build_object('event_id', recorded.id), NULL)::procrastinate_job_to_defer_v1])
FROM recorded
"""  # noqa: S608 - names of our own tables and columns


def insert(
    *, key: Idempotency, case: Case, filing: Filing, task: Task, event: Event, uploads: Sequence[str]
) -> int | None:
    """Write everything, or nothing when the key was seen before (None). Returns how many uploads were claimed."""
    rows = (key, case, filing, task, event)
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [*(value for row in rows for value in _values(row)), list(uploads)])
        found = cursor.fetchone()
    return None if found is None else int(found[0])
