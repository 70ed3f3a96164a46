"""The submission as one SQL statement, hence one durable transaction in one round trip:

free uploads → idempotency key → case → filing → task → first event → claimed uploads → follow-up job. If the key was
seen before, or a file is not there to be claimed, nothing is written and no row comes back. Columns come from the
models, so a new field needs no change here. PostgreSQL plans the statement once per connection.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.backends.postgresql.base import ServerBindingCursor

from madoguchi.cases.models import Case, Event, Task

from .models import Filing, Idempotency


class Claim(NamedTuple):
    """An upload that the application names, and what its question accepts."""

    upload: str
    kinds: Sequence[str]
    most_bytes: int


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
    if_all_free = "SELECT {values} WHERE (SELECT count(DISTINCT id) FROM free) = %s"
    return f"""
WITH free AS (SELECT upload.id FROM applications_upload AS upload
                JOIN unnest(%s::text[], %s::text[], %s::int[]) AS claim (id, kinds, most) USING (id)
               WHERE upload.case_id IS NULL AND upload.kind = ANY (string_to_array(claim.kinds, ','))
                 AND upload.size <= claim.most
               ORDER BY upload.id FOR UPDATE OF upload),
     seen AS ({_insert(Idempotency, if_all_free, "ON CONFLICT (scope, key) DO NOTHING RETURNING case_id")}),
     opened AS ({_insert(Case, unless_seen)}),
     filed AS ({_insert(Filing, unless_seen)}),
     waiting AS ({_insert(Task, unless_seen)}),
     recorded AS ({_insert(Event, unless_seen, "RETURNING id")}),
     claimed AS (UPDATE applications_upload SET case_id = seen.case_id FROM seen, free
                 WHERE applications_upload.id = free.id)
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'madoguchi.follow', 0, NULL, NULL,
           jsonb_build_object('event_id', recorded.id), NULL)::procrastinate_job_to_defer_v1])
FROM recorded
"""  # noqa: S608 - names of our own tables and columns


def insert(*, key: Idempotency, case: Case, filing: Filing, task: Task, event: Event, claims: Sequence[Claim]) -> bool:
    """Write everything, or nothing (False) when the key was seen before or a file cannot be claimed."""
    uploads = [
        [claim.upload for claim in claims],
        [",".join(claim.kinds) for claim in claims],
        [claim.most_bytes for claim in claims],
    ]
    values = [value for row in (case, filing, task, event) for value in _values(row)]
    with _planned_once() as cursor:
        cursor.execute(_statement(), [*uploads, *_values(key), len(claims), *values])
        return cursor.fetchone() is not None


def _planned_once() -> Any:
    """A cursor whose statements are prepared on the server; Django's own binds on the client and never prepares."""
    django: Any = connection  # what follows is below Django's typed surface
    django.ensure_connection()
    django.connection.prepare_threshold = 0
    return django._prepare_cursor(ServerBindingCursor(django.connection))
