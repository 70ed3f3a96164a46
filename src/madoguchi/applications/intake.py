"""The submission as one SQL statement, hence one durable transaction in one round trip:

free uploads → idempotency key → case → filing → task → first event → claimed uploads → follow-up job; the form's
sheets go. If the key was seen before, or a file is not there to be claimed, nothing is written and no row comes back.
The rows travel as one JSON document; columns come from the models, so a new field needs no change here. PostgreSQL
plans the statement once per connection.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from madoguchi.cases.models import Case, Event, Task
from madoguchi.platform.sql.rows import Row, as_json, inserting
from madoguchi.platform.sql.statements import planned_once

from .models import Filing, Idempotency


class Claim(NamedTuple):
    """An upload that the application names, and what its question accepts."""

    upload: str
    kinds: Sequence[str]
    most_bytes: int


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
    *, key: Row, case: Row, filing: Row, task: Row, event: Row, claims: Sequence[Claim], application: str
) -> bool:
    """Write everything, or nothing (False) when the key was seen before or a file cannot be claimed.

    `application` names the sheets between form and submission; they go.
    """
    sent = {
        "Idempotency": as_json([key]),
        "Case": as_json([case]),
        "Filing": as_json([filing]),
        "Task": as_json([task]),
        "Event": as_json([event]),
        "claims": as_json(sorted(claims)),  # always locked in the same order
        "application": application,
    }
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
       filing
FROM cases_case WHERE reference = %s
"""


def receipt(reference: str) -> Receipt | None:
    """The receipt of a case. Whoever shows it must have checked the case's key."""
    with planned_once() as cursor:
        cursor.execute(RECEIPT, [reference])
        row = cursor.fetchone()
    return None if row is None else Receipt(*row)
