"""A million tickets that nobody sold, at a gate without a network: 0 are admitted (`python -m drills.tickets`).

Random texts, altered bits and characters, other people's signatures, signatures moved from one ticket to another,
fields changed under an old signature, and genuine tickets of another day or facility. Afterwards the control: with the
signature's check switched off, the same tickets must get in, or the drill has proved nothing.
Leaves with 0 when nobody was admitted and the control was, else with 1.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from madoguchi.bookings.gate.ticket import ALPHABET, PREFIX, Payload, State, base45, check, pack, sign, unbase45
from madoguchi.platform.failpoints import LOCKS_VARIABLE

NOON = datetime(2026, 7, 1, 3, tzinfo=UTC)
ORDER_OF_THE_CURVE = 2**252 + 27742317777372353535851937790883648493  # RFC 8032, 5.1
SIGNATURE = 64
SOLD = 500
CONTROL = 20_000
SHOWN_EVERY = 2_000
FACILITY = "museum"


class Forger:
    """Knows `SOLD` genuine tickets and every trick, but not the town's key."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # repeatable
        self.town = [Ed25519PrivateKey.from_private_bytes(self.dice.randbytes(32)) for _key in range(2)]
        self.stranger = Ed25519PrivateKey.from_private_bytes(self.dice.randbytes(32))
        self.keys = {number: key.public_key().public_bytes_raw() for number, key in enumerate(self.town, 1)}
        self.payloads = [self._payload() for _ticket in range(SOLD)]
        self.texts = [sign(one, self.town[one.key - 1]) for one in self.payloads]
        self.tricks: list[Callable[[], str]] = [
            self.random_text, self.random_bytes, self.bit, self.character, self.torn, self.longer, self.strangers,
            self.without_domain, self.moved_signature, self.changed_field, self.other_key_number, self.larger_s,
            self.another_day, self.another_facility,
        ]  # fmt: skip

    def _payload(self) -> Payload:
        category, people = self.dice.choice(["adult", "student", "child"]), self.dice.randint(1, 9)
        return Payload(
            key=self.dice.randint(1, 2), ticket=UUID(bytes=self.dice.randbytes(16)), facility=FACILITY,
            category=category, people=people, starts_at=NOON, valid_from=NOON - timedelta(minutes=30),
            valid_until=NOON + timedelta(hours=2), check=category == "student",
        )  # fmt: skip

    def _signed(self) -> bytearray:
        return bytearray(unbase45(self.dice.choice(self.texts)))

    def random_text(self) -> str:
        """Characters as they come."""
        return PREFIX + "".join(self.dice.choices(ALPHABET, k=self.dice.randint(0, 300)))

    def random_bytes(self) -> str:
        """Bytes in the right shape, with the right first byte."""
        return PREFIX + base45(b"\1\0\1" + self.dice.randbytes(self.dice.randint(0, 160)))

    def bit(self) -> str:
        """One bit of a genuine ticket."""
        signed = self._signed()
        signed[self.dice.randrange(len(signed))] ^= 1 << self.dice.randrange(8)
        return PREFIX + base45(bytes(signed))

    def character(self) -> str:
        """One character of a genuine ticket's text."""
        text = self.dice.choice(self.texts)
        at = self.dice.randrange(len(text))
        return text[:at] + self.dice.choice([one for one in ALPHABET if one != text[at]]) + text[at + 1 :]

    def torn(self) -> str:
        """A genuine ticket cut short."""
        text = self.dice.choice(self.texts)
        return text[: self.dice.randrange(len(text))]

    def longer(self) -> str:
        """A genuine ticket with something behind it."""
        return PREFIX + base45(bytes(self._signed()) + self.dice.randbytes(self.dice.randint(1, 8)))

    def strangers(self) -> str:
        """A genuine payload with a good signature of a key that is not the town's."""
        return sign(self.dice.choice(self.payloads), self.stranger)

    def without_domain(self) -> str:
        """The town's own key, but a signature that was made for something else than tickets."""
        payload = self.dice.choice(self.payloads)
        packed = pack(payload)
        return PREFIX + base45(packed + self.town[payload.key - 1].sign(packed))

    def moved_signature(self) -> str:
        """The signature of one ticket under another."""
        one, other = self.dice.sample(self.texts, 2)
        return PREFIX + base45(unbase45(one)[:-SIGNATURE] + unbase45(other)[-SIGNATURE:])

    def changed_field(self) -> str:
        """A cheaper ticket made a dearer one, for more people, or for longer."""
        number = self.dice.randrange(SOLD)
        old = self.payloads[number]
        changes = [
            {"people": old.people + 1}, {"category": "adult-annual"}, {"valid_until": old.valid_until + timedelta(1)},
            {"ticket": UUID(bytes=self.dice.randbytes(16))}, {"check": not old.check},
        ]  # fmt: skip
        new = replace(old, **self.dice.choice(changes))  # type: ignore[arg-type]
        return PREFIX + base45(pack(new) + unbase45(self.texts[number])[-SIGNATURE:])

    def other_key_number(self) -> str:
        """The number of another of the town's keys, or of none."""
        number = self.dice.randrange(SOLD)
        new = replace(self.payloads[number], key=self.dice.choice([3 - self.payloads[number].key, 0, 7, 65_535]))
        return PREFIX + base45(pack(new) + unbase45(self.texts[number])[-SIGNATURE:])

    def larger_s(self) -> str:
        """The same signature written a second way (S + L), which a lenient verifier accepts."""
        signed = self._signed()
        s = int.from_bytes(signed[-32:], "little") + ORDER_OF_THE_CURVE
        return PREFIX + base45(bytes(signed[:-32]) + s.to_bytes(32, "little"))

    def another_day(self) -> str:
        """Genuine, but not today."""
        days = timedelta(days=self.dice.choice([-400, -7, -1, 1, 7, 400]))
        old = self.dice.choice(self.payloads)
        moved = replace(
            old, starts_at=NOON + days, valid_from=old.valid_from + days, valid_until=old.valid_until + days
        )
        return sign(moved, self.town[old.key - 1])

    def another_facility(self) -> str:
        """Genuine, but of another facility."""
        old = self.dice.choice(self.payloads)
        return sign(replace(old, facility=self.dice.choice(["zoo", "museums", "Museum", ""])), self.town[old.key - 1])


