"""The floor of an application: the same three requests, the same durable statement, and nothing that can be left out.

The form page from memory, packed; a submission that is parsed by orjson, judged by the compiled schema alone, and
written by the product's own statement with rows that were ready before; the receipt's statement and ready bytes. No
rules, no brake, no Django, psycopg alone. What stands beside it on the product's side is what the product costs.
"""

import gzip
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import jsonschema_rs
import orjson
import psycopg

from madoguchi.foundation.identifiers import new_id, new_reference

Headers = list[tuple[str, str]]
Answer = tuple[str, Headers, bytes]
FORM = "application/x-www-form-urlencoded"
_thread = threading.local()


def cursor() -> psycopg.Cursor[Any]:
    """This thread's, whose statements PostgreSQL plans once."""
    if not hasattr(_thread, "connection"):
        _thread.connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, prepare_threshold=0)
    made: psycopg.Cursor[Any] = _thread.connection.cursor()
    return made


class Floor:
    """The WSGI application; `ready` is what `bench.ready` told."""

    def __init__(self, ready: dict[str, Any], schema: dict[str, Any]) -> None:
        self.ready = ready
        self.validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        self.form = gzip.compress(ready["form"].encode(), 9, mtime=0)
        self.receipt = ready["receipt"].encode()
        without = {"content-length", "location", "set-cookie"}
        self.sent: dict[str, Headers] = {
            name: [(key, value) for key, value in ready[f"{name}_headers"] if key.lower() not in without]
            for name in ("form", "filed", "receipt")
        }
        self.cookie = next(value for key, value in ready["filed_headers"] if key == "Set-Cookie")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, headers, body = self.answer(environ)
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def answer(self, environ: dict[str, Any]) -> Answer:
        """One of the three."""
        if environ["REQUEST_METHOD"] == "POST":
            return self.submit(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        if environ["PATH_INFO"].endswith("/apply/"):
            return "200 OK", [*self.sent["form"], ("Content-Encoding", "gzip")], self.form
        rows = cursor().execute(self.ready["read"], [environ["PATH_INFO"].split("/")[2]]).fetchall()
        return ("200 OK" if rows else "404 Not Found"), self.sent["receipt"], self.receipt

    def submit(self, body: bytes) -> Answer:
        """Parse, judge by the schema, write."""
        fields = dict(part.split(b"=", 1) for part in body.split(b"&"))
        answers = orjson.loads(unquote_to_bytes(fields[b"answers"].replace(b"+", b" ")))
        if not self.validator.is_valid(answers):
            return "422 Unprocessable Content", [], b""
        reference = new_reference()
        written = cursor().execute(self.ready["write"], self.rows(answers, fields[b"key"].decode(), reference))
        if written.fetchone() is None:
            return "409 Conflict", [], b""
        place = [("Location", f"/applications/{reference}/received/"), ("Set-Cookie", self.cookie)]
        return "303 See Other", [*self.sent["filed"], *place], b""

    def rows(self, answers: dict[str, Any], key: str, reference: str) -> dict[str, str]:
        """What was ready, with what no two applications share."""
        case = str(new_id())
        own: dict[str, dict[str, Any]] = {
            "Idempotency": {"key": key, "case_id": case},
            "Case": {"id": case, "reference": reference},
            "Filing": {"case_id": case, "answers": answers},
            "Task": {"case_id": case},
            "Event": {"case_id": case},
        }
        sent: dict[str, Any] = {name: [{**self.ready["rows"][name], **row}] for name, row in own.items()}
        sent["claims"] = [[file, *claim] for name, claim in self.ready["claims"].items() for file in answers[name]]
        return {name: orjson.dumps(value).decode() for name, value in sent.items()} | {"application": ""}


if "BENCH_FLOOR" in os.environ:
    application = Floor(
        orjson.loads(Path(os.environ["BENCH_FLOOR"]).read_bytes()),
        orjson.loads(Path(os.environ["BENCH_SCHEMA"]).read_bytes()),
    )
