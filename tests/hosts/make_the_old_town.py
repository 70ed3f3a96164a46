"""Makes the archive of a town as an earlier version left it: run it inside a checkout of that version (ADR 52).

    git worktree add /tmp/old <commit>
    cd /tmp/old && PYTHONPATH=/tmp/old/src python <here>/make_the_old_town.py <archive.tar.xz>

Everything in it is invented, and its secret is public: it stands below. Private keys are not in it; they follow from
the secret (`keys_of`), so that the test makes the same ones again.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

SECRET = "the secret of a town that never was, known to whoever reads this file"
CODE, NOON = "museum-of-old", "2026-08-01T12:00+09:00"
WHERE = {"MADOGUCHI_SECRET_KEY": SECRET, "MADOGUCHI_TESTING": "0", "MADOGUCHI_PUBLIC_URL": "http://127.0.0.1:1"}


def keys_of(folder, certificates=None):
    """The keys of documents and tickets, always the same; certificates are made, or those given are put back."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    def seed(name):
        return hashlib.sha256(f"{SECRET}/{name}".encode()).digest()

    folder.mkdir(parents=True)
    root, signer = (
        ec.derive_private_key(int.from_bytes(seed(name)) >> 1, ec.SECP256R1()) for name in ("root", "signer")
    )
    keys = {"signer": signer, "ticket-1": ed25519.Ed25519PrivateKey.from_private_bytes(seed("ticket"))}
    for name, key in keys.items():
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.key").write_bytes(text)
    for name, text in (certificates or _certificates(root, signer)).items():
        (folder / f"{name}.pem").write_text(text)
    return keys["ticket-1"]


def _certificates(root_key, signer_key):
    from datetime import UTC, datetime

    from cryptography.hazmat.primitives.serialization import Encoding

    from madoguchi.credentials.keys import Names, root_certificate, signer_certificate

    names, now = Names(), datetime.now(UTC)
    root = root_certificate(root_key, names, now)
    signer = signer_certificate(signer_key, root, root_key, names, now)
    return {"root": root.public_bytes(Encoding.PEM).decode(), "signer": signer.public_bytes(Encoding.PEM).decode()}


