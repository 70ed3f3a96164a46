"""Two web hosts and two workers on one database: what one of them does, the other has (docs/decisions/0050)."""

import hashlib
import re
from threading import Event
from time import monotonic

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from madoguchi.bookings.gate.issuing import qr_picture
from madoguchi.catalogue.checking.examples import read_example
from madoguchi.foundation.dates import today
from tests.hosts.conftest import TOKEN, signed_in
from tests.hosts.visitor import Visitor
from tests.stories.conftest import ROOT

CLOSURE = "food-business-closure"
SECONDS = 60


def answers(**changes):
    example = read_example(ROOT / "procedures" / CLOSURE / "examples/accepted-person-closed.yaml")
    return {**example.answers, "closed_on": today().isoformat(), **changes}


def until(look, told):
    """Wait for what other processes do."""
    end = monotonic() + SECONDS
    while not (found := look()):
        assert monotonic() < end, told
        Event().wait(0.05)
    return found


def one(two, statement, *values):
    with psycopg.connect(two.owner) as connection:
        return connection.execute(statement, values).fetchone()[0]


def filed(host, key, email):
    """An application by the API of one host: its reference and its key."""
    url = f"{host.url}/api/v1/procedures/{CLOSURE}/applications"
    answer = Visitor().send(url, {"answers": answers(contact_email=email)}, **{"Idempotency-Key": key})
    assert answer.status == 201, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def suzuki(two):
    """鈴木, who signed in at A."""
    return signed_in(two.a, "suzuki@minatono.example")


def test_both_hosts_are_ready(two):
    for host in (two.a, two.b):
        answer = until(
            lambda url=host.url: (told := Visitor().get(f"{url}/readyz")).status == 200 and told, "not ready"
        )
        assert answer.json()["missing"] == []
    assert until(lambda: one(two, "SELECT count(*) FROM procrastinate_workers") == 2, "two workers")


def test_what_a_publishes_b_hands_out(two):
    sha256 = one(
        two,
        "SELECT f.sha256 FROM opendata_file f JOIN opendata_resource r ON r.id = f.resource_id"
        " JOIN opendata_dataset d ON d.id = r.dataset_id WHERE d.code = 'procedures' AND r.format = 'csv'",
    )
    assert not (two.b.home / "datasets").exists()
    files = [Visitor().get(f"{host.url}/datasets/procedures/procedures.csv") for host in (two.b, two.a)]
    assert [(one.status, hashlib.sha256(one.body).hexdigest()) for one in files] == [(200, sha256)] * 2
    assert files[0].headers["ETag"] == files[1].headers["ETag"]
    again = Visitor().get(f"{two.b.url}/datasets/procedures/v1.csv", **{"If-None-Match": files[0].headers["ETag"]})
    assert again.status == 304


def test_an_officer_who_signed_in_at_a_works_at_b(two, suzuki):
    for host in (two.b, two.a):
        assert suzuki.get(f"{host.url}/desk/").status == 200
    assert Visitor().get(f"{two.b.url}/desk/").status == 302


def test_a_ticket_of_a_is_admitted_at_bs_gate_once(two, suzuki):
    sold = two.a.sells("adult")
    text, gate = sold["good"][0], "/desk/gate/museum-of-two/"
    words = [scanned(suzuki, host.url + gate, text) for host in (two.b, two.a)]
    assert words == ["入場できます", "入場済みです"]
    forged = text[:-8] + ("AAAAAAAA" if text[-8:] != "AAAAAAAA" else "BBBBBBBB")
    assert scanned(suzuki, two.b.url + gate, forged) not in words
    page = Visitor().get(f"{two.b.url}/orders/{sold['secrets'][0]}/ticket/")
    assert qr_picture(text) in page.text, "the other host signs the same ticket"


def scanned(browser, url, text):
    answer = browser.post(url, {"ticket": text, "gate": "北", "csrfmiddlewaretoken": browser.get(url).token})
    return re.search(r'class="gate__word">([^<]*)<', answer.text).group(1)


def test_both_hosts_give_a_gate_the_same_keys(two):
    keys = [Visitor().get(f"{host.url}/tickets/keys.json").json() for host in (two.a, two.b)]
    assert keys[0] == keys[1]
    assert [path.name for host in (two.a, two.b) for path in host.home.rglob("ticket-*")] == []


def test_a_case_filed_at_a_opens_at_b_and_its_letters_come_once(two):
    people = {f"reader-{number}@example.jp": (two.a, two.b)[number % 2] for number in range(6)}
    filings = {email: filed(host, f"key-{email}", email) for email, host in people.items()}
    for email, host in people.items():
        other = two.b if host is two.a else two.a
        url = f"{other.url}/api/v1/applications/{filings[email]['reference']}"
        assert Visitor().get(url, Authorization=f"Bearer {filings[email]['access_token']}").status == 200
        assert Visitor().get(url, Authorization="Bearer x").status == 404
        again = filed(other, f"key-{email}", email)
        assert again["reference"] == filings[email]["reference"], "the same key, the same case, wherever it arrives"
        two.mailbox.wait_for(email, filings[email]["reference"])
    left = (
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'madoguchi.follow' AND status IN ('todo', 'doing')"
    )
    until(lambda: one(two, left) == 0, "letters are still written")
    told = [to for to, _letter in two.mailbox.letters if to in people]
    assert sorted(told) == sorted(people)


def test_a_letters_link_opens_the_case_at_the_other_host(two):
    case = filed(two.a, "a-letter", "letter@example.jp")
    text = two.mailbox.wait_for("letter@example.jp", case["reference"])
    path = re.search(re.escape(two.a.url) + r"(/applications/\S+)", text).group(1)
    assert Visitor().get(two.b.url + path).status in {200, 302}


def test_the_figures_of_a_host_are_those_of_all_its_processes(two):
    for _time in range(20):
        assert Visitor().get(f"{two.a.url}/healthz", Host="10.0.0.7").status == 200
    told = [figures(two.a) for _time in range(6)]
    assert {one["madoguchi_requests_total"]["monitoring:healthz"] for one in told} == {20.0}
    assert {len(one["madoguchi_workers"]) for one in told} == {1}
    processes = {path.name for path in (two.a.home / "metrics").glob("counter_*.db")}
    assert len(processes) == 3, "two web processes and the worker"
    assert Visitor().get(f"{two.a.url}/metrics").status == 401


def test_letters_of_the_worker_are_in_the_figures_of_its_host(two):
    def sent():
        return sum(figures(host).get("madoguchi_letters_total", {}).get("", 0.0) for host in (two.a, two.b))

    until(lambda: sent() == len(two.mailbox.letters), "as many as the mail server took")


def test_a_host_without_a_web_server_prints_its_figures(two):
    printed = read(two.b.run("-m", "madoguchi.config.cli", "metrics"))
    assert printed["madoguchi_letters_total"] == figures(two.b)["madoguchi_letters_total"]
    assert printed["madoguchi_workers"] == {"": 2.0}


def figures(host):
    """What `/metrics` answers."""
    answer = Visitor().get(f"{host.url}/metrics", Authorization=f"Bearer {TOKEN}")
    assert answer.status == 200
    return read(answer.text)


def read(text):
    """Name → route → sum."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            of_route = found.setdefault(sample.name, {})
            route = sample.labels.get("route", "")
            of_route[route] = of_route.get(route, 0.0) + sample.value
    return found
