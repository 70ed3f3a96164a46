"""Permutations of notifications against the real actions: duplicate, late, reordered, forged, wrong, replayed, lost.

``python -m drills.payments [--count 5000] [--seed N] [--minutes 30] [--control once|signature]`` starts a PostgreSQL of
its own. A control switches one guard off: without the one that takes a notification once, the drill must find double
charges; without the check of signatures, forged notifications that were accepted.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

CONTROLS = {
    "once": ("payment-notification-once", "double_charges"),
    "signature": ("payment-signature", "forged_accepted"),
}
"""Name → the guard that it switches off, and the count that must then be above zero."""
TELLINGS = ("duplicate", "forged", "tampered", "replayed", "wrong-amount", "wrong-currency", "failed", "other-words")
COURSES = ("plain", "expired", "lapsed", "refunded")
PLANTS = ("", "", "", "only-here", "only-there", "amount", "lost")


@dataclass
class Result:
    """What a drill counted."""

    seed: int
    tried: int = 0
    told: Counter[str] = field(default_factory=Counter)
    forged_accepted: int = 0
    double_charges: int = 0
    wrong_sums: int = 0
    planted: set[tuple[str, str]] = field(default_factory=set)
    explained: set[tuple[str, str]] = field(default_factory=set)
    missed: set[tuple[str, str]] = field(default_factory=set)
    false: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_sound(self) -> bool:
        """Whether everything that must hold did."""
        return not (self.forged_accepted or self.double_charges or self.wrong_sums or self.missed or self.false)

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.tried} permutations, {sum(self.told.values())} notifications {dict(self.told)}\n"
            f"forged accepted {self.forged_accepted}, double charges {self.double_charges}, wrong sums "
            f"{self.wrong_sums}, differences planted {len(self.planted)}, missed {len(self.missed)}, "
            f"false {len(self.false)}: {'sound' if self.is_sound else 'NOT SOUND'}"
        )


def drill(*, count: int, seed: int, seconds: float = 1800, progress: Callable[[int], None] = lambda _n: None) -> Result:
    """Run against the database that Django is connected to, which must hold no payments of today yet."""
    rng, result, until = random.Random(seed), Result(seed), time.monotonic() + seconds
    while result.tried < count and time.monotonic() < until:
        _permutation(rng, result)
        result.tried += 1
        progress(result.tried)
    _examine(result)
    return result


def _permutation(rng: random.Random, result: Result) -> None:
    from django.utils import timezone

    from madoguchi.payments.models import Attempt, SandboxPayment
    from madoguchi.payments.paying import actions
    from madoguchi.people.actor import PUBLIC, worker

    course, plant, yen = rng.choice(COURSES), rng.choice(PLANTS), rng.choice([300, 3000, 16_000, 123_456])
    due_on = timezone.localdate() - timedelta(days=1) if course == "lapsed" else None
    charge = actions.open_charge(code="drill", office="drill", label="訓練", yen=yen, by=PUBLIC, due_on=due_on)
    attempt = actions.start(charge=charge, provider="sandbox", language="ja", by=PUBLIC)
    theirs = SandboxPayment.objects.get(reference=attempt.provider_reference)
    theirs.state, theirs.at = "paid", timezone.now()
    theirs.save(update_fields=["state", "at"])
    if course == "expired":
        Attempt.objects.filter(pk=attempt.pk).update(state="expired", expires_at=timezone.now())
    if course == "lapsed":
        actions.lapse(charge=charge, by=worker("drill"))
    kinds = rng.choices(TELLINGS, k=rng.randint(1, 6)) + ([] if plant == "lost" else ["true"])
    if plant == "lost":
        kinds = [kind for kind in kinds if kind not in ("duplicate", "other-words")]
    rng.shuffle(kinds)
    for kind in kinds:
        _tell(kind, theirs, rng, result)
    if plant != "lost":
        _afterwards(charge, course, plant, result)
    _plant(plant, theirs, result)
    _count(charge, attempt, 0 if plant == "lost" else yen, result)


def _tell(kind: str, theirs: Any, rng: random.Random, result: Result) -> None:
    import json

    from madoguchi.payments.paying import actions
    from madoguchi.payments.paying.providers import Forged
    from madoguchi.payments.paying.providers.sandbox import HEADER, sign, told

    reference = theirs.reference
    event = f"event:{reference}:paid"
    headers, body = told(event, theirs, "paid")
    if kind in ("wrong-amount", "wrong-currency", "failed", "other-words"):
        changes = {
            "wrong-amount": {"yen": theirs.yen + rng.choice([-1, 1, 10**6])},
            "wrong-currency": {"currency": "USD"},
            "failed": {"outcome": "failed"},
            "other-words": {},
        }[kind]
        body = json.dumps({**json.loads(body), **changes, "event": f"event:{rng.getrandbits(64)}"}).encode()
        headers = {HEADER: sign(body, int(time.time()))}
        if kind.startswith("wrong"):
            result.explained.add(("amount", reference))
    elif kind == "forged":
        headers = {HEADER: f"t={int(time.time())},v1={rng.getrandbits(256):064x}"}
    elif kind == "tampered":
        body = body.replace(b'"yen": ', b'"yen": 1')
    elif kind == "replayed":
        headers = {HEADER: sign(body, int(time.time()) - rng.randint(301, 100_000))}
    result.told[kind] += 1
    try:
        actions.receive(provider="sandbox", headers=headers, body=body)
    except Forged:
        return
    result.forged_accepted += kind in ("forged", "tampered", "replayed")


def _afterwards(charge: Any, course: str, plant: str, result: Result) -> None:
    """Pay back what is promised, twice; the provider tells each repayment twice."""
    from django.utils import timezone

    from madoguchi.payments.models import Refund
    from madoguchi.payments.paying import actions
    from madoguchi.payments.paying.providers import PROVIDERS
    from madoguchi.people.actor import worker

    charge.refresh_from_db()
    if course == "refunded" and not plant:
        actions.lower(charge=charge, yen=min(100, charge.owed), key="drill", reason="訓練", by=worker("drill"))
    for _time in range(2):
        actions.pay_back(charge)
    for made in Refund.objects.filter(attempt__charge=charge, done_at__isnull=False):
        for notice in PROVIDERS["sandbox"].listed(timezone.localdate()) if result.tried % 50 == 0 else ():
            if notice.refund == str(made.pk):
                actions.settle(notice, provider="sandbox")


def _plant(plant: str, theirs: Any, result: Result) -> None:
    from django.utils import timezone

    from madoguchi.payments.models import SandboxPayment

    rows = SandboxPayment.objects.filter(pk=theirs.pk)
    reference = theirs.reference
    if plant == "only-here":
        rows.update(state="failed")
    elif plant == "amount":
        rows.update(yen=theirs.yen + 7)
    elif plant == "only-there":
        reference = f"strange{result.tried}"
        SandboxPayment.objects.create(attempt=reference, reference=reference, yen=500, state="paid", at=timezone.now())
    if plant:
        result.planted.add(("only-there" if plant == "lost" else plant, reference))


def _count(charge: Any, attempt: Any, expected: int, result: Result) -> None:
    from django.db.models import Sum

    from madoguchi.payments.ledger.queries import recount

    charge.refresh_from_db()
    lines = charge.entries.filter(kind="paid", attempt=attempt)
    came = lines.aggregate(yen=Sum("yen"))["yen"] or 0
    result.double_charges += lines.count() > 1
    result.wrong_sums += came != expected or recount(charge) != (charge.owed, charge.paid) or charge.due < 0


def _examine(result: Result) -> None:
    from django.utils import timezone

    from madoguchi.payments.closing.reconciliation import reconcile
    from madoguchi.payments.ledger.queries import unsound
    from madoguchi.payments.models import Difference

    result.wrong_sums += len(unsound())
    reconcile(provider="sandbox", day=timezone.localdate())
    found = set(Difference.objects.values_list("kind", "provider_reference"))
    result.missed, result.false = result.planted - found, found - result.planted - result.explained


def _bar(count: int) -> Callable[[int], None]:
    def show(done: int) -> None:
        if done % 25 == 0 or done == count:
            filled = 40 * done // count
            print(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done}/{count}", end="", file=sys.stderr, flush=True)

    return show


def main() -> int:
    """Start a database, run, print; 0 when everything held (with --control: when the drill went red)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--control", choices=CONTROLS)
    asked = parser.parse_args()
    from madoguchi.config.database import roles

    with tempfile.TemporaryDirectory(prefix="madoguchi-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server, url = roles.start_embedded(Path(folder) / "pg")
        try:
            owner = roles.ensure_database(url, "madoguchi")
            roles.migrate(owner)
            os.environ |= {"MADOGUCHI_HOME": f"{folder}/home", "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}
            os.environ["DATABASE_URL"] = roles.with_parts(owner, user=roles.APP_ROLE)
            if asked.control:
                os.environ["MADOGUCHI_LOCKS_OFF"] = CONTROLS[asked.control][0]
            import django

            django.setup()
            bar = _bar(asked.count)
            result = drill(count=asked.count, seed=asked.seed, seconds=asked.minutes * 60, progress=bar)
        finally:
            server.cleanup()  # type: ignore[attr-defined]
    print(f"\n{result}")
    if asked.control:
        return 0 if getattr(result, CONTROLS[asked.control][1]) > 0 else 1
    return 0 if result.is_sound and result.tried == asked.count else 1


if __name__ == "__main__":
    sys.exit(main())
