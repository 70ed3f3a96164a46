"""`docs/reference/api.md`, called from top to bottom as its reader would, and held against the OpenAPI document."""

import json
import re
import shlex
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.bookings.models import Order
from madoguchi.cases.actions import ask_correction
from madoguchi.cases.models import Case
from madoguchi.figures.rollup import roll
from madoguchi.payments.models import Charge
from madoguchi.platform.calendar import today
from tests import paying, shop, town
from tests.docs.reading import DOCS, blocks
from tests.registers import a_holding

PAGE = DOCS / "reference" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")
ANY = "…"
VALUED = {"-X", "-H", "-d", "-F", "-o", "--data-urlencode"}


class Caller:
    """A shell with curl, its variables and its files, in front of the test's own city hall."""

    def __init__(self):
        self.client = town.visitor()
        self.variables = {}
        self.files = {"student-card.jpg": town.small_image("jpeg")}

    def call(self, command):
        """What a curl command line answers."""
        line = re.sub(r"\$([A-Z]+)", lambda name: self.variables[name[1]], command.replace("\\\n", " "))
        words = shlex.split(line)
        assert words.pop(0) == "curl"
        given, plain = [], []
        while words:
            word = words.pop(0)
            if word in VALUED:
                given.append((word, words.pop(0)))
            elif word != "-G":
                plain.append(word)
        (address,) = plain
        assert address.startswith("http://127.0.0.1:8000/")
        headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
        answer = self._send(urlsplit(address)._replace(scheme="", netloc="").geturl(), given, headers)
        self.files |= {value: answer.content for option, value in given if option == "-o"}
        return answer

    def _send(self, path, given, headers):
        options = dict(given)
        if "--data-urlencode" in options:
            return self.client.get(path, dict([options["--data-urlencode"].split("=", 1)]), headers=headers)
        if "-F" in options:
            name, _at, file = options["-F"].partition("=@")
            return self.client.post(path, {name: SimpleUploadedFile(file, self.files[file])}, headers=headers)
        if "-d" in options:
            kind = headers.pop("Content-Type")
            return self.client.post(path, json.dumps(json.loads(options["-d"])), kind, headers=headers)
        return self.client.post(path, headers=headers) if "-X" in options else self.client.get(path, headers=headers)

    def remember(self, path, answer):
        """What the reader notes down of an answer."""
        body = answer.json() if "application/json" in answer.headers["Content-Type"] else {}
        if path.endswith("/uploads"):
            self.variables["UPLOAD"] = body["id"]
        if path.endswith("/slots"):
            self.variables["SLOT"] = body[0]["id"]
        body = body if isinstance(body, dict) else {}
        if path.endswith("/orders"):
            self.variables |= {"ORDER": body["reference"], "KEY": body["access_token"]}
            return
        if "/waiting" in path:
            self.variables["WAIT"] = body["access_token"]
            return
        if body.get("payment"):
            self.variables |= {"PAYMENT": body["payment"]["reference"], "SECRET": body["payment"]["access_token"]}
        if "access_token" in body:
            self.variables |= {"REFERENCE": body["reference"], "TOKEN": body["access_token"]}


def steps():
    """(command, the JSON shown under it or None) in the page's order."""
    found = [block for block in blocks(PAGE) if block.language in {"sh", "json"}]
    for block, after in zip(found, [*found[1:], None], strict=True):
        if block.language == "sh":
            shown = json.loads(after.text) if after and after.language == "json" else None
            yield block.text.strip(), shown


def agrees(shown, real):
    """Whether an answer is as shown; `…` stands for anything, and a file is as large as it is."""
    if isinstance(shown, dict):
        return shown.keys() == real.keys() and all(key == "size" or agrees(shown[key], real[key]) for key in shown)
    if isinstance(shown, list):
        return len(shown) == len(real) and all(map(agrees, shown, real))
    return shown in (ANY, real)


