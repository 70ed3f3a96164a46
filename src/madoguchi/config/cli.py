"""The command line: `madoguchi <what>`."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from .commands import (
    add_officer,
    bpmn,
    check,
    code,
    datasets,
    figures,
    metrics,
    migrate,
    publish,
    rotate_ticket_key,
    run,
    setup,
    simulate,
    slots,
    verify_record,
    worker,
    xes,
)
from .environment import Refused


def _from_1_to(most: int) -> Callable[[str], int]:
    def whole_number(text: str) -> int:
        if text.isdecimal() and 1 <= int(text) <= most:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {most}")

    return whole_number


def parser() -> argparse.ArgumentParser:
    """All subcommands."""
    top = argparse.ArgumentParser(prog="madoguchi", description="A virtual city hall.")
    commands = top.add_subparsers(required=True, metavar="command")

    def add(name: str, does: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=(does.__doc__ or "").splitlines()[0], description=does.__doc__)
        one.set_defaults(does=does)
        return one

    serving = add("run", run)
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=_from_1_to(65_535), default=8000)
    serving.add_argument("--workers", type=_from_1_to(256), default=os.cpu_count() or 1)
    add("worker", worker)
    for name, does in (("check", check), ("publish", publish)):
        add(name, does).add_argument("folder", type=Path, nargs="?", default=Path("procedures"))
    add("migrate", migrate)
    add("setup", setup)
    add("code", code).add_argument("email")
    add("slots", slots).add_argument("--days", type=_from_1_to(400))
    add("rotate-ticket-key", rotate_ticket_key)
    add("verify-record", verify_record)
    add("bpmn", bpmn).add_argument("flow")
    add("figures", figures).add_argument("--rebuild", action="store_true")
    add("datasets", datasets).add_argument("--import-inventory", type=Path, metavar="FILE")
    simulating = add("simulate", simulate)
    simulating.add_argument("--cases", type=_from_1_to(10_000_000), default=10_000)
    simulating.add_argument("--whole", action="store_true", help="with files and signed documents")
    simulating.add_argument("--seed", type=int, default=1)
    simulating.add_argument("--processes", type=_from_1_to(64), default=os.cpu_count() or 1)
    add("xes", xes).add_argument("procedure")
    add("metrics", metrics)
    officer = add("add-officer", add_officer)
    for name in ("email", "name", "office", "role"):
        officer.add_argument(name)
    return top


def main() -> int:
    """The console script: what stands in the way is said in one sentence."""
    given = parser().parse_args()
    try:
        return int(given.does(given))
    except Exception as fault:
        sentence = _sentence(fault)
        if sentence is None:
            raise
        print(f"madoguchi: {sentence}", file=sys.stderr)
        return 1


def _sentence(fault: Exception) -> str | None:
    """What to say of a fault that people can mend; None for a fault of the program."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError
    from psycopg import OperationalError as NoConnection

    if isinstance(fault, Refused | ImproperlyConfigured):
        return str(fault)
    first = str(fault).strip().partition("\n")[0]
    if isinstance(fault, OperationalError | NoConnection):
        return f"no database ({first}): start `madoguchi run`, or set DATABASE_URL."
    if isinstance(fault, ProgrammingError):
        return f"the tables are not there ({first}): start with `madoguchi migrate`."
    return None


if __name__ == "__main__":
    sys.exit(main())
