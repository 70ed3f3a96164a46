"""What each command of `madoguchi` does."""

import argparse
import os
import sys
import time

from .environment import Refused


def _django() -> None:
    import django

    from .database.roles import running_embedded
    from .environment import home

    if "DATABASE_URL" not in os.environ and (found := running_embedded(home() / "postgres")):
        os.environ["DATABASE_URL"] = found
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()


def run(given: argparse.Namespace) -> int:
    """Bring up the city hall: database, web, worker; Ctrl-C ends everything."""
    from .processes.run import run

    return run(host=given.host, port=given.port, workers=given.workers)


def worker(given: argparse.Namespace) -> int:
    """Do the jobs of the queue until asked to stop; wait while the database is away."""
    _django()
    from .processes.worker import main

    return main()


def check(given: argparse.Namespace) -> int:
    """Tell every fault of the definitions, with file, line and remedy."""
    _django()
    from .definitions import faults

    found = faults(given.folder)
    for fault in found:
        print(fault)
    print(f"{len(found)} fault(s) in {given.folder}")
    return 1 if found else 0


def publish(given: argparse.Namespace) -> int:
    """Check the definitions and make them the current versions."""
    if check(given):
        return 1
    _django()
    from madoguchi.catalogue import actions
    from madoguchi.counter import finding

    changed = actions.publish(given.folder)
    finding.renew()
    print("Published:", ", ".join(changed) or "nothing changed")
    return 0


def migrate(given: argparse.Namespace) -> int:
    """Bring the tables up to date as the database's owner (DATABASE_OWNER_URL, else DATABASE_URL)."""
    from .database.roles import migrate

    url = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise Refused("set DATABASE_OWNER_URL to the owner's PostgreSQL URL.")
    migrate(url)
    return 0


def setup(given: argparse.Namespace) -> int:
    """Make the signing keys, publish the definitions, and seed the demo town (what `run` does before it serves)."""
    _django()
    from .demo import prepare

    prepare()
    return 0


def code(given: argparse.Namespace) -> int:
    """The current sign-in code of a demo officer."""
    _django()
    from .demo import current_code

    print(current_code(given.email))
    return 0


def slots(given: argparse.Namespace) -> int:
    """Make the slots of the facilities for the next days (the worker does it every night)."""
    _django()
    from madoguchi.bookings.facilities.slots import make_slots

    made = make_slots(given.days)
    print(f"{made.changed} slot(s) made or changed, {made.closed} closed")
    return 0


def rotate_ticket_key(given: argparse.Namespace) -> int:
    """Sign tickets with a new key from now on; those already sold stay good."""
    _django()
    from madoguchi.bookings.gate.issuing import rotate

    print(f"Tickets are signed with key {rotate().number} from now on; sold ones stay good.")
    return 0


def verify_record(given: argparse.Namespace) -> int:
    """Walk the hash chain of every case."""
    _django()
    from madoguchi.cases import events
    from madoguchi.cases.models import Case

    broken = [(case.reference, seq) for case in Case.objects.iterator() if (seq := events.verify(case)) is not None]
    for reference, seq in broken:
        print(f"{reference}: the record does not fit from event {seq} on")
    print(f"{Case.objects.count()} case(s), {len(broken)} broken")
    return 1 if broken else 0


def bpmn(given: argparse.Namespace) -> int:
    """Print a flow as BPMN 2.0 with its diagram."""
    _django()
    from madoguchi.cases.bpmn import to_bpmn
    from madoguchi.cases.queries import flows

    if given.flow not in flows():
        raise Refused(f"there is no flow {given.flow!r}; there are {', '.join(flows())}.")
    sys.stdout.buffer.write(to_bpmn(flows()[given.flow]))
    return 0


def figures(given: argparse.Namespace) -> int:
    """Take up what the record says since the last look; --rebuild counts the whole record again."""
    _django()
    from madoguchi.figures.rollup import rebuild, roll

    print(f"{rebuild() if given.rebuild else roll()} case(s) counted")
    return 0


def datasets(given: argparse.Namespace) -> int:
    """Renew the datasets that the system publishes; --import-inventory takes in a file of the national inventory."""
    _django()
    from madoguchi.opendata.publishing.actions import import_inventory
    from madoguchi.opendata.publishing.columns import RowsRefused
    from madoguchi.people.actor import worker
    from madoguchi.sequence import renew_datasets

    if given.import_inventory:
        try:
            found = import_inventory(path=given.import_inventory, by=worker("command"))
        except (RowsRefused, OSError) as refused:
            raise Refused(f"{given.import_inventory}: {refused}") from refused
        print(f"{found.code}: {found.current.rows if found.current else 0} rows, not public yet")
        return 0
    versions, faults = renew_datasets()
    for version in versions:
        print(f"{version.dataset.code}: version {version.number}, {version.rows} rows")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(versions)} new version(s)")
    return 1 if faults else 0


def simulate(given: argparse.Namespace) -> int:
    """Fill an empty database with invented cases, to see dashboards and speed at size."""
    _django()
    from madoguchi.simulation.town import SimulationRefused, simulate

    started = time.monotonic()

    def show(done: int) -> None:
        bar = "#" * (40 * done // given.cases)
        print(f"\r[{bar:<40}] {done:,} cases, {time.monotonic() - started:.0f} s", end="", file=sys.stderr, flush=True)

    try:
        simulate(given.cases, given.seed, processes=given.processes, whole=given.whole, progress=show)
    except SimulationRefused as refused:
        raise Refused(str(refused)) from refused
    print(f"\n{given.cases} cases with seed {given.seed} in {time.monotonic() - started:.0f} s")
    return 0


def xes(given: argparse.Namespace) -> int:
    """Print the event log of a procedure as XES, for process mining; it names nobody."""
    _django()
    from madoguchi.catalogue.queries import find
    from madoguchi.figures.xes import to_xes

    if find(given.procedure) is None:
        raise Refused(f"there is no procedure {given.procedure!r}.")
    for piece in to_xes(given.procedure):
        sys.stdout.write(piece)
    return 0


def metrics(given: argparse.Namespace) -> int:
    """Print this host's figures in Prometheus' text format, for hosts that run workers only."""
    _django()
    from .monitoring.exposition import text

    sys.stdout.buffer.write(text())
    return 0


def add_officer(given: argparse.Namespace) -> int:
    """Make an officer, or give one a further post; a new one gets a random password to be changed."""
    _django()
    from .demo import add_officer

    password = add_officer(given.email, given.name, given.office, given.role)
    print(f"{given.email}: {given.role} of {given.office}" + (f", first password {password}" if password else ""))
    return 0
