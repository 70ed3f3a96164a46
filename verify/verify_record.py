"""Is a case's exported record complete and unchanged? 記録の連鎖(ハッシュチェーン)を確かめます。

    python verify_record.py EVENTS.json

The file is a JSON list of {"previous", "hash", "payload"}. Each hash must be SHA-256, in hexadecimal, over the previous
hash (64 ASCII characters; 64 zeros before the first) followed by the payload as canonical JSON: keys sorted by code
point, no spaces, nothing escaped without need, whole floats as integers (RFC 8785), UTF-8. Standard library only.
Exit code 0 the chain holds, 1 it is broken, 2 the check could not be made.

A chain that holds proves that nothing between was changed, left out or moved. That nothing was cut off at the end shows
by comparing the last hash, which is printed, with the one on the office's page or on an earlier print.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

GENESIS = "0" * 64


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, print the answer, give the exit code."""
    parser = argparse.ArgumentParser(description="記録の連鎖を確かめます / checks an exported record")
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        events = json.loads(options.file.read_bytes(), object_pairs_hook=_without_doubles)
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise ValueError("not a list of events")
    except (OSError, ValueError, RecursionError) as error:
        print(f"確かめられません / cannot be checked: {error}", file=sys.stderr)
        return 2
    return report(events)


def report(events: list[dict[str, Any]]) -> int:
    """Print the answer; 0 when every event follows from the one before."""
    position = first_break(events)
    if position is None:
        last = events[-1]["hash"] if events else GENESIS
        print(f"真正  記録 {len(events)} 件はつながっています。 / GENUINE: {len(events)} events, unbroken.")
        print(f"  最後のハッシュ / last hash: {last}")
        return 0
    print(f"改ざん {position + 1} 件目がつながりません。 / ALTERED: event {position + 1} does not follow.")
    return 1


def first_break(events: list[dict[str, Any]]) -> int | None:
    """The position, from 0, of the first event that does not follow from the one before; None when all do."""
    expected = GENESIS
    for position, event in enumerate(events):
        if event.get("previous") != expected or event.get("hash") != link(expected, event.get("payload")):
            return position
        expected = event["hash"]
    return None


def link(previous: str, payload: Any) -> str | None:
    """The hash that an event with this payload must have; None for a payload that has no canonical form."""
    if not isinstance(payload, dict):
        return None
    try:
        text = json.dumps(_plain(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(previous.encode("ascii") + text.encode("utf-8")).hexdigest()
    except (ValueError, RecursionError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has the same key twice")
    return found


if __name__ == "__main__":
    sys.exit(main())
