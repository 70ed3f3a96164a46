"""How long one waits for one's turn (pure): from what visits really took, or honestly unknown."""

import math
from collections.abc import Sequence
from datetime import timedelta
from statistics import median

FEWEST = 5
"""Below so many visits a median says nothing."""


def estimate(today: Sequence[timedelta], earlier: Sequence[timedelta], *, ahead: int, desks: int) -> int | None:
    """Minutes until one is called, rounded up; None where too few visits have ended to know.

    `ahead`: who is called before; `desks`: how many call at present. Today's visits count where there are enough of
    them, else those of the last weeks together with today's.
    """
    known = list(today) if len(today) >= FEWEST else [*today, *earlier]
    if len(known) < FEWEST or desks < 1:
        return None
    seconds = median(length.total_seconds() for length in known) * ahead / desks
    return math.ceil(seconds / 60)
