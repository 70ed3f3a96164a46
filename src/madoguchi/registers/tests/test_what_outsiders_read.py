"""What anybody reads of a register: whether the right behind a paper is in force today, and public columns only."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from madoguchi.desk import actions as desk
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.publishing.actions import renew_all
from madoguchi.opendata.publishing.sources import SOURCES
from madoguchi.people.actor import worker
from madoguchi.registers import actions, queries
from madoguchi.registers.models import Holding
from tests import town
from tests.registers import closure_of, permitted

pytestmark = pytest.mark.django_db
API = "/api/v1/registers/food-business/holdings"


def closed(first, on="2026-06-30"):
    case = closure_of(first, closed_on=on)
    actions.confirm(case, number=first.decision.document_number, by=town.sasaki())
    desk.acknowledge(case, by=town.sasaki())


def page_of(case, prefix=""):
    return town.visitor().get(f"{prefix}/verify/{case.credentials.get().code}/").content.decode()


def asked(number, **more):
    return town.visitor().get(API, {"number": number, **more})


@pytest.mark.parametrize(
    ("prefix", "word"), [("", "今日有効で"), ("/en", "in force today"), ("/ja-easy", "verdict__right")]
)
def test_the_page_behind_the_code_says_that_it_is_in_force(clock, prefix, word):
    clock("2026-06-15")
    assert word in page_of(permitted(), prefix)


def test_after_the_closure_the_paper_is_still_ours_and_the_right_is_over(clock):
    clock("2026-06-15")
    case = permitted()
    clock("2026-07-01")
    closed(case)
    page = page_of(case)
    assert "この文書は発行されています" in page and "終わっています" in page


def test_after_the_last_day_it_has_expired(clock):
    clock("2026-06-15")
    case = permitted()
    clock("2032-06-15")
    assert "今日有効で" in page_of(case)
    clock("2032-06-16")
    assert "期限が切れています" in page_of(case)


def test_a_paper_of_what_no_register_knows_says_nothing_of_it(clock):
    clock("2026-06-15")
    case = town.applied(town.BARBER)
    town.decided(case)
    assert "台帳では" not in page_of(case)


def test_a_program_that_shows_the_pdf_hears_it_too(clock):
    clock("2026-06-15")
    case = permitted()

    def told():
        sent = SimpleUploadedFile("permit.pdf", bytes(case.credentials.get().pdf), content_type="application/pdf")
        return town.visitor().post("/api/v1/verify", {"document": sent}).json()

    assert told() == {"state": "genuine", "number": case.decision.document_number, "in_force": True}
    clock("2026-07-01")
    closed(case)
    assert told()["in_force"] is False


def test_a_program_looks_a_number_up_and_reads_public_columns_only(clock):
    clock("2026-06-15")
    case = permitted()
    found = asked(case.decision.document_number).json()
    said = case.filings.get(step="").answers
    assert (found["in_force"], found["standing"], found["until"]) == (True, "in-force", "2032-06-15")
    assert found["columns"]["trade_name"] == said["trade_name"]
    assert set(found["columns"]) <= set(queries.registers()["food-business"].register.public)
    assert said["applicant"]["name"] not in json.dumps(found, ensure_ascii=False)
    clock("2026-07-01")
    closed(case)
    assert (asked(case.decision.document_number).json()["standing"], asked("１").status_code) == ("ended", 404)


def test_the_number_may_be_typed_in_full_width(clock):
    clock("2026-06-15")
    case = permitted()
    wide = case.decision.document_number.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789"})
    assert asked(wide).json()["number"] == case.decision.document_number


@pytest.mark.parametrize("number", ["", "無い", "x" * 61, "\0", "' OR ''='"])
def test_a_number_that_is_none_is_told(number):
    assert asked(number).status_code in {400, 404, 422}


def test_registers_are_listed_with_their_public_columns():
    (one,) = town.visitor().get("/api/v1/registers").json()
    assert one["code"] == "food-business" and "operator" not in one["columns"]
    assert town.visitor().get("/api/v1/registers/cats/holdings", {"number": "1"}).status_code == 404


def rows():
    renew_all(register=SOURCES, by=worker("test"))
    return Dataset.objects.get(code="food-businesses").current.rows


def test_the_data_set_has_what_is_in_force(clock):
    clock("2026-06-15")
    one, _other = permitted(), permitted()
    assert rows() == 2
    clock("2026-07-01")
    closed(one)
    assert rows() == 1


def test_while_a_renewal_is_examined_it_holds_on_only_where_the_law_says_so(clock, monkeypatch):
    clock("2026-06-15")
    first = permitted()
    from tests.registers import renewal_of

    clock("2032-06-01")
    renewal_of(first)
    clock("2032-06-20")
    holding = Holding.objects.get()
    assert not queries.in_force(holding) and not queries.standing("food-business").exists()
    kept = queries.registers()["food-business"]
    renewal = kept.register.renewal.model_copy(update={"keeps_force": True})
    lawful = type(kept)(kept.register.model_copy(update={"renewal": renewal}), kept.wordings)
    monkeypatch.setattr(queries, "registers", lambda: {"food-business": lawful})
    assert queries.in_force(holding) and queries.standing("food-business").get() == holding
    assert holding.until == date(2032, 6, 15)
