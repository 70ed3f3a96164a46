"""The how-to pages, done: what they say a person sees is what the program does."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.cases.models import Case
from madoguchi.config import cli
from madoguchi.config.database import roles
from tests import forms, town
from tests.docs.reading import DOCS, ROOT, blocks, commands

HOW_TO = DOCS / "how-to"
HANDOVER = HOW_TO / "hand-over-at-the-counter.md"
VERIFY = HOW_TO / "verify-a-document.md"
PRODUCTION = HOW_TO / "run-in-production.md"
BPMN = HOW_TO / "print-a-process-as-bpmn.md"


def shown(page):
    """Every command of a page with the answer shown under it."""
    return [pair for block in blocks(page) if block.language == "console" for pair in commands(block)]


# ---------------------------------------------------------------- verify a document


@pytest.fixture
def papers(db, tmp_path):
    """A folder with an issued permit, a changed copy, and the root certificate from the office's page."""
    permit = bytes(town.decided(town.applied()).pdf)
    place = permit.index(b"/Page")
    (tmp_path / "permit.pdf").write_bytes(permit)
    (tmp_path / "changed.pdf").write_bytes(permit[:place] + b"/PagE" + permit[place + 5 :])
    (tmp_path / "root.pem").write_bytes(town.visitor().get("/verify/root.pem").content)
    (tmp_path / "verify").symlink_to(ROOT / "verify")
    return tmp_path


def test_the_offline_check_answers_as_shown(papers):
    checks = [(command, answer) for command, answer in shown(VERIFY) if command.startswith("python verify/")]
    assert len(checks) == 2
    for command, answer in checks:
        done = subprocess.run(
            [sys.executable, *command.split()[1:]], cwd=papers, capture_output=True, text=True, check=False
        )
        assert done.stdout.startswith(answer.strip()), done.stdout + done.stderr
        assert done.returncode == (0 if "GENUINE" in answer else 1)


def test_pdfsig_says_what_the_page_quotes(papers):
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig was not asked: it needs Debian's poppler-utils")
    quoted = re.findall(r'"([A-Z][^"]+\.)"|"(Digest Mismatch)\.?"', VERIFY.read_text(encoding="utf-8"))
    good, bad = (first or second for first, second in quoted)
    for file, words in (("permit.pdf", good), ("changed.pdf", bad)):
        told = subprocess.run(["pdfsig", "-nocert", papers / file], capture_output=True, text=True, check=False).stdout
        assert words in told


def test_the_page_and_the_api_agree(papers):
    for file, state in (("permit.pdf", "genuine"), ("changed.pdf", "altered")):
        sent = SimpleUploadedFile(file, (papers / file).read_bytes(), "application/pdf")
        assert town.visitor().post("/api/v1/verify", {"document": sent}).json()["state"] == state


# ---------------------------------------------------------------- print a process


def test_the_printed_process_shows_what_the_page_says(capfdbinary):
    (command,) = [command for command, _answer in shown(BPMN)]
    given = cli.parser().parse_args(command.split(" > ")[0].split()[1:])
    assert given.does(given) == 0
    drawn = ET.fromstring(capfdbinary.readouterr().out)
    names = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
    lanes = {lane.get("name") for lane in drawn.iterfind(".//bpmn:lane", names)}
    text = BPMN.read_text(encoding="utf-8")
    assert lanes <= {"申請者", "担当職員", "決裁者", "システム"} and all(lane in text for lane in lanes)
    assert drawn.find(".//bpmn:userTask", names) is not None and drawn.find(".//bpmn:message", names) is not None
    conditions = [node.text or "" for node in drawn.iter() if node.tag.endswith("conditionExpression")]
    assert {condition.split(" == ")[0] for condition in conditions} == {"outcome", "decision"}


# ---------------------------------------------------------------- hand a case over


@pytest.fixture
def filed_at_the_counter(db):
    """The clerk's browser and the case that was filed for a visitor, as the page's first four steps say."""
    clerk, given = town.browser_of(town.suzuki()), town.answers()
    assert clerk.get("/desk/counter/").status_code == 200
    confirmed = clerk.post(f"/desk/counter/{town.RESTAURANT}/confirm/", forms.carried(given), follow=True)
    carried = {name: confirmed.context[name] for name in ("answers", "key")}
    received = clerk.post(f"/desk/counter/{town.RESTAURANT}/submit/", carried, follow=True)
    assert received.status_code == 200, received.content.decode()
    return clerk, Case.objects.get(), received


def test_a_clerk_files_into_the_same_store(filed_at_the_counter):
    _clerk, case, received = filed_at_the_counter
    assert case.channel == "counter"
    assert case.events.get(seq=1).actor_kind == "officer"
    assert case.reference in received.content.decode()


def test_the_button_the_page_names_makes_a_code_that_works_once(filed_at_the_counter):
    clerk, case, received = filed_at_the_counter
    (button,) = re.findall(r"press (\S+)\. They scan", HANDOVER.read_text(encoding="utf-8"))
    assert button in received.content.decode()
    made = clerk.post(f"/desk/counter/received/{case.reference}/")
    assert "3日間、1回だけ" in made.content.decode()
    link = made.context["link"].removeprefix(settings.PUBLIC_URL)
    phone = town.visitor()
    assert phone.get(link).status_code == phone.get(link).status_code == 200
    assert not case.events.filter(kind="entered").exists()
    assert phone.post(link, follow=True).context["case"] == case
    assert town.visitor().post(link).status_code == 410
    assert {"invited", "entered"} <= set(case.events.values_list("kind", flat=True))


def test_reference_and_key_open_the_case_on_any_device(filed_at_the_counter):
    _clerk, case, received = filed_at_the_counter
    phone = town.visitor()
    opened = phone.post("/applications/", {"reference": case.reference, "key": received.context["key"]}, follow=True)
    assert opened.context["case"] == case


# ---------------------------------------------------------------- run in production


@pytest.fixture
def cluster(tmp_path_factory):
    """A PostgreSQL of its own, because roles belong to the whole cluster."""
    folder = tmp_path_factory.mktemp("production")
    for part in (folder, folder.parent):
        part.chmod(0o755)
    server, url = roles.start_embedded(folder / "pg")
    yield url
    server.cleanup()


def test_the_two_roles_of_the_page_work_and_the_application_cannot_change_the_record(cluster):
    (statements,) = [block.text for block in blocks(PRODUCTION) if block.language == "sql"]
    with psycopg.connect(cluster, autocommit=True) as connection:
        for statement in statements.replace("…", "a-password").strip().split(";\n"):
            connection.execute(statement)
    owner = roles.with_parts(cluster, name="madoguchi", user="madoguchi_owner")
    roles.migrate(owner)
    with psycopg.connect(roles.with_parts(owner, user=roles.APP_ROLE), autocommit=True) as application:
        assert application.execute("SELECT count(*) FROM cases_event").fetchone() == (0,)
        application.execute("DELETE FROM applications_upload")
        for change in ("UPDATE cases_event SET kind = ''", "DELETE FROM cases_event", "TRUNCATE cases_event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(change)