def drill(number: int, seed: int, *, bar: bool = False) -> Counter[tuple[str, str]]:
    """Show `number` bad tickets to the gate; how often each trick met each answer."""
    forger, met, began = Forger(seed), Counter[tuple[str, str]](), time.monotonic()
    genuine = set(forger.texts)
    for shown in range(number):
        trick = forger.tricks[shown % len(forger.tricks)]
        text = trick()
        if text not in genuine:
            state = check(text, keys=forger.keys, facility=FACILITY, now=NOON).state
            met[trick.__name__, state] += 1
        if bar and (shown % SHOWN_EVERY == 0 or shown == number - 1):
            _progress(shown + 1, number, time.monotonic() - began)
    return met


def admitted(met: Counter[tuple[str, str]]) -> int:
    """How many got in."""
    return sum(count for (_trick, state), count in met.items() if state == State.GOOD)


def _progress(done: int, number: int, seconds: float) -> None:
    full = 30 * done // number
    left = seconds / done * (number - done)
    print(f"\r[{'#' * full:<30}] {done:,}/{number:,}  {left:4.0f} s left", end="", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Drill and control; prints what was met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=20_260_701)
    given = parser.parse_args(arguments)
    began = time.monotonic()
    met = drill(given.tickets, given.seed, bar=sys.stderr.isatty())
    print(f"\nseed {given.seed}, {sum(met.values()):,} tickets in {time.monotonic() - began:.0f} s")
    for (trick, state), count in sorted(met.items()):
        print(f"  {trick:<18} {state:<12} {count:>9,}")
    os.environ[LOCKS_VARIABLE] = "ticket-signature"
    try:
        control = admitted(drill(min(CONTROL, given.tickets), given.seed))
    finally:
        del os.environ[LOCKS_VARIABLE]
    print(f"admitted: {admitted(met)}; control (signature not checked): {control:,} admitted")
    return 0 if not admitted(met) and control else 1


if __name__ == "__main__":
    sys.exit(main())
