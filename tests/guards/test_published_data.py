"""Somebody with all that was published, and the database as its readers have it, cannot reach a person.

The attacker here is a script: it reads every table that the reading role may read, every frozen file, and every public
figure, looks for everything that individuals wrote of themselves, and subtracts totals. Its control: it finds what is
planted.
"""

import json

import duckdb
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from madoguchi.applications.models import Filing
from madoguchi.config.database.roles import GRANTS, READER_ROLE
from madoguchi.figures.queries import COUNTS, LEAST, by_procedure, figures
from madoguchi.figures.rollup import roll
from madoguchi.opendata.models.datasets import Dataset, File
from madoguchi.opendata.publishing.actions import freeze, renew_all
from madoguchi.opendata.publishing.columns import Column
from madoguchi.opendata.publishing.sources import SOURCES
from madoguchi.opendata.publishing.store import local
from madoguchi.people.actor import worker
from madoguchi.reform import published as reform
from tests import town

pytestmark = pytest.mark.django_db
PERSON = {"name": "秘密 花子", "kana": "ヒミツ ハナコ", "birth_date": "1971-02-03", "phone": "090-5550-1234",
          "email": "himitsu@example.jp"}  # fmt: skip
REPRESENTS = {town.RESTAURANT: "秘密 太郎", town.LICENCE: "公開 次郎"}
"""The law opens the register of the second to everybody, of the first to nobody."""
OWN = ("name", "kana", "birth_date", "phone", "email", "representative")


@pytest.fixture
def published(settings, tmp_path):
    """A town where people and corporations applied, were granted and refused, and everything was published."""
    settings.DATASETS_DIR = tmp_path / "datasets"
    with connection.cursor() as cursor:
        cursor.execute(GRANTS)
    for code, result in ((town.RESTAURANT, "granted"), (town.RESTAURANT, "refused"), (town.LICENCE, "granted")):
        for kind in ("person", "corporation"):
            town.decided(applied_as(kind, code), result)
    roll()
    _versions, faults = renew_all(register=(*SOURCES, reform.sources), by=worker("test"))
    assert faults == []


def applied_as(kind, code):
    """A case whose applicant is this kind of party, with words of their own."""
    given = town.example(code)["applicant"]
    party = town.compiled(code).by_id["applicant"]
    kind = kind if kind in party.kinds else party.kinds[0]
    kept = {part: given[part] for part in party.asked(kind) if part in given} | {"kind": kind}
    told = {part: word for part, word in PERSON.items() if kind == "person" and part in party.asked(kind)}
    if kind == "corporation":
        told = {"name": "株式会社みなと", "representative": REPRESENTS[code], "kana": "カブシキガイシャミナト"}
        told = {part: word for part, word in told.items() if part in party.asked(kind)}
    return town.applied(code, applicant={**kept, **told})


def of_corporations(compiled, question):
    """A corporation's representative is a person, published only where a register is open by law (`open_data`)."""
    told = compiled.procedure.open_data.columns.values() if compiled.procedure.open_data else ()
    return () if f"{question.id}.representative" in told else ("representative",)


def secrets():
    """Everything that individuals wrote of themselves, as it is stored and as it may be shown."""
    found = set()
    for filing in Filing.objects.select_related("case__version"):
        for question in filing.case.compiled.questions:
            for party in question.parties(filing.answers[question.id]) if question.id in filing.answers else ():
                own = OWN if party["kind"] == "person" else of_corporations(filing.case.compiled, question)
                found |= {str(party[part]) for part in own if party.get(part)}
                if party["kind"] == "person" and isinstance(party.get("address"), dict):
                    found |= {str(part) for part in party["address"].values() if part and len(str(part)) > 12}
        found |= {str(filing.case.reference), str(filing.case.pk)}
    return found


def seen_in_the_database():
    """Every row of every table that the reading role may select from, outside PostgreSQL's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname NOT IN"
            " ('pg_catalog', 'information_schema', 'pg_toast') AND has_schema_privilege(%s, n.oid, 'USAGE')"
            " AND has_table_privilege(%s, c.oid, 'SELECT')",
            [READER_ROLE, READER_ROLE],
        )
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"SET LOCAL ROLE {READER_ROLE}")
        text = ""
        for name in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {name} AS t")
            text += cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
    return tables, text


def seen_in_the_files():
    """Every frozen file as text."""
    text = ""
    for file in File.objects.select_related("resource"):
        path, kind = local(file), file.resource.format
        if kind == "parquet":
            text += str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
        elif kind == "json":
            text += json.dumps(json.loads(path.read_text(encoding="utf-8")), ensure_ascii=False)
        else:
            text += path.read_text(encoding="utf-8-sig")
    return text


def seen_on_the_pages():
    """Every public page and answer of figures and data."""
    browser = town.visitor()
    codes = [f"/datasets/{code}/" for code in Dataset.objects.values_list("code", flat=True)]
    paths = ["/statistics/", f"/statistics/{town.RESTAURANT}/", "/reform/", "/reform/quality/", "/reform/five-less/",
             "/api/v1/statistics", "/catalog.ttl", "/datasets/feed.xml", "/api/3/action/package_search",
             *codes]  # fmt: skip
    answers = [browser.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return "".join(answer.content.decode() for answer in answers)


def reached(text):
    return sorted(word for word in secrets() if word in text)


def test_nothing_that_people_wrote_of_themselves_is_in_what_was_published(published):
    assert {PERSON["name"], PERSON["birth_date"], "秘密 太郎"} <= secrets()
    tables, rows = seen_in_the_database()
    assert len(tables) > 5
    assert "株式会社みなと" in rows, "a corporation's own name is published where the definition allows it"
    for text in (rows, seen_in_the_files(), seen_on_the_pages()):
        assert reached(text) == []


def test_the_script_finds_a_person_who_was_planted(published):
    """The control."""
    dataset = Dataset.objects.get(code="food-businesses")
    freeze(dataset=dataset, columns=[Column("名前")], key=[], rows=[(PERSON["name"],)], by=worker("test"))
    assert [reached(text) for text in (seen_in_the_database()[1], seen_in_the_files())] == [[PERSON["name"]]] * 2


def test_the_reading_role_has_published_tables_and_no_others(published):
    tables, _rows = seen_in_the_database()
    assert {name.partition(".")[0] for name in tables} == {"datastore"}
    for table in ("applications_filing", "cases_case", "cases_event", "people_officer", "opendata_datarequest"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as c:
            c.execute(f"SET LOCAL ROLE {READER_ROLE}")
            c.execute(f"SELECT * FROM {table}")


def test_no_small_count_comes_out_by_subtracting_what_was_published(published):
    for _case in range(9):
        town.applied()
    roll()
    renew_all(register=SOURCES, by=worker("test"))
    file = local(Dataset.objects.get(code="service-figures").current.files.get(resource__format="json"))
    rows = json.loads(file.read_text(encoding="utf-8"))
    totals = {row.procedure: row.published() for row in by_procedure()}
    for procedure, total in totals.items():
        months = [row for row in rows if row["procedure"] == procedure]
        assert len(months) == len([row for row in figures("procedure", "month") if row.procedure == procedure])
        for count in COUNTS:
            shown = [row[count] for row in months if row[count] is not None]
            if total[count] is not None and len(shown) < len(months):
                assert len(months) - len(shown) > 1 or total[count] - sum(shown) >= LEAST
                assert total[count] - sum(shown) == 0 or total[count] - sum(shown) >= LEAST
