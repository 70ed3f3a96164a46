"""A whole city hall for measuring, in a folder of its own: PostgreSQL, web server, job worker, and the bare control."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import psycopg

from madoguchi.config.database import roles
from madoguchi.config.processes.run import WORKER
from madoguchi.config.serving import command
from madoguchi.config.serving.limits import THREADS

PROJECT = Path(__file__).parents[1]
CODE, EXAMPLE = "food-business-permit", "accepted-new-restaurant-person"
WORKERS = 2
PLAIN = ["--interface", "wsgi", "--no-ws", "--log-level", "warning", "--workers", str(WORKERS)]
PLAIN += ["--blocking-threads", str(THREADS)]
FILES = """
INSERT INTO applications_upload (id, name, kind, size, sha256, created_at, content)
SELECT translate(replace(gen_random_uuid()::text, '-', ''), '0189', 'wxyz'), '図面.pdf', 'pdf', 3, repeat('0', 64),
       now(), '%%PDF'::bytea
FROM generate_series(1, %s) RETURNING id
"""
PREPARE = """
import json, sys, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from madoguchi.catalogue.actions import publish
from madoguchi.catalogue.checking.examples import read_example
from madoguchi.catalogue.queries import find
from madoguchi.credentials.keys import make_file_key
make_file_key(settings.KEYS_DIR)
publish(settings.PROCEDURES_DIR)
call_command("collectstatic", interactive=False, verbosity=0)
compiled = find(sys.argv[1]).compiled
answers = read_example(settings.PROCEDURES_DIR / sys.argv[1] / "examples" / f"{sys.argv[2]}.yaml").answers
files = [path[0] for path, _question, _ids in compiled.files_in(answers)]
told = {"schema": compiled.schema, "typed": answers, "answers": compiled.judge(answers).answers, "files": files}
print(json.dumps(told))
"""

STATEMENTS = """
import json, sys, django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
code, answers = sys.argv[1], json.loads(sys.argv[2])
client = Client(headers={"Sec-Fetch-Site": "same-origin", "Host": "127.0.0.1"})
def count(do):
    with CaptureQueriesContext(connection, ) as made:
        answer = do()
    return len(made), answer
client.get(f"/procedures/{code}/apply/")
form, _page = count(lambda: client.get(f"/procedures/{code}/apply/"))
sent = {"answers": json.dumps(answers), "key": "statements-of-one-application"}
submission, filed = count(lambda: client.post(f"/procedures/{code}/submit/", sent))
receipt, _page = count(lambda: client.get(filed["Location"]))
case, _page = count(lambda: client.get(filed["Location"].replace("received/", "")))
print(f"form page {form}, submission with files {submission}, receipt {receipt}, case page {case}")
"""


class Hall:
    """Starts everything; leaving the context ends what it started, by process id."""

    def __enter__(self) -> "Hall":
        self.folder = Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
        self.folder.chmod(0o755)  # PostgreSQL runs as another user when this runs as root
        self.processes: list[subprocess.Popen[bytes]] = []
        self._server, url = roles.start_embedded(self.folder / "pg")
        self.owner_url = roles.ensure_database(url, "madoguchi")
        self.environment = {
            **os.environ,
            "MADOGUCHI_HOME": str(self.folder / "home"),
            "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
            "MADOGUCHI_SECRET_KEY": secrets.token_urlsafe(48),
            "MADOGUCHI_BRAKE": "1000000000",  # all clients have one address: counted like everybody, stopped by nothing
            "DATABASE_URL": self.owner_url,
            "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}",  # this tree, whatever is installed
        }
        os.environ["MADOGUCHI_HOME"] = self.environment["MADOGUCHI_HOME"]
        roles.migrate(self.owner_url)
        self._prepare()
        self.environment["DATABASE_URL"] = roles.with_parts(self.owner_url, user=roles.APP_ROLE)
        return self

    def _prepare(self) -> None:
        told = subprocess.run(
            [sys.executable, "-c", PREPARE, CODE, EXAMPLE], env=self.environment, check=True, capture_output=True
        )
        self.told: dict[str, Any] = json.loads(told.stdout)
        schema = self.folder / "schema.json"
        schema.write_text(json.dumps(self.told["schema"]))
        self.environment["BENCH_SCHEMA"] = str(schema)
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            from .bare import TABLE

            connection.execute(TABLE)
            connection.execute(f"GRANT INSERT, SELECT ON bench_bare TO {roles.APP_ROLE}")
            connection.execute(f"GRANT USAGE ON SEQUENCE bench_bare_id_seq TO {roles.APP_ROLE}")

    def __exit__(self, *exception: object) -> None:
        for process in reversed(self.processes):
            self.end(process)
        self._server.cleanup()  # type: ignore[attr-defined]
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *command: str, **changes: str) -> subprocess.Popen[bytes]:
        """One process of the hall."""
        process = subprocess.Popen(command, cwd=self.folder, env={**self.environment, **changes})
        self.processes.append(process)
        return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End a process that this hall started."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self.processes:
            self.processes.remove(process)

    def web(self, *, workers: int = WORKERS, **changes: str) -> tuple[subprocess.Popen[bytes], str]:
        """The hall's web server, as `madoguchi run` starts it, on a free port: (process, host)."""
        port = free_port()
        served = command.web(host="127.0.0.1", port=port, workers=workers)
        return self.start(sys.executable, "-m", *served, **changes), f"127.0.0.1:{port}"

    def serve(self, application: str) -> tuple[subprocess.Popen[bytes], str]:
        """Granian alone before a WSGI application, for controls."""
        port = free_port()
        granian = str(Path(sys.executable).parent / "granian")
        return self.start(granian, application, *PLAIN, "--port", str(port)), f"127.0.0.1:{port}"

    def work(self) -> subprocess.Popen[bytes]:
        """The job worker."""
        return self.start(sys.executable, "-m", *WORKER)

    def uploads(self, count: int) -> list[str]:
        """Files that arrived before, ready to be claimed."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            made = [one for (one,) in connection.execute(FILES, [count]).fetchall()]
            connection.execute(
                "ANALYZE"
            )  # what autovacuum does within a minute, so that no plan is one for empty tables
            return made

    def statements(self) -> str:
        """How many SQL statements each request makes."""
        answers = {**self.told["answers"], **{file: self.uploads(1) for file in self.told["files"]}}
        command = [sys.executable, "-c", STATEMENTS, CODE, json.dumps(answers)]
        told = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if told.returncode:
            sys.exit(f"statements were not counted:\n{told.stderr[-2000:]}")
        return told.stdout.strip()

    def prepare_the_floor(self) -> None:
        """What `bench.floor` sends, made by the product now."""
        answers = {**self.told["answers"], **{file: self.uploads(1) for file in self.told["files"]}}
        command = [sys.executable, "-m", "bench.ready", CODE, json.dumps(answers)]
        told = subprocess.run(command, env=self.environment, check=True, capture_output=True).stdout
        ready = self.folder / "ready.json"
        ready.write_bytes(told)
        self.environment["BENCH_FLOOR"] = str(ready)

    def asked(self, statement: str) -> Any:
        """One value from the database."""
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            row = connection.execute(statement).fetchone()  # type: ignore[arg-type]
            return row[0] if row else None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, seconds: float = 30.0) -> float:
    """Seconds until a URL answers 200."""
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(f"{url} did not answer within {seconds:.0f} s")
