"""The submission as one SQL statement, hence one durable transaction in one round trip:

free uploads → idempotency key → case → filing → task → first event → claimed uploads → follow-up job; the form's
sheets go. If the key was seen before, or a file is not there to be claimed, nothing is written and no row comes back.
The rows travel as one JSON document; columns come from the models, so a new field needs no change here. PostgreSQL
plans the statement once per connection.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from madoguchi.cases.models import Case, Event, Task
from madoguchi.people.statements import planned_once

from .models import Filing, Idempotency

Made = TypeVar("Made", bound=models.Model)


class Claim(NamedTuple):
    """An upload that the application names, and what its question accepts."""

    upload: str
    kinds: Sequence[str]
    most_bytes: int


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """(column, attribute) of every field that the database does not fill itself."""
    filled = (models.AutoField, models.GeneratedField)
    fields = (field for field in model._meta.concrete_fields if not isinstance(field, filled))
    return tuple((field.column or "", field.attname) for field in fields)


def inserting(model: type[models.Model], source: str, tail: str = "") -> str:
    """SQL that inserts the rows which the statement's parameter of the model's name holds as JSON."""
    quoted = connection.ops.quote_name
    table, columns = quoted(model._meta.db_table), ", ".join(quoted(column) for column, _name in _columns(model))
    rows = f"json_populate_recordset(NULL::{table}, %({model.__name__})s)"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {rows} {source} {tail}"  # noqa: S608


def row_of(instance: models.Model) -> dict[str, Any]:
    """An instance as a row: column → value."""
    return {column: getattr(instance, name) for column, name in _columns(type(instance))}


@cache
def _plain(model: type[models.Model]) -> dict[str, Any]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found = {column: fields[name] for column, name in _columns(model)}
    return {column: None if callable(field.default) else field.get_default() for column, field in found.items()}


def row(model: type[models.Model], **given: Any) -> dict[str, Any]:
    """The same without an instance, which costs more than writing it: what is not given is the model's plain default.

    What the model calls for (ids, secrets) must be given, or the database refuses the NULL.
    """
    return {**_plain(model), **given}


def written(model: type[Made], rows: Mapping[str, Any], **related: models.Model | None) -> Made:
    """A row that was just written, as an instance with what it refers to.

    Made the way unpickling makes one: `__init__` would cost more than the row costs the database.
    """
    made = model.__new__(model)
    made.__dict__.update(rows, _state=ModelState())
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    made._state.fields_cache.update(related)
    return made


@cache
def _statement() -> str:
    if_all_free = "WHERE (SELECT count(DISTINCT id) FROM free) = jsonb_array_length(%(claims)s)"
    unless_seen = "WHERE EXISTS (SELECT FROM seen)"
    return f"""
WITH free AS (SELECT upload.id FROM jsonb_array_elements(%(claims)s) AS claim,
                LATERAL (SELECT id FROM applications_upload
                          WHERE id = claim->>0 AND case_id IS NULL AND claim->1 ? kind AND size <= (claim->2)::int
                            FOR UPDATE) AS upload),
     seen AS ({inserting(Idempotency, if_all_free, "ON CONFLICT (scope, key) DO NOTHING RETURNING case_id")}),
     opened AS ({inserting(Case, unless_seen)}),
     filed AS ({inserting(Filing, unless_seen)}),
     waiting AS ({inserting(Task, unless_seen)}),
     recorded AS ({inserting(Event, unless_seen, "RETURNING id")}),
     forgotten AS (DELETE FROM applications_sheet WHERE application = %(application)s AND EXISTS (SELECT FROM seen)),
     claimed AS (UPDATE applications_upload SET case_id = seen.case_id FROM seen
                 WHERE id = ANY (ARRAY(SELECT id FROM free)))
SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'madoguchi.follow', 0, NULL, NULL,
           jsonb_build_object('event_id', recorded.id), NULL)::procrastinate_job_to_defer_v1])
FROM recorded
"""  # noqa: S608 - names of our own tables and columns


def insert(
    *, key: Idempotency, case: Case, filing: Filing, task: Task, event: Event, claims: Sequence[Claim], application: str
) -> bool:
    """Write everything, or nothing (False) when the key was seen before or a file cannot be claimed.

    `application` names the sheets between form and submission; they go.
    """
    rows: dict[str, object] = {type(one).__name__: [row_of(one)] for one in (key, case, filing, task, event)}
    rows["claims"] = sorted(claims)  # always locked in the same order
    sent = {name: json.dumps(value, ensure_ascii=False, default=str) for name, value in rows.items()}
    sent["application"] = application
    with planned_once() as cursor:
        cursor.execute(_statement(), sent)
        return cursor.fetchone() is not None


class Receipt(NamedTuple):
    """What the receipt says of a case, and what its key is checked with."""

    case_id: UUID
    key_salt: int
    version: int
    received_at: datetime
    due_on: date | None
    unpaid: int
    filings: int


RECEIPT = """
SELECT id, key_salt, version_id, received_at, due_on, unpaid,
       (SELECT count(*) FROM applications_filing WHERE case_id = cases_case.id)
FROM cases_case WHERE reference = %s
"""


def receipt(reference: str) -> Receipt | None:
    """The receipt of a case. Whoever shows it must have checked the case's key."""
    with planned_once() as cursor:
        cursor.execute(RECEIPT, [reference])
        row = cursor.fetchone()
    return None if row is None else Receipt(*row)
