"""Rows into tables by COPY, in the order in which they refer to each other, and ids taken beforehand."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from django.db import connection, models

from madoguchi.applications.models import Filing, Upload
from madoguchi.bookings.models import Order, Scan, Ticket, Visit
from madoguchi.cases.correspondence import Consultation, Correction, Note
from madoguchi.cases.models import Case, Check, Event, Pause, Task
from madoguchi.credentials.models import Credential
from madoguchi.decisions.models import Approval, Decision, Draft
from madoguchi.participation.models import Rating
from madoguchi.payments.models import Attempt, Charge, Entry, Notification, Refund, SandboxPayment
from madoguchi.registers.models import Entry as RegisterEntry
from madoguchi.registers.models import Holding

from .dossier import Row, Rows

TABLES: Final[Sequence[type[models.Model]]] = (
    Case, Task, Filing, Upload, Pause, Correction, Consultation, Note, Check, Draft, Approval, Decision, Credential,
    Charge, Attempt, SandboxPayment, Notification, Refund, Entry, Holding, RegisterEntry, Rating, Event, Order, Ticket,
    Scan, Visit,
)  # fmt: skip


def load(rows: Rows) -> None:
    """Write everything; whoever calls has the transaction."""
    for model in TABLES:
        if rows.get(model):
            _copy(model, rows[model])


def _copy(model: type[models.Model], rows: Sequence[Row]) -> None:
    columns = _columns(model, "id" in rows[0])
    names = ", ".join(connection.ops.quote_name(column) for column, _value in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as into,
    ):
        for row in rows:
            into.write_row([value(row) for _column, value in columns])


@cache
def _columns(model: type[models.Model], has_id: bool) -> Sequence[tuple[str, Callable[[Row], Any]]]:
    """(column, how its value is read from a row) of every column that the database does not fill."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.GeneratedField)]
    kept = [field for field in fields if has_id or not isinstance(field, models.AutoField)]
    return [(field.column or "", _reader(field)) for field in kept]


def _reader(field: Any) -> Callable[[Row], Any]:
    name, default = field.attname, None if callable(field.default) else field.get_default()
    if isinstance(field, models.JSONField):
        return lambda row: json.dumps(row.get(name, [] if field.default is list else {}), ensure_ascii=False)
    return lambda row: row.get(name, default)


def reserve(needs: Mapping[type[models.Model], int]) -> dict[type[models.Model], list[int]]:
    """So many ids of each table, which nobody else gets."""
    return {model: list(_taken(model, number)) for model, number in needs.items()}


def _taken(model: type[models.Model], number: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
        cursor.execute(sequence, [model._meta.db_table, number])
        for (value,) in cursor.fetchall():
            yield value
