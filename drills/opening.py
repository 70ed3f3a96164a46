"""Tickets open at a set time and a crowd is there: those admitted keep their speed, everybody gets in, in turn.

``python -m drills.opening [--clients 200] [--per-minute 300] [--seed N] [--control]`` starts a city hall (two
web processes) whose museum opens at the next full minute. Each client comes at a random moment before it, waits as the
page tells it (its ``Refresh`` header), and buys a ticket. Measured: each answer from admission to order, beside what a
lone buyer waited for in a facility without a line, in the same run. The control has no line: all buy at the opening.
It ends by itself within ten minutes.
"""

import argparse
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import yaml

from bench.hall import PROJECT, Hall, wait_for

MUSEUM, ALONE = "art-museum", "river-garden"
EARLY_SECONDS = 30
LONE_BUYS = 20
MOST_SECONDS = 480
AS_ALONE = 5.0
"""So much longer than a lone buyer an admitted one may wait (95th percentile): two cores serve the line as well."""
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
SLOT = re.compile(r'href="(/facilities/[a-z-]+/slots/[0-9a-f-]+/)"')
MAKE = "import django; django.setup(); from madoguchi.bookings.facilities.slots import make_slots; make_slots(3)"


class Browser:
    """One visitor: a connection, cookies, and how long each answer took."""

    def __init__(self, host: str) -> None:
        self.host, self.cookies, self.took = host, SimpleCookie(), list[float]()

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[http.client.HTTPResponse, str]:
        """One request; its seconds are kept. Raises OSError."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "ja",
                   "Cookie": "; ".join(f"{one.key}={one.value}" for one in self.cookies.values())}  # fmt: skip
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if form is None else "POST", path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        for told in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(told)
        self.took.append(time.perf_counter() - began)
        return answer, text


@dataclass
class Result:
    """What a run measured; seconds."""

    seed: int
    clients: int
    alone: list[float] = field(default_factory=list)
    admitted: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    bought: int = 0
    waited: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether all who came stood in line, and all bought."""
        return self.waited == self.bought == self.clients and not self.failures

    @property
    def ratio(self) -> float:
        """The 95th percentile of the admitted beside that of a lone buyer."""
        return _p95(self.admitted) / _p95(self.alone) if self.admitted and self.alone else 0.0

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.clients} came, {self.waited} waited, {self.bought} bought, failures "
            f"{len(self.failures)} {self.failures[:1]}\nanswers, median and 95th percentile in ms: alone "
            f"{_ms(self.alone)}; admitted {_ms(self.admitted)}; waiting page {_ms(self.waiting)} "
            f"({len(self.waiting)} times)\nadmitted beside alone: {self.ratio:.1f}"
        )


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _ms(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "—"
    return f"{statistics.median(seconds) * 1000:.0f} / {_p95(seconds) * 1000:.0f}"


def facilities_of(folder: Path, per_minute: int, opening: datetime) -> None:
    """The museum opening tomorrow's slots at that moment, and the garden without a line; both large."""
    for code in (MUSEUM, ALONE):
        told = yaml.safe_load((PROJECT / "facilities" / code / "facility.yaml").read_text())
        told["closed"] = {}
        told["offers"] = [told["offers"][0] | {"capacity": 10_000}]
        told["offers"][0]["hours"] = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"],
                                       "from": "09:00", "until": "17:00"}]  # fmt: skip
        if code == MUSEUM:
            told["offers"][0]["opens"] = {
                "days_before": 1, "at": f"{opening:%H:%M}", "rush": {"per_minute": per_minute},
            }  # fmt: skip
        (folder / code).mkdir(parents=True)
        (folder / code / "facility.yaml").write_text(yaml.safe_dump(told, allow_unicode=True))


