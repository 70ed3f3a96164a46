"""Prints as JSON what the database says now of what an earlier version left; run in the hall's environment."""

import hashlib
import json
import sys
from pathlib import Path

import django


def main(told):
    """Everything that `make_the_old_town` noted, read by today's program."""
    django.setup()
    from django.conf import settings
    from django.core import signing
    from django.utils.dateparse import parse_datetime

    from madoguchi.bookings.gate.issuing import public_keys, text_of
    from madoguchi.bookings.gate.ticket import check
    from madoguchi.bookings.models import Ticket
    from madoguchi.cases import events
    from madoguchi.cases.models import Case
    from madoguchi.credentials import checking
    from madoguchi.credentials.models import Credential
    from madoguchi.figures.queries import by_procedure
    from madoguchi.people.keys import COOKIE, case_key

    cases = [Case.objects.get(reference=one["reference"]) for one in told["cases"]]
    ticket = Ticket.objects.select_related("order", "slot").get(order__secret=told["ticket"]["secret"])
    verdict = check(
        told["ticket"]["text"],
        keys=public_keys(),
        facility=ticket.slot.facility,
        now=parse_datetime(told["ticket"]["at"]),
    )
    root = Path(settings.TRUST_ROOT).read_bytes()
    papers = {code: bytes(Credential.objects.get(code=code).pdf) for code, _sha256 in told["documents"]}
    return {
        "broken": [one.reference for one in cases if events.verify(one) is not None],
        "keys": [case_key(one.pk, one.key_salt) for one in cases],
        "results": [[one.step, one.result] for one in cases],
        "events": [[[event.seq, event.kind, event.hash] for event in one.events.order_by("seq")] for one in cases],
        "cookie": signing.loads(told["cookie"], salt=COOKIE),
        "ticket": text_of(ticket),
        "admitted": verdict.state,
        "documents": [[code, hashlib.sha256(pdf).hexdigest()] for code, pdf in papers.items()],
        "genuine": [checking.check(pdf, trust_roots=[root]).state for pdf in papers.values()],
        "figures": {
            row.procedure: {"received": row.received, "decided": row.decided} for row in by_procedure()
        },
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text()))))
