"""Questions to a hundred thousand rows are answered by index; no plan scans the table."""

import json

import pytest
from django.db import connection
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction, SyntaxError

from madoguchi.opendata.serving import reader
from madoguchi.opendata.serving import search as module
from madoguchi.opendata.serving.conditions import SearchRefused
from madoguchi.opendata.serving.search import Question, search
from tests.plans import statistics_of_every_row

from ...tests import town_data

ROWS = 100_000
ASKED = {
    "everything": Question(),
    "a deep page": Question(offset=99_000),
    "a common value": Question(filters={"ward": ["港区"]}),
    "a rare value": Question(filters={"id": [77_777]}),
    "one of several values": Question(filters={"ward": ["港区", "北区"], "seats": [50]}),
    "a boolean": Question(filters={"is_open": [False]}),
    "sorted": Question(sort="opened desc"),
    "sorted and filtered": Question(sort="seats", filters={"ward": ["北区"]}, offset=500),
    "a common word of two kanji": Question(q="寿司"),
    "a single character": Question(q="麺"),
    "a rare word": Question(q="店000123号"),
    "a word and a value": Question(q="カレー 00", filters={"ward": ["東区"]}, sort="rate desc"),
}


@pytest.fixture(scope="module")
def big(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        made = town_data.published(ROWS, code="hundred-thousand")
        statistics_of_every_row(f"datastore.{made.current.table}")
        yield made.current
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE datastore.{made.current.table}")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("TRUNCATE opendata_file, opendata_resource, opendata_version, opendata_dataset CASCADE")
            cursor.execute("SET session_replication_role = origin")


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


@pytest.fixture
def sent(monkeypatch):
    """Every statement that goes to the reader, with its parameters."""
    told, real = [], module.read_all

    def listen(statements):
        told.extend(statements)
        return real(statements)

    monkeypatch.setattr(module, "read_all", listen)
    monkeypatch.setattr(module, "read", lambda statement, parameters=(): listen([(statement, list(parameters))])[0])
    monkeypatch.setattr(module, "_totals", {})
    return told


@pytest.mark.django_db
@pytest.mark.parametrize("name", ASKED)
def test_no_question_scans_the_table(big, sent, name):
    search(big, ASKED[name])
    asked = [one for one in sent if not one[0].startswith("EXPLAIN")]
    assert asked
    for statement, parameters in asked:
        ((plan,),) = reader.read("EXPLAIN (ANALYZE, FORMAT JSON) " + statement, parameters)
        assert "Seq Scan" not in [node["Node Type"] for node in nodes(plan[0]["Plan"])]
        assert touched(plan) < ROWS * 0.3, json.dumps(plan, indent=1)


def touched(plan):
    """The most rows that one node of an executed plan looked at."""
    return max(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes(plan[0]["Plan"])
    )


@pytest.mark.django_db
def test_without_an_index_every_row_is_looked_at(big):
    """The control: what the tests above look for is found where no index helps, with and without sequential scans."""
    question = f"SELECT FROM datastore.{big.table} WHERE length(name) = 3"
    ((plan,),) = reader.read("EXPLAIN (ANALYZE, FORMAT JSON) " + question)
    assert touched(plan) >= ROWS
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexonlyscan = off")  # or all of a narrow index might be read instead
        cursor.execute("EXPLAIN (FORMAT JSON) " + question)
        assert "Seq Scan" in [node["Node Type"] for node in nodes(cursor.fetchone()[0][0]["Plan"])]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ASKED)
