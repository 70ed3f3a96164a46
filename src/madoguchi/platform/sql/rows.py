"""Rows as JSON for one SQL statement; columns come from the models, so a new field needs no change of a statement."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from .statements import planned_once

Row = Mapping[str, Any]
"""Column → value, as `row` makes it."""
Made = TypeVar("Made", bound=models.Model)


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


def as_json(value: object) -> str:
    """Rows as JSON for PostgreSQL; numbers of more than 64 bits only the slower writer knows."""
    try:
        return orjson.dumps(value, default=list).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False, default=str)


def write(model: type[models.Model], made: Row) -> None:
    """Write one row, by a statement that PostgreSQL plans once."""
    with planned_once() as cursor:
        cursor.execute(inserting(model, ""), {model.__name__: as_json([made])})


def instance(model: type[Made], rows: Mapping[str, Any], **related: models.Model | None) -> Made:
    """A row that was just written, as an instance with what it refers to.

    Made the way unpickling makes one: `__init__` would cost more than the row costs the database.
    """
    made = model.__new__(model)
    made.__dict__.update(rows, _state=ModelState())
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    made._state.fields_cache.update(related)
    return made


def read(model: type[Made], where: str, given: Sequence[object]) -> list[Made]:
    """Rows as instances, by a statement that PostgreSQL plans once: for what is read again and again.

    `where` is our own text, all that follows the table's name.
    """
    with planned_once() as cursor:
        cursor.execute(f"{_selecting(model)} {where}", given)
        found = cursor.fetchall()
    names, as_json = _fields(model)
    return [instance(model, _values(names, as_json, values)) for values in found]


def _values(names: Sequence[str], as_json: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    made = dict(zip(names, values, strict=True))
    for name in as_json:  # Django leaves JSON to its fields
        made[name] = json.loads(made[name])
    return made


@cache
def _selecting(model: type[models.Model]) -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column or "") for field in model._meta.concrete_fields)
    return f"SELECT {columns} FROM {quoted(model._meta.db_table)}"  # noqa: S608 - names of our own


@cache
def _fields(model: type[models.Model]) -> tuple[list[str], list[str]]:
    """The attributes in the order of their columns, and those that hold JSON."""
    fields = model._meta.concrete_fields
    return [one.attname for one in fields], [one.attname for one in fields if isinstance(one, models.JSONField)]