def buy(browser: Browser, code: str, day: str) -> bool:
    """From the facility's page to an order that waits for its payment, as a browser does."""
    _answer, page = browser.ask(f"/facilities/{code}/days/{day}/")
    slot = SLOT.search(page)
    if slot is None:
        return False
    browser.ask(slot[1])
    category = "student" if code == MUSEUM else "adult"
    typed = {f"count-{category}": "1", "email": f"{random.randrange(10**12)}@minatono.example", "do": "confirm"}
    looked, confirm = browser.ask(slot[1], typed)
    if looked.status == 302:  # where no line stands, the total has a page of its own
        _answer, confirm = browser.ask(looked.headers["Location"])
    answer, _page = browser.ask(slot[1], {**dict(HIDDEN.findall(confirm)), "do": "order"})
    return answer.status == 302


def client(host: str, comes: float, opens: float, day: str, result: Result, turn: threading.Lock, line: bool) -> None:
    """One of the crowd: comes, waits as it is told, buys once."""
    until, waited = opens + MOST_SECONDS, False
    time.sleep(max(comes - time.time(), 0))
    browser = Browser(host)
    try:
        while True:
            answer, _page = browser.ask(f"/facilities/{MUSEUM}/")
            waited = waited or answer.headers["Refresh"] is not None
            again = answer.headers["Refresh"] or ("" if time.time() >= opens else str(max(opens - time.time(), 0.1)))
            if not again:
                break
            if line:
                result.waiting.append(browser.took.pop())
            if time.time() + float(again) > until:
                raise TimeoutError("never admitted")
            time.sleep(float(again))
        done = buy(browser, MUSEUM, day)
    except (OSError, http.client.HTTPException, TimeoutError) as raised:
        result.failures.append(f"{type(raised).__name__}: {raised}"[:200])
        return
    with turn:
        result.admitted += browser.took[-5:]
        result.waited, result.bought = result.waited + waited, result.bought + done
        print(f"\r{result.bought} of {result.clients} bought", end="", file=sys.stderr, flush=True)


def drill(*, clients: int, per_minute: int, seed: int, line: bool) -> Result:
    """One opening. The crowd comes in the last half minute before it."""
    result = Result(seed, clients)
    with Hall() as hall:
        opening = (datetime.now(ZoneInfo("Asia/Tokyo")) + timedelta(seconds=EARLY_SECONDS + 75)).replace(
            second=0, microsecond=0
        )
        facilities_of(hall.folder / "facilities", per_minute, opening)
        os.environ["MADOGUCHI_FACILITIES"] = hall.environment["MADOGUCHI_FACILITIES"] = str(hall.folder / "facilities")
        hall.environment["MADOGUCHI_RUSH"] = "1" if line else "0"
        subprocess.run([sys.executable, "-c", MAKE], env=hall.environment, check=True)
        _server, host = hall.web()
        wait_for(f"http://{host}/")
        day = f"{opening.date() + timedelta(days=1)}"
        lone = Browser(host)
        for _time in range(LONE_BUYS):
            buy(lone, ALONE, day)
        result.alone = lone.took[8:]  # the first two warm both processes up
        crowd(host, result, opens=opening.timestamp(), between=(1, EARLY_SECONDS), day=day, line=line)
    return result


def crowd(host: str, result: Result, *, opens: float, between: tuple[float, float], day: str, line: bool) -> None:
    """All who come, each at a random moment, so many seconds before the opening."""
    rng, turn = random.Random(result.seed), threading.Lock()
    threads = [
        threading.Thread(target=client, args=(host, opens - rng.uniform(*between), opens, day, result, turn, line))
        for _client in range(result.clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    """Run and print; 0 when all bought and the admitted kept their speed (with --control: when they did not)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--per-minute", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    result = drill(
        clients=min(asked.clients, 1_000), per_minute=asked.per_minute, seed=asked.seed, line=not asked.control
    )
    print(f"\n{result}")
    if asked.control:
        return 0 if result.ratio > AS_ALONE or result.failures else 1
    return 0 if result.is_sound and result.ratio <= AS_ALONE else 1


if __name__ == "__main__":
    sys.exit(main())
