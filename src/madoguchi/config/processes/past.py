"""The demo town's past, made in a process of its own beside the open hall, and told in the terminal (ADR 39)."""

import os
import sys
import time
from collections.abc import Callable

NICENESS = 10
"""People who open a page go first."""
SEED = 1


def main() -> int:
    """Make what is missing of the past; nothing in production, for a real town, or where it is there already."""
    import django

    os.nice(NICENESS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()
    from django.conf import settings
    from procrastinate.contrib.django import app

    from madoguchi.platform.outages.kinds import database_is_away
    from madoguchi.simulation.town import SimulationRefused, fill
    from madoguchi.town.offices import town

    if settings.PRODUCTION or not town().demo or not settings.DEMO_CASES:
        return 0
    began = time.monotonic()
    try:
        is_new = fill(settings.DEMO_CASES, SEED, progress=progress_line(settings.DEMO_CASES))
    except SimulationRefused as refused:
        print(f"Madoguchi: {refused}", flush=True)
        return 0
    except Exception as fault:  # `run` starts it again, and it goes on where it was
        if not database_is_away(fault):
            raise
        return 1
    if is_new:
        app.configure_task("madoguchi.datasets").defer(timestamp=0)
        seconds = time.monotonic() - began
        print(
            f"Madoguchi: the demo town's past is there ({settings.DEMO_CASES} invented cases, {seconds:.0f} s).",
            flush=True,
        )
    return 0


def progress_line(cases: int) -> Callable[[int], object]:
    """Tells every tenth part once."""
    told = [-1]

    def tell(done: int) -> None:
        if (tenth := 10 * done // cases) > told[0]:
            told[0] = tenth
            print(f"Madoguchi: the demo town's past is being made: {10 * tenth} %", flush=True)

    return tell


if __name__ == "__main__":
    sys.exit(main())
