"""What an invented town is, as one text to compare: all but secrets, signatures and the ids of rows.

No two installations share secrets and keys; ids go on from town to town within one database.
"""

import hashlib

from madoguchi.cases.models import Case

OWN = {"sha256", "draft", "decision", "credential", "note", "consultation", "correction", "officer"}


def digest():
    """Cases and what happened to them."""
    told = hashlib.sha256()
    for case in Case.objects.order_by("reference"):
        told.update(f"{case.pk} {case.reference} {case.procedure} {case.step} {case.title} {case.due_on}".encode())
        for event in case.events.order_by("seq"):
            data = {key: value for key, value in event.data.items() if key not in OWN}
            told.update(f"{event.kind} {event.at} {event.actor_kind} {sorted(data.items())}".encode())
    return told.hexdigest()
