"""The load generator, a process of its own: some clients, each a closed loop over one connection that is kept alive.

    python -m bench.load < order.json > measured.json

A client is a script that yields requests and is sent their answers; one selector drives all clients, so that the
generator costs little beside what it measures.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Script = Generator[bytes, "Answer", None]
WAIT_SECONDS = 30.0


class LoadFailed(Exception):
    """An answer was not the expected one: figures of failures are worth nothing."""


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, empty when it is missing."""
        found = re.search(rf"^{name}: (.*?)\r?$", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""


def request(method: str, path: str, host: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as a browser on the same site sends it."""
    told = {
        "Host": host,
        "Accept-Encoding": "gzip",
        "Sec-Fetch-Site": "same-origin",
        "Accept-Language": "ja",
        **headers,
    }
    if body:
        told["Content-Length"] = str(len(body))
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def must(answer: Answer, status: int) -> None:
    """Stop at the first answer that is not the expected one."""
    if answer.status != status:
        raise LoadFailed(f"{answer.status} instead of {status}: {answer.head[:200]} {answer.body[:300]!r}")


# ---------------------------------------------------------------- what a client does


def application(order: dict[str, Any], answers: dict[str, Any], key: str) -> Script:
    """Form page, submission, receipt."""
    host, base = order["host"], f"/procedures/{order['code']}"
    must((yield request("GET", f"{base}/apply/", host)), 200)
    yield from _submit(order, json.dumps(answers), key)


def _submit(order: dict[str, Any], answers: str, key: str) -> Script:
    host = order["host"]
    filed = yield _submission(order, answers, key)
    must(filed, 303)
    cookie = filed.header("Set-Cookie").partition(";")[0]
    must((yield request("GET", filed.header("Location"), host, Cookie=cookie)), 200)


def _submission(order: dict[str, Any], answers: str, key: str) -> bytes:
    sent = urlencode({"answers": answers, "key": key, "started": "240"}).encode()
    path, kind = f"/procedures/{order['code']}/submit/", "application/x-www-form-urlencoded"
    return request("POST", path, order["host"], sent, Content_Type=kind)


def submission(order: dict[str, Any], answers: dict[str, Any], key: str) -> Script:
    """The submission alone."""
    must((yield _submission(order, json.dumps(answers), key)), 303)


def confirmed(order: dict[str, Any], answers: dict[str, Any], key: str) -> Script:
    """The same with every field typed, and the confirmation page between."""
    must((yield request("GET", f"/procedures/{order['code']}/apply/", order["host"])), 200)
    yield from confirmation(order, answers, key)
    yield from _submit(order, json.dumps(answers), key)


def confirmation(order: dict[str, Any], answers: dict[str, Any], key: str) -> Script:
    """Every field typed, and the page that shows them for confirmation."""
    host, base = order["host"], f"/procedures/{order['code']}"
    files = {name: value for name, value in answers.items() if name in order["files"]}
    own = {"applicant.name": answers["applicant"]["name"]}
    fields = [
        *((name, own.get(name, value)) for name, value in order["typed"]),
        *((name, one) for name, ids in files.items() for one in ids),
    ]
    mark = "----bench"
    parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    sent = ("".join(parts) + f"--{mark}--\r\n").encode()
    kind = f"multipart/form-data; boundary={mark}"
    judged = yield request("POST", f"{base}/confirm/", host, sent, Content_Type=kind)
    must(judged, 303)
    must((yield request("GET", judged.header("Location"), host, Accept_Encoding="identity")), 200)


def bare(order: dict[str, Any], answers: dict[str, Any], key: str) -> Script:
    """The same answers, validated and inserted."""
    sent = json.dumps(answers, ensure_ascii=False).encode()
    must((yield request("POST", "/", order["host"], sent, Content_Type="application/json")), 201)


def order(order: dict[str, Any], answers: dict[str, Any], key: str) -> Script:
    """Two people in one of many slots, through the API."""
    number = int(key.rpartition("-")[2])
    sent = {"slot": order["slots"][number % len(order["slots"])], "tickets": {order["category"]: 2},
            "total": order["total"], "email": f"{key}@minatono.example"}  # fmt: skip
    told = {"Content_Type": "application/json", "Idempotency_Key": key}
    must((yield request("POST", "/api/v1/orders", order["host"], json.dumps(sent).encode(), **told)), 201)


def get(order: dict[str, Any], answers: dict[str, Any], path: str) -> Script:
    """One page; `work` holds the paths."""
    must((yield request("GET", path, order["host"])), 200)


SCRIPTS: dict[str, Callable[[dict[str, Any], dict[str, Any], str], Script]] = {
    "application": application,
    "confirmed": confirmed,
    "submission": submission,
    "confirmation": confirmation,
    "bare": bare,
    "order": order,
    "get": get,
}


def answers_of(order: dict[str, Any], key: str, files: dict[str, list[str]]) -> dict[str, Any]:
    """Everybody has a name of their own: the same application again and again is nothing that a town sees."""
    answers = order["answers"]
    if "applicant" not in answers:
        return {**answers, **files}
    return {**answers, **files, "applicant": {**answers["applicant"], "name": named(answers["applicant"]["name"], key)}}


def named(name: str, key: str) -> str:
    """The name with the key's number in kanji."""
    return name + "".join("〇一二三四五六七八九"[int(digit)] for digit in key if digit.isdigit()).strip("〇")


# ---------------------------------------------------------------- clients


class Client:
    """One connection that runs one script after the other."""

    def __init__(self, address: tuple[str, int], work: Iterator[Script], until: float) -> None:
        self.until = until
        self.socket = socket.create_connection(address, timeout=WAIT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.work, self.held, self.times = work, b"", list[float]()
        self.script: Script | None = None

    def begin(self) -> bool:
        """Start the next script; False when there is none or the time is over."""
        self.script = next(self.work, None) if time.perf_counter() < self.until else None
        if self.script is None:
            return False
        self.began = time.perf_counter()
        self.socket.sendall(next(self.script))
        return True

    def receive(self) -> bool:
        """Take what arrived, and go on with the script when the answer is whole. False when all is done."""
        arrived = self.socket.recv(262_144)
        if not arrived:
            raise LoadFailed("the server closed the connection")
        self.held += arrived
        answer = self._whole()
        if answer is None or self.script is None:
            return True
        try:
            self.socket.sendall(self.script.send(answer))
        except StopIteration:
            self.times.append(time.perf_counter() - self.began)
            return self.begin()
        return True

    def _whole(self) -> Answer | None:
        end = self.held.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, rest = self.held[:end].decode("latin-1"), self.held[end + 4 :]
        answer = Answer(int(head[9:12]), head, b"")
        if answer.header("Transfer-Encoding") == "chunked":
            if not rest.endswith(b"0\r\n\r\n"):
                return None
        elif len(rest) < int(answer.header("Content-Length") or 0):
            return None
        answer.body, self.held = rest, b""
        return answer


def run(order: dict[str, Any]) -> dict[str, Any]:
    """The work of an order by its clients, until its time is over. Returns the whole time and that of each script."""
    script = SCRIPTS[order["script"]]
    work = (script(order, answers_of(order, key, files), key) for key, files in order["work"])
    name, _colon, port = order["host"].partition(":")
    began = time.perf_counter()
    clients = [Client((name, int(port)), work, began + order["seconds"]) for _client in range(order["clients"])]
    with selectors.DefaultSelector() as waiting:
        for client in clients:
            if client.begin():
                waiting.register(client.socket, selectors.EVENT_READ, client)
        while waiting.get_map():
            ready = waiting.select(WAIT_SECONDS)
            if not ready:
                raise LoadFailed(f"no answer within {WAIT_SECONDS:.0f} s")
            for key, _events in ready:
                if not key.data.receive():
                    waiting.unregister(key.data.socket)
    whole = time.perf_counter() - began
    return {"seconds": whole, "times": [one for client in clients for one in client.times]}


if __name__ == "__main__":
    try:
        json.dump(run(json.load(sys.stdin)), sys.stdout)
    except LoadFailed as failed:
        sys.exit(f"load: {failed}")
