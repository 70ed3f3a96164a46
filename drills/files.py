"""Hostile files sent to a running hall: to an application, to the gate of open data, to the verifier.

``python -m drills.files [--files 560] [--seed N] [--minutes 20] [--control]`` starts a city hall (two web processes)
of its own. Each file has what must come of it (`hostile_files.py`). Counted: files taken that must not be (and the
other way round), answers over five seconds, and memory: of each web process above what it held at first, and,
separately, of each child that opens a file. The control switches the children's limits off and must go red.
"""

import argparse
import http.client
import os
import random
import re
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.hall import Hall, wait_for

from .hostile_files import MB, Hostile, files

SLOW = 5.0
"""Seconds of an answer."""
WEB_MORE = 300 * MB
CHILD_MOST = 420 * MB
"""What a child holds at most: 320 MB beyond what is loaded."""
SIGN_IN = """
import django
django.setup()
from django.conf import settings
from django.test import Client
from allauth.mfa.models import Authenticator
from madoguchi.people.models import Officer, Post
person, is_new = Officer.objects.get_or_create(email="drill@minatono.example", name="訓練")
if is_new:
    Post.objects.create(officer=person, office="chuo-health-center", role="officer")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
browser = Client(headers={"Sec-Fetch-Site": "same-origin", "Host": "127.0.0.1"})
browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
print("; ".join(f"{one.key}={one.value}" for one in browser.cookies.values()))
"""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CONTROL = ("flood of objects", "jpeg of many scans", "flood of LZW", "xlsx nested deeply")
PATHS = {"upload": ("/uploads/", "file"), "gate": ("/desk/data/", "file"), "verify": ("/verify/", "document")}


@dataclass
class Result:
    """What a run counted."""

    seed: int
    sent: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    wrong: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    slowest: float = 0.0
    web_more: int = 0
    child_most: int = 0

    @property
    def is_small(self) -> bool:
        """Whether no process held too much."""
        return self.web_more <= WEB_MORE and self.child_most <= CHILD_MOST

    @property
    def is_sound(self) -> bool:
        """Whether everything that must hold did."""
        return self.is_small and not (self.wrong or self.slow)

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {sum(self.sent.values())} files {dict(self.sent)}, {self.taken} honest ones taken\n"
            f"wrong verdicts {len(self.wrong)} {self.wrong[:3]}, answers over {SLOW:.0f} s {len(self.slow)} "
            f"{self.slow[:3]}, slowest {self.slowest:.1f} s\nresident memory: a web process at most "
            f"{self.web_more // MB} MB above its first, a child that opens a file at most {self.child_most // MB} MB: "
            f"{'sound' if self.is_sound else 'NOT SOUND'}"
        )


class Watch(threading.Thread):
    """Looks at the memory of the web processes and of the children, many times a second."""

    def __init__(self, top: int) -> None:
        super().__init__(daemon=True)
        self.top, self.first, self.web_more, self.child_most = top, dict[int, int](), 0, 0
        self.ends = threading.Event()

    def run(self) -> None:
        """Until it ends."""
        while not self.ends.wait(0.02):
            self.look()

    def look(self) -> None:
        """Once. A process that ended between two looks counts for nothing."""
        for web in _children(self.top):
            held = _resident(web)
            self.web_more = max(self.web_more, held - self.first.setdefault(web, held))
            for server in _children(web):
                self.child_most = max([self.child_most, *map(_resident, _children(server))])


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


class Sender:
    """A client of the hall."""

    def __init__(self, host: str, cookies: str) -> None:
        self.host, self.cookies = host, cookies
        _status, page = self.ask("GET", "/desk/data/")
        self.token = TOKEN.search(page)[1]  # type: ignore[index]

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str]:
        """One request. Raises OSError."""
        connection = http.client.HTTPConnection(self.host, timeout=120)
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookies} | ({"Content-Type": kind} if kind else {})
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for told in answer.headers.get_all("Set-Cookie") or []:
            self.cookies += f"; {told.partition(';')[0]}"
        connection.close()
        return answer.status, text

    def send(self, one: Hostile) -> tuple[int, str]:
        """The file, as a form sends it."""
        path, name = PATHS[one.place]
        border = uuid.uuid4().hex
        parts = {"office": "chuo-health-center", "csrfmiddlewaretoken": self.token} if one.place == "gate" else {}
        body = "".join(
            f'--{border}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in parts.items()
        )
        body += f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{one.name}"\r\n'
        whole = f"{body}Content-Type: application/octet-stream\r\n\r\n".encode() + one.content
        return self.ask(
            "POST", path, whole + f"\r\n--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"
        )


def verdict(one: Hostile, status: int, page: str) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if status >= 500:
        return f"{one.kind}: {status}"
    if one.place == "verify":
        return "" if status == 200 and "verdict--genuine" not in page else f"{one.kind}: {status} at the verifier"
    taken = status in {201, 302}
    if taken and one.place == "upload" and re.search(r'\.(hta|html|js|lnk|exe|svg|zip)"', page):
        return f"{one.kind}: kept under its dangerous name"
    return "" if taken == one.accepted else f"{one.kind}: {status} at the {one.place}"


def drill(
    hall: Hall, *, count: int, seed: int, seconds: float = 1200, control: bool = False, kinds: tuple[str, ...] = (),
    shows: bool = False,
) -> Result:  # fmt: skip
    """Send so many files, one after the other, to a web server of this hall."""
    result = Result(seed)
    told = subprocess.run([sys.executable, "-c", SIGN_IN], env=hall.environment, check=True, capture_output=True)
    server, host = hall.web(**({"MADOGUCHI_LOCKS_OFF": "file-limits"} if control else {}))
    wait_for(f"http://{host}/")
    sender = Sender(host, told.stdout.decode().strip())
    watch = Watch(server.pid)
    watch.look()
    watch.start()
    until = time.monotonic() + seconds
    for number, one in enumerate(files(count, seed, kinds), 1):
        _sent(sender, one, result)
        if shows:
            print(f"\r{number} of {count} files", end="", file=sys.stderr, flush=True)
        if time.monotonic() > until:
            result.wrong.append(f"only {number} files in time")
            break
    watch.ends.set()
    watch.join()
    hall.end(server)
    result.web_more, result.child_most = watch.web_more, watch.child_most
    return result


def _sent(sender: Sender, one: Hostile, result: Result) -> None:
    began = time.perf_counter()
    try:
        status, page = sender.send(one)
    except OSError as fault:
        status, page = 599, str(fault)
    took = time.perf_counter() - began
    result.sent[one.place] += 1
    result.taken += one.accepted and status in {201, 302}
    result.slowest = max(result.slowest, took)
    if took > SLOW:
        result.slow.append(f"{one.kind} at the {one.place}: {took:.1f} s")
    if wrong := verdict(one, status, page):
        result.wrong.append(wrong)


def main() -> int:
    """Run and print; 0 when everything held (with --control: when it did not)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=560)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    kinds, count = (CONTROL, min(asked.files, 8)) if asked.control else ((), asked.files)
    with Hall() as hall:
        result = drill(
            hall, count=count, seed=asked.seed, seconds=asked.minutes * 60, control=asked.control, kinds=kinds,
            shows=True,
        )  # fmt: skip
    print(f"\n{result}")
    return int(result.is_sound) if asked.control else int(not result.is_sound)


if __name__ == "__main__":
    sys.exit(main())
