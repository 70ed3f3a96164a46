"""What is read out of a CEL expression, and what values are tried for each question."""

import pytest

from madoguchi.catalogue.checking.expression import Reading
from madoguchi.catalogue.checking.trials import landmarks
from madoguchi.catalogue.questions.base import answers_to
from madoguchi.foundation.dates import today

from .test_hostile_answers import ANSWERED, KEYS

OPTIONS = [{"id": letter, "label": letter} for letter in "abcdefg"]


def marks(source, *functions):
    return landmarks([source], frozenset(functions))


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("water == 'well'", {("water",)}),
        ("applicant.kind == 'person'", {("applicant", "kind")}),
        ("applicant.address.town != ''", {("applicant", "address", "town")}),
        ("size(rows) > 2 && !late", {("rows",), ("late",)}),
        ("name.startsWith('a.b')", {("name",)}),
        ("rows.exists(r, r.role == 'x')", {("rows",), ("rows", "role")}),
        ("true || 'a' in list", {("list",)}),
        ("'it\\'s (' == note", {("note",)}),
    ],
)
def test_the_answers_and_parts_that_are_read(source, paths):
    assert Reading(source).paths - {("rows",)} == paths - {("rows",)}


@pytest.mark.parametrize(
    ("source", "compared"),
    [
        ("a == 'x' && 'y' != b.c", [(("a",), "x"), (("b", "c"), "y")]),
        ("a in ['x', 'y']", [(("a",), "x"), (("a",), "y")]),
        ("'x' in list", [(("list",), "x")]),
        ("rows.all(r, r.role == 'x')", [(("rows", "role"), "x")]),
        ("size(a) == 3 || note.contains('x')", []),
    ],
)
def test_the_texts_that_answers_are_compared_with(source, compared):
    assert list(Reading(source).compared()) == compared


def test_literals_are_read():
    reading = Reading("""a == "x" && b > 3 && c < 4.5 && d == 'it\\'s'""")
    assert reading.strings == {"x", "it's"}
    assert reading.numbers == {3, 4.5}


@pytest.mark.parametrize("kind", ANSWERED)
def test_every_type_has_values_to_try(kind, question):
    assert answers_to(question(kind, **KEYS.get(kind, {})), marks("q"))


def test_no_answer_is_tried_only_where_none_is_required(question):
    assert answers_to(question("yes-no"), marks("q")) == [True, False]
    assert answers_to(question("yes-no", required=False), marks("q")) == [None, True, False]


def test_a_number_is_tried_at_its_limits_and_around_literals(question):
    assert answers_to(question("number", min=0, max=9), marks("q > 5")) == [0, 1, 2, 4, 5, 6, 9]
    decimal = answers_to(question("number", min=0, max=9, decimals=1), marks("q > 5.0"))
    assert {4.9, 5.0, 5.1} <= set(decimal)
    assert all(type(value) is float for value in decimal)


def test_a_number_without_limits_is_tried_at_what_can_be_typed(question):
    tried = answers_to(question("number"), marks("q > 0"))
    assert (tried[0], tried[-1]) == (-(10**15) + 1, 10**15 - 1)


def test_few_choices_are_tried_in_every_combination_and_many_in_telling_ones(question):
    assert len(answers_to(question("choices", options=OPTIONS[:3]), marks("'a' in q"))) == 7
    many = answers_to(question("choices", options=OPTIONS), marks("'a' in q && !('b' in q)"))
    assert list("bcdefg") in many
    assert ["a"] in many
    assert list("abcdefg") in many


def test_choices_keep_their_limits(question):
    tried = answers_to(question("choices", options=OPTIONS, min=2, max=3), marks("size(q) > 2"))
    assert {len(chosen) for chosen in tried} == {2, 3}


def test_a_day_is_tried_around_today_and_the_days_named(question):
    tried = answers_to(question("date", not_before="2026-04-01"), marks("days(q, '2026-05-01') <= 10", "days"))
    assert {"2026-04-01", "2026-04-02", "2026-04-20", "2026-04-21", "2026-05-01"} <= set(tried)
    assert min(tried) == "2026-04-01"


def test_an_age_is_tried_around_its_birthday(question):
    party = question("party", kinds=["person"], ask=["birth_date"])
    tried = {one["birth_date"] for one in answers_to(party, marks("age(q.birth_date, '2026-04-01') < 18", "age"))}
    assert {"2008-03-31", "2008-04-01", "2008-04-02"} <= tried
    assert max(tried) <= today().isoformat()


def test_both_kinds_of_party_are_tried_with_what_each_is_asked(question):
    tried = answers_to(question("party", ask=["birth_date", "representative"]), marks("q.kind == 'person'"))
    assert [set(one) for one in tried] == [{"kind", "name", "birth_date"}, {"kind", "name", "representative"}]


def test_a_text_is_tried_with_its_literals_and_lengths_within_its_limit(question):
    tried = answers_to(question("text", max=10), marks("q == 'いど屋' || size(q) > 5", "size"))
    assert "いど屋" in tried
    assert {len(text) for text in tried} >= {1, 4, 5, 6, 10}
    assert max(map(len, tried)) <= 10


def test_rows_are_tried_alike_mixed_and_in_telling_numbers(question):
    options = OPTIONS[:2]
    inner = [{"id": "role", "type": "choice", "label": "役", "options": options}]
    group = question("group", row_label="人", max_rows=8, questions=inner)
    tried = answers_to(group, marks("size(q) > 3 && q.all(r, r.role == 'a')", "size"))
    assert {len(rows) for rows in tried} >= {1, 3, 4, 8}
    assert [{"role": "b"}] in tried
    assert [{"role": "a"}, {"role": "b"}] in tried
