"""What programs apply with through `/api/v1/` while a drill goes on: with a fee and files, or without either."""

import base64
import http.client
import json
import zlib
from typing import Any, NamedTuple

import yaml

from bench.hall import CODE, EXAMPLE, PROJECT
from madoguchi.foundation.dates import today

PATIENCE = 20
"""Seconds for an answer."""


class Form(NamedTuple):
    """A procedure, and answers to it but for the address of letters."""

    code: str
    answers: dict[str, Any]

    def body(self, address: str) -> bytes:
        """An application as it is sent."""
        return json.dumps({"answers": self.answers | {"contact_email": address}}).encode()


def with_files() -> Form:
    """A fee, and three files inside the answers."""
    given = _example(CODE, EXAMPLE)
    files = [name for name, value in given.items() if isinstance(value, list) and len(str(value[0])) == 32]
    return Form(CODE, given | {name: [{"name": "図面.png", "content": _png()}] for name in files})


def without_files() -> Form:
    """No fee and no file."""
    code = "food-business-closure"
    return Form(code, _example(code, "accepted-person-closed") | {"closed_on": today().isoformat()})


def _example(code: str, name: str) -> dict[str, Any]:
    text = (PROJECT / "procedures" / code / "examples" / f"{name}.yaml").read_text()
    given: dict[str, Any] = yaml.safe_load(text)["answers"]
    return given


def _png() -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    whole = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return base64.b64encode(whole).decode()


def send(port: int, form: Form, address: str, key: str) -> tuple[str, Any, Any]:
    """One application: (status or what went wrong, the answer, its headers)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    try:
        connection.request("POST", f"/api/v1/procedures/{form.code}/applications", form.body(address), headers)
        answer = connection.getresponse()
        return str(answer.status), json.loads(answer.read()), answer.headers
    except (OSError, http.client.HTTPException, ValueError) as fault:
        return type(fault).__name__, None, None
    finally:
        connection.close()
