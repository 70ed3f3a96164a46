"""The forms behind the online cases of the last months, and beside them those that were left on the way."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from django.db import connection

from .dossier import ZONE, Row
from .sources import Source

FORM_DAYS: Final = 120
LEFT: Final = 0.25
_COUNT_FORMS: Final = """
INSERT INTO figures_sectioncount AS held (procedure, version, section, day, n) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (procedure, version, section, day) DO UPDATE SET n = held.n + excluded.n"""


def count_forms(sources: Sequence[Source], cases: Sequence[Row], chance: Random, until: date) -> None:
    """Count them, without scripts of anybody's (`figures.sections`)."""
    known = {source.compiled.version_id: (source.course.code, source.sections) for source in sources}
    forms: Counter[tuple[str, int, str, date]] = Counter()
    for case in cases:
        code, sections = known[case["version_id"]]
        day = case["received_at"].astimezone(ZONE).date()
        if case["channel"] == "online" and (until - day).days <= FORM_DAYS:
            forms.update((code, case["version_id"], one, day) for one in sections)
            while chance.random() < LEFT:
                furthest = chance.choices(range(1, len(sections)), range(len(sections) - 1, 0, -1))[0]
                forms.update((code, case["version_id"], one, day) for one in sections[:furthest])
    with connection.cursor() as cursor:  # in one order, so that two processes never wait for each other in a circle
        cursor.executemany(_COUNT_FORMS, [(*key, n) for key, n in sorted(forms.items())])