def the_office_works(caller, command):
    """What the office does between two calls, so that the next one has something to answer."""
    if "$DAY" in command:
        caller.variables["DAY"] = str(shop.day_of(shop.slot()))
    if "/changes" in command:
        paying.pays(Charge.objects.get(order__reference=caller.variables["ORDER"]))
        Order.objects.filter(reference=caller.variables["ORDER"]).update(state="confirmed")
        to = shop.slot(days=5)
        caller.variables |= {"TO": str(to.pk), "LATER": str(shop.day_of(to))}
    if "$FULL" in command:
        full = shop.slot(days=6, capacity=2)
        shop.bought(full, student=2)
        caller.variables["FULL"] = str(full.pk)
    if "$NUMBER" in command:
        caller.variables["NUMBER"] = a_holding(today()).number
    case = Case.objects.filter(reference=caller.variables.get("REFERENCE")).first()
    if "/corrections" in command:
        day = today() + timedelta(days=14)
        ask_correction(case, items=[("start_date", "空きが出る日からです。")], answer_by=day, by=town.worker_of(case))
    if "/statistics" in command:
        roll()  # as the worker does every minute
    if "/documents/" in command:
        caller.variables["DOCUMENT"] = str(town.decided(case).pk)
    if "/withdrawal" in command:
        for other, _shown in steps():
            if "/applications \\\n" in other and "$UPLOAD" in other:
                caller.variables["UPLOAD"] = town.uploaded("jpeg").pk
                fresh = other.replace("7d0c7a52", "another1")
                caller.remember("", caller.call(fresh))


@pytest.fixture
def answered(published, settings):
    """Every call of the page with what it answered."""
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    caller, found = Caller(), []
    for command, shown in steps():
        the_office_works(caller, command)
        answer = caller.call(command)
        caller.remember(re.search(r"http://[^\s?']+", command)[0], answer)
        found.append((command, shown, answer))
    return found


def test_every_call_of_the_page_is_answered_as_shown(answered):
    for command, shown, answer in answered:
        expected = {422} if isinstance(shown, dict) and "errors" in shown else {200, 201}
        assert answer.status_code in expected, (command, answer.content.decode())
        if shown is not None:
            assert agrees(shown, answer.json()), (command, answer.json())
    assert len(answered) == 28


def test_the_calls_did_what_the_page_says(answered):
    last = {command.split("8000")[1].split()[0]: answer for command, _shown, answer in answered}
    document = last["/api/v1/applications/$REFERENCE/documents/$DOCUMENT"]
    assert document.content.startswith(b"%PDF-")
    corrected = last["/api/v1/applications/$REFERENCE/corrections"].json()
    assert (corrected["correction"], corrected["status"]) == (None, "intake")
    assert last["/api/v1/applications/$REFERENCE/withdrawal"].json()["result"] == "withdrawn"
    assert {"procedure", "received", "median_days", "score"} <= last["/api/v1/statistics"].json()[0].keys()


def test_the_keys_of_a_procedure_are_explained(answered):
    offered = next(
        answer for command, _shown, answer in answered if command.endswith("/procedures/bicycle-parking-pass")
    )
    assert [key for key in offered.json() if f"`{key}`" not in TEXT] == []


def test_the_same_key_gives_the_same_answer_and_another_body_409(published):
    caller = Caller()
    caller.variables["UPLOAD"] = town.uploaded("jpeg").pk
    command = next(command for command, _shown in steps() if "$UPLOAD" in command)
    first, second = caller.call(command), caller.call(command)
    assert (second.status_code, second.json()) == (201, first.json())
    assert caller.call(command.replace('"months": 3', '"months": 4')).status_code == 409
    assert Case.objects.count() == 1


def test_every_address_of_the_openapi_document_is_on_the_page(client, db):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    calls = "\n".join(command for command, _shown in steps())
    addresses = set(re.findall(r"http://127\.0\.0\.1:8000(/api/v1/[^\s?']*)", calls))
    called = {re.sub(r"\$[A-Z]+|bicycle-parking-pass|art-museum|food-business", "{}", address) for address in addresses}
    assert {re.sub(r"\{[a-z]+\}", "{}", path) for path in described["paths"]} == called


def test_sentences_follow_the_language_asked_for_as_the_page_says(published):
    command = next(command for command, shown in steps() if shown and "errors" in shown)

    def details(language):
        answer = Caller().call(command.replace("curl ", f"curl -H 'Accept-Language: {language}' ", 1))
        return {error["detail"] for error in json.loads(answer.content)["errors"]}

    assert details("ja") != details("en")
    assert all(detail.isascii() for detail in details("en"))
