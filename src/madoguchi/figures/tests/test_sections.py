"""Where forms are left is counted without knowing by whom, equals a recount, and small numbers stay hidden."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from madoguchi.figures.models import SectionCount
from madoguchi.figures.rollup import roll
from madoguchi.figures.sections import SENT, Reached, abandonment, order, published, reach
from tests import town

pytestmark = pytest.mark.django_db


def told(section, before="", *, version=None):
    place = reverse("figures:reached", args=[version or town.compiled().version_id])
    return town.visitor().post(place, {"section": section, "before": before})


def test_a_form_counts_once_for_every_section_it_reached_in_one_statement():
    compiled = town.compiled()
    first, second, third, *_rest = order(compiled)
    reach(compiled, section=first)
    with CaptureQueriesContext(connection) as made:
        reach(compiled, section=third, before=first)  # jumped over the second
    assert len(made) == 1
    assert dict(SectionCount.objects.values_list("section", "n")) == {first: 1, second: 1, third: 1}


@pytest.mark.parametrize("seed", [random.SystemRandom().randrange(10**9), 28], ids=["random", "kept"])
def test_what_the_page_tells_equals_a_recount_after_random_ways(seed):
    print(f"seed {seed}")
    chance, expected, ends = random.Random(seed), Counter(), Counter()
    for _form in range(80):
        compiled = town.compiled(chance.choice([town.RESTAURANT, town.BARBER]))
        sections = order(compiled)
        furthest, before = chance.randrange(len(sections)), ""
        ends[compiled.procedure.code, sections[furthest]] += 1
        expected.update((compiled.procedure.code, one) for one in sections[: furthest + 1])
        for at in sorted({*chance.sample(range(furthest + 1), chance.randint(0, furthest)), furthest}):
            assert told(sections[at], before, version=compiled.version_id).status_code == 204
            before = sections[at]
    assert {(row.procedure, row.section): row.n for row in SectionCount.objects.all()} == expected, f"seed {seed}"
    forms = {code: order(town.compiled(code)) for code in (town.RESTAURANT, town.BARBER)}
    for code, rows in abandonment(forms).items():
        for row in rows:
            assert row.reached in (None, expected[code, row.section]), f"seed {seed}"
            assert row.left in (None, ends[code, row.section]), f"seed {seed}"


@pytest.mark.parametrize(("section", "before"), [("nothing", ""), ("", ""), (SENT, "nothing"), (SENT, SENT)])
def test_what_the_form_does_not_have_is_refused_and_not_counted(section, before):
    answer = told(section, before)
    assert (answer.status_code, SectionCount.objects.count()) == (422, 0)
    assert "様式にない" in answer.content.decode()


def test_a_section_told_after_a_later_one_and_an_unknown_version_are_refused():
    first, second, *_rest = order(town.compiled())
    assert told(first, second).status_code == 422
    assert told(first, version=999_999).status_code == 404
    assert SectionCount.objects.count() == 0


def test_another_site_cannot_count():
    place = reverse("figures:reached", args=[town.compiled().version_id])
    answer = town.visitor().post(place, {"section": SENT}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, SectionCount.objects.count()) == (403, 0)


def test_nobody_follows_by_subtraction():
    assert published([("a", 20, 2), ("b", 18, 8), ("c", 10, 10)]) == [
        Reached("a", 20, None), Reached("b", None, None), Reached("c", 10, 10),
    ]  # fmt: skip
    assert published([("a", 4, 0), ("b", 4, 4)]) == [Reached("a", None, None), Reached("b", None, None)]
    assert published([("a", 9, 6)]) == [Reached("a", 9, None)], "three were sent"


def test_the_page_and_the_api_say_where_forms_were_left_from_five_on():
    compiled = town.compiled()
    first, second, *_rest = order(compiled)
    town.applied()
    page = f"/statistics/{town.RESTAURANT}/"
    for _form in range(4):
        reach(compiled, section=first)
    assert "様式の段階" not in town.visitor().get(page).content.decode()
    for _form in range(6):
        reach(compiled, section=second)
    content = town.visitor().get(page).content.decode()
    assert "様式の段階" in content
    assert "実績がまだ少ない" in content, "the map, of one case"
    roll()
    (row,) = town.visitor().get("/api/v1/statistics").json()
    assert row["sections"][0] == {"section": first, "reached": 10, "left": None}
    assert row["sections"][1] == {"section": second, "reached": None, "left": None}