def test_the_answer_is_that_of_a_plain_count(big, name):
    asked = ASKED[name]
    rows = list(town_data.shops(ROWS))
    names = [field["name"] for field in big.fields]
    found = [
        dict(zip(names, row, strict=True))
        for row in rows
        if all(row[names.index(column)] in values for column, values in asked.filters.items())
        and all(word in f"{row[0]} {row[1]} {row[2]} {row[4]}" for word in asked.q.split())
    ]
    answer = search(big, asked)
    assert answer.total == len(found) or (answer.is_estimated and len(found) > module.COUNTED)
    records = json.loads(answer.records)
    assert len(records) == len(found[asked.offset : asked.offset + asked.limit])
    if not asked.sort:
        assert [one["id"] for one in records] == [one["id"] for one in found[asked.offset :][: asked.limit]]
    else:
        column = asked.sort.split()[0]
        values = [one[column] for one in records]
        assert values == sorted(values, reverse="desc" in asked.sort)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        Question(filters={"nothing": ["1"]}),
        Question(filters={"id": ["one"]}),
        Question(filters={"id": [str(2**70)]}),
        Question(filters={"opened": ["2026-13-01"]}),
        Question(filters={"is_open": ["maybe"]}),
        Question(filters={"rate": ["NaN"]}),
        Question(filters={"ward": ["a\0b"]}),
        Question(filters={"ward": []}),
        Question(sort="nothing desc"),
        Question(sort="id; DROP TABLE x"),
        Question(sort="ward, seats"),
        Question(fields=["nothing"]),
        Question(q="あ" * 200),
        Question(q="a\0b"),
        Question(sort="seats", offset=10_000_000),
    ],
    ids=lambda asked: str(asked)[:60],
)
def test_what_no_index_answers_is_refused(big, asked):
    with pytest.raises(SearchRefused):
        search(big, asked)


@pytest.mark.django_db
def test_the_reader_can_read_the_rows_and_nothing_else(big):
    assert reader.read("SELECT current_user::text") == [("madoguchi_reader",)]
    for statement in ("SELECT * FROM people_officer", "SELECT * FROM cases_case"):
        with pytest.raises(InsufficientPrivilege):
            reader.read(statement)
    with pytest.raises((InsufficientPrivilege, ReadOnlySqlTransaction)):
        reader.read(f"DELETE FROM datastore.{big.table}")
    with pytest.raises(SyntaxError, match="multiple commands"):
        reader.read("SELECT 1; RESET ROLE")
    with connection.cursor() as cursor:  # and afterwards we are ourselves again
        cursor.execute("SELECT current_user::text, current_setting('transaction_read_only')")
        assert cursor.fetchone() == (connection.settings_dict["USER"], "off")


@pytest.mark.django_db
def test_a_slow_question_is_given_up(big, monkeypatch):
    monkeypatch.setattr(reader, "MOST_MILLISECONDS", 50)
    with pytest.raises(reader.TooSlow):
        reader.read("SELECT count(*) FROM generate_series(1, 1000000000)")  # works rather than sleeps: see decision 53
    assert reader.read("SELECT 1") == [(1,)]


@pytest.mark.django_db
def test_a_very_common_value_is_estimated_and_nobody_counts(big, sent, monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 1000)
    monkeypatch.setattr(module, "_totals", {})
    true = sum(row[2] == "港区" for row in town_data.shops(ROWS))
    answer = search(big, Question(filters={"ward": ["港区"]}, limit=5))
    assert answer.is_estimated and abs(answer.total - true) < true / 5
    assert not [statement for statement, _given in sent if "count(*)" in statement]
    exact = search(big, Question(filters={"id": [77_777]}))
    assert (exact.total, exact.is_estimated) == (1, False)


@pytest.mark.django_db
def test_what_two_filters_meet_is_looked_up_once(big, sent, monkeypatch):
    monkeypatch.setattr(module, "_totals", {})
    answer = search(big, Question(filters={"ward": ["港区"], "seats": [50]}, limit=7, offset=3))
    assert len(sent) == 1
    everything = json.loads(search(big, Question(filters={"ward": ["港区"], "seats": [50]}, limit=1000)).records)
    assert json.loads(answer.records) == everything[3:10]
    assert answer.total == len(everything)
