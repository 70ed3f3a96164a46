"""The browser's reader and ours say the same of good, forged and misplaced tickets: its very script, run by Node."""

from drills import tickets
from madoguchi.bookings.gate.ticket import check
from tests.node import says

PROGRAM = """
const keys = await script.imported(given.keys), said = [];
for (const text of given.texts) said.push(await script.check(text, keys, given.facility, given.now));
console.log(JSON.stringify(said));
"""
SEED, SHOWN = 11, 4_200


def browser_says(texts, keys):
    keys = {number: key.hex() for number, key in keys.items()}
    now = tickets.NOON.timestamp() * 1000
    return says("gate/ticket.js", PROGRAM, texts=texts, facility=tickets.FACILITY, now=now, keys=keys)


def test_both_readers_say_the_same_of_every_trick():
    forger = tickets.Forger(SEED)
    texts = [*forger.texts, *(forger.tricks[n % len(forger.tricks)]() for n in range(SHOWN))]
    ours = [check(text, keys=forger.keys, facility=tickets.FACILITY, now=tickets.NOON) for text in texts]
    theirs = browser_says(texts, forger.keys)
    assert [one["state"] for one in theirs] == [one.state for one in ours]
    assert {one.state for one in ours} >= {"good", "forged", "unreadable", "unknown-key", "elsewhere", "other-day"}
    for mine, its in zip(ours, theirs, strict=True):
        if mine.payload:
            assert its["payload"]["ticket"] == mine.payload.ticket.hex
            assert its["payload"]["check"] == mine.payload.check
            assert (its["payload"]["people"], its["payload"]["category"]) == (
                mine.payload.people,
                mine.payload.category,
            )
            assert its["payload"]["validUntil"] == mine.payload.valid_until.timestamp() * 1000
