"""What is applied with while a drill goes on: by a program, with a fee and files; by a browser, without either."""

import base64
import hashlib
import http.client
import json
import re
import zlib
from typing import Any, NamedTuple
from urllib.parse import urlencode

import yaml

from bench.hall import CODE, EXAMPLE, PROJECT
from madoguchi.foundation.dates import today

PATIENCE = 20
"""Seconds for an answer."""
RECEIPT = re.compile("/applications/([0-9A-Z-]+)/received/")


class Request(NamedTuple):
    """What is posted."""

    path: str
    body: bytes
    headers: dict[str, str]


class Form(NamedTuple):
    """A procedure, and answers to it but for the address of letters."""

    code: str
    answers: dict[str, Any]
    by_browser: bool

    def request(self, address: str, key: str) -> Request:
        """An application as it is sent: through `/api/v1/`, or as the confirmation page sends it."""
        answers = self.answers | {"contact_email": address}
        path = f"procedures/{self.code}"
        if not self.by_browser:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key}
            return Request(f"/api/v1/{path}/applications", json.dumps({"answers": answers}).encode(), headers)
        secret = hashlib.sha256(key.encode()).hexdigest()[:32]
        fields = {"answers": json.dumps(answers), "key": secret, "started": "240"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return Request(f"/{path}/submit/", urlencode(fields).encode(), headers)


def with_files() -> Form:
    """A fee, and three files inside the answers, sent by a program."""
    given = _example(CODE, EXAMPLE)
    files = [name for name, value in given.items() if isinstance(value, list) and len(str(value[0])) == 32]
    return Form(CODE, given | {name: [{"name": "図面.png", "content": _png()}] for name in files}, by_browser=False)


def without_files() -> Form:
    """No fee and no file, sent by a browser."""
    code = "food-business-closure"
    given = _example(code, "accepted-person-closed") | {"closed_on": today().isoformat()}
    return Form(code, given, by_browser=True)


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


class Answer(NamedTuple):
    """`status` is 201 where it was filed, else what was answered or what went wrong; `reference` is the case's."""

    status: str
    reference: str = ""
    retry_after: str | None = None


def send(port: int, form: Form, address: str, key: str) -> Answer:
    """One application."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", *form.request(address, key))
        answer = connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException) as fault:
        return Answer(type(fault).__name__)
    finally:
        connection.close()
    if answer.status == 201:
        return Answer("201", json.loads(text)["reference"])
    received = RECEIPT.search(answer.headers.get("Location", ""))
    if received:
        return Answer("201", received[1])
    return Answer(str(answer.status), retry_after=answer.headers["Retry-After"])
