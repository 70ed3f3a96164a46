"""The API asked what nobody would ask: schemathesis against a running hall, with tokens that really open something.

``python -m drills.fuzz [--cases 5000] [--seed N] [--control]`` starts a city hall of its own on loopback. Requests are
generated from the API's own description, valid and invalid ones; most carry the path, token and body of something that
exists (`fuzz_town.py`), whole or with one part changed, so that it is filed, paid, moved and cancelled. Counted: server
errors, and answers whose status, type or shape the description does not tell of. The control takes the refusals out of
the description and must go red.
"""

import argparse
import base64
import json
import random
import subprocess
import sys
import urllib.request
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bench.hall import Hall, wait_for

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ODD: tuple[Any, ...] = (
    None,
    "",
    " ",
    "\0",
    "あ" * 3000,
    -1,
    0,
    1.5,
    2**63,
    10**40,
    True,
    [],
    {},
    [[]],
    {"": {}},
)
FOLLOW = {
    "submit_application": ("reference", ("get_application", "withdraw_application", "rate_application")),
    "make_order": ("order", ("get_order", "cancel_order", "change_order")),
}
REAL_PATHS, REAL_BODIES, WHOLE_BODIES = 0.85, 0.7, 0.4
"""How often a request is for something that exists, has a body that fits, and how many of those stay whole."""


@dataclass
class Result:
    """What a run counted."""

    seed: int
    asked: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Whether everything that must hold did."""
        return not self.faults and 0 not in self.asked.values()

    def __str__(self) -> str:
        told = "".join(f"\n{name}\n  {how}" for name, how in self.faults.items())
        statuses = {status: self.answers[status] for status in sorted(self.answers)}
        return (
            f"seed {self.seed}: {self.asked.total()} requests to {len(self.asked)} operations, answers {statuses}\n"
            f"faults {len(self.faults)}: {'sound' if self.is_sound else 'NOT SOUND'}{told}"
        )


def drill(*, cases: int, seed: int, control: bool = False) -> Result:
    """Ask a hall of its own so many times."""
    result = Result(seed)
    with Hall() as hall:
        made = subprocess.run([sys.executable, "-m", "drills.fuzz_town"], env=hall.environment, capture_output=True)
        if made.returncode:
            sys.exit(made.stderr.decode()[-3000:])
        _server, host = hall.serve("madoguchi.config.wsgi:application")
        url = f"http://{host}"
        wait_for(f"{url}/")
        real = json.loads(made.stdout) | _procedures(url)
        described = _read(f"{url}/api/v1/openapi.json")
        described["servers"] = [{"url": url}]
        if control:
            _silent(described)
        operations = [one.ok() for one in schemathesis.openapi.from_dict(described).get_all_operations()]
        for operation in operations:
            share = cases // len(operations) + 1
            share -= _ask(operation, GenerationMode.NEGATIVE, real, share // 2, result)
            _ask(operation, GenerationMode.POSITIVE, real, share, result)
    return result


def _read(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)


def _procedures(url: str) -> dict[str, Any]:
    """What every procedure says would be accepted, as bodies of an application."""
    codes = [one["code"] for one in _read(f"{url}/api/v1/procedures")]
    opens = []
    for code in codes:
        body = {"answers": _read(f"{url}/api/v1/procedures/{code}")["example"]}
        opens.append({"path": {"code": code}, "token": "", "body": body})
    return {"submit_application": {"opens": opens}, "get_procedure": {"opens": opens}}


def _silent(described: dict[str, Any]) -> None:
    """A description that tells of no refusal."""
    for methods in described["paths"].values():
        for one in methods.values():
            one["responses"] = {status: what for status, what in one["responses"].items() if int(status) < 400}


def _ask(operation: Any, mode: GenerationMode, real: dict[str, Any], count: int, result: Result) -> int:
    """So many requests to one operation; how many there were: none invalid where it takes nothing."""
    name = operation.definition.raw["operationId"]
    known = real.get(name, {})

    @seeded(result.seed)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(mode), dice=st.integers(0, 2**32))
    def ask(case: Any, dice: int) -> None:
        made_real(case, known, random.Random(dice))
        answer = case.call(base_url=case.operation.schema.declared_base_url, timeout=60)
        result.asked[name] += 1
        result.answers[str(answer.status_code)] += 1
        _judge(case, answer, name, result)
        if answer.status_code == 201 and name in FOLLOW:
            _follow(name, answer.json(), real)

    before = result.asked[name]
    with warnings.catch_warnings(), suppress(Unsatisfiable):
        warnings.simplefilter("ignore")
        ask()
    return result.asked[name] - before


def _follow(name: str, made: dict[str, Any], real: dict[str, Any]) -> None:
    """What was made just now can be opened, changed and ended by what is asked next."""
    part, names = FOLLOW[name]
    for one in names:
        opens = real.setdefault(one, {}).setdefault("opens", [])
        opens.append({"path": {part: made["reference"]}, "token": made["access_token"]})


def _judge(case: Any, answer: Any, name: str, result: Result) -> None:
    try:
        case.validate_response(answer, checks=CHECKS)
    except (Failure, FailureGroup) as found:
        for one in getattr(found, "exceptions", [found]):
            title = f"{name} {answer.status_code}: {one.title}: {str(one).splitlines()[-1][:160]}"
            result.faults.setdefault(title, f"{case.as_curl_command()[:600]}\n  {answer.content[:400]!r}")


def made_real(case: Any, known: dict[str, Any], dice: random.Random) -> None:
    """Point a generated request at something that exists, with a body that fits or nearly does."""
    target: dict[str, Any] = {}
    if known.get("opens") and dice.random() < REAL_PATHS:
        target = dice.choice(known["opens"])
        case.path_parameters = {**(case.path_parameters or {}), **target.get("path", {})}
        case.query = {**(case.query or {}), **target.get("query", {})}
        if target["token"] and dice.random() < 0.95:
            case.headers["Authorization"] = f"Bearer {target['token']}"
    if known.get("files") and dice.random() < REAL_BODIES and isinstance(case.body, dict):
        content = bytearray(base64.b64decode(dice.choice(known["files"])))
        if dice.random() > WHOLE_BODIES:
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        case.body = {key: bytes(content) for key in case.body} or case.body
    bodies = [target["body"]] if "body" in target else known.get("bodies")
    if bodies and dice.random() < REAL_BODIES and case.operation.body:
        whole = dice.random() < WHOLE_BODIES
        case.body, case.media_type = (one := json.loads(json.dumps(dice.choice(bodies)))), "application/json"
        case.body = one if whole else changed(one, dice)


def changed(body: Any, dice: random.Random) -> Any:
    """A body with one part, at any depth, removed, added or made odd."""
    if not isinstance(body, dict | list) or not body or dice.random() < 0.2:
        return dice.choice(ODD)
    where = dice.choice(list(body)) if isinstance(body, dict) else dice.randrange(len(body))
    how = dice.random()
    if how < 0.2:
        del body[where]
    elif how < 0.35 and isinstance(body, dict):
        body[dice.choice(["x", "", "~/", "__proto__", "あ\0", *body])] = dice.choice(ODD)
    else:
        body[where] = changed(body[where], dice)
    return body


def main() -> None:
    """Run and print; ends with 1 where something is not sound (with the control: where nothing is found)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    seed = random.SystemRandom().randrange(2**31) if asked.seed is None else asked.seed
    result = drill(cases=asked.cases, seed=seed, control=asked.control)
    print(result)
    sys.exit(result.is_sound == asked.control)


if __name__ == "__main__":
    main()