def main(archive):
    """Start an empty PostgreSQL, let the old program fill it, pack what it left."""
    sys.path.insert(0, str(Path.cwd()))
    with tempfile.TemporaryDirectory(prefix="old-town-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        os.environ |= WHERE | {
            "MADOGUCHI_HOME": str(folder / "home"),
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        }
        from madoguchi.config.database import ensure_database, migrate, start_embedded

        server, url = start_embedded(folder / "pg", durable=False)
        try:
            owner = ensure_database(url, "madoguchi")
            migrate(owner)
            os.environ["DATABASE_URL"] = owner
            told = fill(folder / "home")
            from madoguchi.config.embedded import _program

            dump = [_program("pg_dump"), "--no-owner", "--dbname", owner, "--file", str(folder / "town.sql")]
            subprocess.run(dump, check=True)
        finally:
            server.cleanup()
        (folder / "told.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
        with tarfile.open(archive, "w:xz", preset=9) as out:
            out.add(folder / "town.sql", "town.sql")
            out.add(folder / "told.json", "told.json")
            out.add(folder / "home/datasets", "datasets")


def fill(home):
    """The town; returns what it must say for ever."""
    import django

    django.setup()
    ticket_key = keys_of(home / "keys")
    from madoguchi import sequence
    from madoguchi.figures.rollup import roll
    from tests import gate

    open_the_hall(ticket_key)
    cases, documents = handle_cases()
    sequence.follow(cases[0].events.get(kind="submitted").pk)
    text = next(iter((home / "mail").glob("*.log"))).read_bytes().decode()
    from django.utils.dateparse import parse_datetime

    sold = gate.ticket(in_slot=gate.slot(CODE, parse_datetime(NOON)))
    table = publish_a_table()
    roll()
    give_a_password()
    for case in cases:
        case.refresh_from_db()
    return {
        **_installation(home),
        **_holdings(cases, documents, text),
        "ticket": {"text": _text_of(sold), "secret": sold.order.secret, "at": NOON},
        "datasets": {
            f"v{file.version.number}.{file.resource.format}": file.sha256
            for version in table.versions.all()
            for file in version.files.select_related("resource", "version")
        },
        "figures": _figures(),
    }


def open_the_hall(ticket_key):
    """Procedures, the search and the key of the tickets."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from django.conf import settings
    from django.utils.dateparse import parse_datetime

    from madoguchi.bookings.models import TicketKey
    from madoguchi.catalogue.actions import publish
    from madoguchi.counter import finding

    publish(settings.PROCEDURES_DIR)
    finding.renew()
    public = ticket_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    TicketKey.objects.create(number=1, public=public, made_at=parse_datetime("2026-01-01T00:00+09:00"))


def handle_cases():
    """Three new cases, one granted, one refused, one in work; and the documents of those that were decided."""
    from tests import town

    new = [town.applied("food-business-closure", contact_email=f"reader-{n}@example.jp") for n in range(3)]
    issued, refused = town.decided(town.applied()), town.decided(town.applied(), "refused")
    return [*new, issued.case, refused.case, town.applied()], [issued, refused]


def publish_a_table():
    """A dataset of two versions."""
    from django.utils import timezone
    from madoguchi.opendata.actions import freeze
    from madoguchi.opendata.columns import Column

    from madoguchi.opendata.models import Dataset
    from madoguchi.people.actor import worker

    table = Dataset.objects.create(
        code="old-shops", title="店の一覧", description="町の店。", office="reform", theme="business", source="upload",
        changed_at=timezone.now(),
    )  # fmt: skip
    rows = [(number, f"{number}番の店") for number in range(1, 40)]
    for upto in (30, 39):
        columns = [Column("番号", "integer"), Column("名前")]
        freeze(dataset=table, columns=columns, key=["番号"], rows=rows[:upto], by=worker("test"))
    Dataset.objects.filter(pk=table.pk).update(is_public=True)
    return table


def give_a_password():
    """An officer who can sign in."""
    from tests import town

    officer = town.suzuki().officer
    officer.email = "suzuki@minatono.example"
    officer.set_password(town.PASSWORD)
    officer.save()


def _installation(home):
    """The version, its certificates, its migrations and the jobs that wait."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
        leaves = dict(cursor.fetchall())
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    return {
        "commit": commit.stdout.strip(),
        "certificates": {name: (home / f"keys/{name}.pem").read_text() for name in ("root", "signer")},
        "waiting": new_jobs(connection),
        "leaves": leaves,
    }


def _holdings(cases, documents, letter):
    """What people hold: their cases' keys, a cookie, a letter's link, their documents."""
    from django.core import signing

    from madoguchi.people.keys import case_key

    first = cases[0]
    return {
        "cases": [
            {"reference": one.reference, "key": case_key(one.pk, one.key_salt), "step": one.step, "result": one.result,
             "events": [[event.seq, event.kind, event.hash.hex() if isinstance(event.hash, bytes) else str(event.hash)]
                        for event in one.events.order_by("seq")]}
            for one in cases
        ],
        "cookie": signing.dumps({first.reference: case_key(first.pk, first.key_salt)}, salt="cases"),
        "link": re.search(r"http://127\.0\.0\.1:1(/\S*open/\S+)", letter)[1],
        "documents": [[one.code, hashlib.sha256(bytes(one.pdf)).hexdigest()] for one in documents],
    }  # fmt: skip


def _text_of(sold):
    from madoguchi.bookings.issuing import text_of

    return text_of(sold)


def _figures():
    from madoguchi.figures.queries import by_procedure

    return {row.procedure: {name: getattr(row, name) for name in ("received", "decided")} for row in by_procedure()}


def new_jobs(connection):
    """How many jobs wait, by task."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY 1 ORDER BY 1")
        return dict(cursor.fetchall())


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
