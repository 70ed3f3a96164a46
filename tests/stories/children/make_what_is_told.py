"""Makes what 'told truly' shows: a paid application, one before its approver, a document signed by somebody else."""

import json
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))


def main(language: str, folder: Path) -> None:
    """Run as the application's role, in the hall's environment; prints where to look."""
    django.setup()
    from django.urls import reverse

    from madoguchi.cases.actions import tick
    from madoguchi.credentials.tests.test_whose import KINDS, signed
    from madoguchi.decisions.actions import next_seat, propose, send_back
    from tests import paying, town

    address = f"lost-key-{language}@example.jp"
    paid = paying.paid(town.applied(language=language, contact_email=address))
    case = town.applied()
    tick(case, item=case.compiled.procedure.checklist["intake"][0].id, done=True, by=town.sasaki())
    draft = town.drafted(case)
    send_back(draft, comment="図面の縮尺を確かめること", by=town.holder_of_seat(next_seat(draft)))
    case.refresh_from_db()
    again = propose(case, result="granted", by=town.worker_of(case))
    (folder / "theirs.pdf").write_bytes(signed(town.small_pdf(), KINDS["P-256"]))
    told = {
        "address": address,
        "reference": paid.reference,
        "pay": reverse("payments:pay", args=[paid.charge.secret]),
        "seat": reverse("desk:case", args=[case.reference]),
        "approver": town.holder_of_seat(next_seat(again)).officer.name,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
