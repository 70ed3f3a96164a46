"""Decisions about the same holdings of a register at once: none is lost, and the register equals its recount.

``python -m drills.registers [--decisions 1000] [--holdings 10] [--workers 8] [--seed N] [--control]`` starts a
PostgreSQL of its own. Notifications of changes arrive for a few restaurants; officers compare each with the register
and finish it at random moments, look again where another decision came first, and go on. Counted at the end from the
entries. The control takes the holding's lock away and must not be sound.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

REGISTER, CHANGE = "food-business", "food-business-change"
GUARD = "holding-lock"
MOST_LOOKS = 200
"""So often an officer looks again before the drill gives a case up."""


@dataclass
class Result:
    """What a drill counted."""

    seed: int
    decisions: int
    did: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    unlike: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def is_sound(self) -> bool:
        """Whether each decision stands in the register once, and every holding is what its entries come to."""
        return not (self.lost or self.doubled or self.unlike or self.failures) and self.did["decided"] == self.decisions

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {dict(self.did)}, {self.seconds:.0f} s\n"
            f"lost {self.lost}, doubled {self.doubled}, holdings unlike their recount {self.unlike}, failures "
            f"{len(self.failures)} {self.failures[:1]}: {'sound' if self.is_sound else 'NOT SOUND'}"
        )


def drill(*, decisions: int, holdings: int, workers: int, seed: int) -> Result:
    """Run in the database that Django is connected to; its procedures are published."""
    chance, result, begun = random.Random(seed), Result(seed, decisions), time.monotonic()
    by = _officer()
    numbers = [_held(n, seed, by) for n in range(holdings)]
    cases = [_arrived(number, n) for n, number in enumerate(chance.choices(numbers, k=decisions))]
    chance.shuffle(cases)
    seeds = [chance.random() for _case in cases]
    with ThreadPoolExecutor(workers) as pool:
        for told in pool.map(lambda pair: _decide(pair[0], by, random.Random(pair[1])), zip(cases, seeds, strict=True)):
            result.did.update(told.did)
            result.failures += told.failures
    _count(result)
    result.seconds = time.monotonic() - begun
    return result


def _officer() -> Any:
    from madoguchi.people.actor import officer_actor
    from madoguchi.people.models import Officer, Post

    person, _new = Officer.objects.get_or_create(email="drill@minatono.example", defaults={"name": "点検 係"})
    Post.objects.get_or_create(officer=person, office="chuo-health-center", role="officer")
    return officer_actor(person)


def _held(n: int, seed: int, by: Any) -> str:
    from madoguchi.registers import actions
    from madoguchi.registers.directory import registers

    defined = registers()[REGISTER]
    holding = actions.begin(defined, number=f"点検{seed}-{n}号", office=defined.register.office)
    values = {"trade_name": f"店{n}", "operator": {"kind": "person", "name": "山田 花子"}}
    actions.enter(holding, defined, effect="enter", values=values, on=date(2026, 4, 1), by=by)
    return holding.number


def _arrived(number: str, n: int) -> Any:
    from django.conf import settings

    from madoguchi.applications.actions import submit
    from madoguchi.catalogue.checking.examples import load_examples
    from madoguchi.catalogue.queries import find
    from madoguchi.foundation.identifiers import new_secret
    from madoguchi.people.actor import PUBLIC

    (example,) = [one for name, one in _examples(load_examples, settings) if name == "accepted-person-new-name"]
    listed = find(CHANGE)
    assert listed is not None, "the procedure is not published"
    said = {"permit_number": number, "changes": ["trade_name"], "new_trade_name": f"新しい店{n}"}
    said["new_trade_name_kana"] = "アタラシイミセ"
    kept = {key: value for key, value in example.answers.items() if not key.startswith("new_") or key in said}
    how = {"key": new_secret(), "channel": "online", "language": "ja", "by": PUBLIC}
    return submit(compiled=listed.compiled, answers={**kept, **said}, **how).case


def _examples(load: Any, settings: Any) -> Iterator[tuple[str, Any]]:
    for file, example in load(settings.PROCEDURES_DIR / CHANGE):
        yield file.stem, example


@dataclass
class _Told:
    did: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def _decide(case: Any, by: Any, chance: random.Random) -> _Told:
    """An officer compares and finishes, and looks again where another was first."""
    from django.db import DatabaseError, connection

    from madoguchi.cases.actions import tick
    from madoguchi.desk import actions as desk
    from madoguchi.platform.refusing import ActionRefused
    from madoguchi.registers import actions, queries

    told, act = _Told(), queries.act_of(case)
    try:
        for line in case.compiled.procedure.checklist.get(case.step, ()):
            tick(case, item=line.id, done=True, by=by)
        for _look in range(MOST_LOOKS):
            actions.confirm(case, number=act.number if act else "", by=by)
            threading.Event().wait(chance.random() / 50)  # reads what differs
            try:
                desk.acknowledge(case, by=by)
            except ActionRefused as refused:
                told.did["looked again"] += refused.conflict
                continue
            told.did["decided"] += 1
            return told
        told.failures.append("never finished")
    except (ActionRefused, DatabaseError) as fault:
        told.failures.append(f"{type(fault).__name__}: {str(fault)[:120]}")
    finally:
        connection.close()
    return told


def _count(result: Result) -> None:
    """Fill in what the entries say."""
    from django.db.models import Count

    from madoguchi.cases.models import Case
    from madoguchi.registers.models import Entry, Holding
    from madoguchi.registers.queries import state_of

    closed = Case.objects.filter(procedure=CHANGE, closed_at__isnull=False)
    result.lost = closed.filter(entries__isnull=True).count()
    result.doubled = Entry.objects.exclude(case=None).values("case").annotate(n=Count("id")).filter(n__gt=1).count()
    for holding in Holding.objects.all():
        state, entries = state_of(holding, date.max), holding.entries.count()
        result.unlike += holding.values != dict(state.values) or holding.last_seq != entries


def main() -> int:
    """Start a database, run, print; 0 when everything held (with --control: when it did not)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=1000)
    parser.add_argument("--holdings", type=int, default=10)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    from madoguchi.config.database import roles

    with tempfile.TemporaryDirectory(prefix="madoguchi-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server, url = roles.start_embedded(Path(folder) / "pg", durable=False)
        try:
            owner = roles.ensure_database(url, "madoguchi")
            roles.migrate(owner)
            os.environ |= {"MADOGUCHI_HOME": f"{folder}/home", "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
            os.environ |= {"DATABASE_URL": roles.with_parts(owner, user=roles.APP_ROLE)}
            os.environ |= {"MADOGUCHI_LOCKS_OFF": GUARD} if asked.control else {}
            _set_up()
            sizes = {"decisions": asked.decisions, "holdings": asked.holdings, "workers": asked.workers}
            result = drill(seed=asked.seed, **sizes)
        finally:
            server.cleanup()
    print(result)
    return 0 if result.is_sound != asked.control else 1


def _set_up() -> None:
    import django

    django.setup()
    from django.conf import settings

    from madoguchi.catalogue.actions import publish
    from madoguchi.credentials.actions import make_keys

    publish(settings.PROCEDURES_DIR)
    make_keys()


if __name__ == "__main__":
    sys.exit(main())
