"""The statistics equal a recount of the same events in plain Python, whatever happened; small numbers stay hidden."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from statistics import mean, quantiles

import pytest

from madoguchi.cases import events
from madoguchi.cases.models import Event
from madoguchi.figures.queries import LEAST, by_procedure, forecast
from madoguchi.people.actor import PUBLIC
from tests import town

pytestmark = pytest.mark.django_db
CODES = [town.RESTAURANT, town.BARBER, town.LICENCE]


def happen(case, history):
    """Append events at chosen moments: what would have been recorded then."""
    for moment, kind, data in history:
        event = events.first(case, kind, by=PUBLIC, data=data, seq=case.last_seq + 1, previous=case.last_hash)
        event.at = moment
        event.save()
        case.last_seq, case.last_hash = event.seq, event.hash


def random_history(chance, start):
    """A random life of a case after its arrival: corrections, an end, ratings, or none of them."""
    moment, history = start, []

    def later():
        nonlocal moment
        moment += timedelta(seconds=chance.randint(60, 9 * 86_400))
        return moment

    for _correction in range(chance.choice([0, 0, 0, 1, 2])):
        correction = chance.choice(["correction", "review-correction"])
        history += [
            (later(), "moved", {"from": "intake", "outcome": "correction-asked", "to": correction}),
            (moment, "correction-asked", {"correction": 1, "questions": ["seats"]}),
            (later(), "moved", {"from": correction, "outcome": "corrected", "to": "intake"}),
        ]
    history.append((later(), "moved", {"from": "review", "outcome": "reviewed", "to": "drafting"}))
    end = chance.choice(["decided", "decided", "closed", "withdrawn", ""])
    history += [(later(), end, {"result": "granted"})] if end else []
    history += [(later(), "rated", {"score": chance.randint(1, 5)}) for _rating in range(chance.choice([0, 1, 1, 2]))]
    return history


def recount(code):
    """received, decided, corrected, online, median and p90 days, ratings, mean score: by a loop over the events."""
    lives = defaultdict(list)
    for event in Event.objects.filter(case__procedure=code).order_by("case_id", "seq"):
        lives[event.case_id].append(event)
    days, scores, decided, corrected, online = [], [], 0, 0, 0
    for life in lives.values():
        waited, asked_at, times, ended, score = 0.0, None, 0, None, None
        for event in life:
            if event.kind == "correction-asked":
                asked_at, times = event.at, times + 1
            elif event.kind == "moved" and event.data["from"].endswith("correction") and asked_at:
                waited, asked_at = waited + (event.at - asked_at).total_seconds(), None
            elif event.kind in {"decided", "closed"}:
                ended = ended or event.at
            elif event.kind == "rated":
                score = event.data["score"]
        corrected += times > 0
        decided += ended is not None
        online += life[0].data["channel"] == "online"
        if ended:
            days.append(((ended - life[0].at).total_seconds() - waited) / 86_400)
        if score:
            scores.append(score)
    return len(lives), decided, corrected, online, *_middle(days), len(scores), mean(scores) if scores else None


def _middle(days):
    if not days:
        return None, None
    cuts = quantiles(days, n=10, method="inclusive") if len(days) > 1 else days * 9
    return cuts[4], cuts[8]


def counted(code):
    (row,) = by_procedure(code)
    return (
        row.received, row.decided, row.corrected, row.online, row.median_days, row.p90_days, row.ratings, row.score
    )  # fmt: skip


@pytest.mark.parametrize("seed", [random.SystemRandom().randrange(10**9), 20_260_401])
def test_the_figures_equal_a_recount_after_random_histories(seed):
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _case in range(30):
        code = chance.choice(CODES)
        case = town.applied(code, channel=chance.choice(["online", "api", "counter"]))
        case.refresh_from_db()
        happen(case, random_history(chance, datetime.now(UTC)))
    for code in CODES:
        expected, found = recount(code), counted(code)
        assert found == pytest.approx(expected), f"seed {seed}: {code}"


def test_the_figures_follow_a_real_case_to_its_end():
    case = town.applied()
    assert counted(town.RESTAURANT)[:3] == (1, 0, 0)
    town.decided(case)
    assert counted(town.RESTAURANT)[:3] == (1, 1, 0)
    assert counted(town.RESTAURANT) == pytest.approx(recount(town.RESTAURANT))


def test_a_withdrawn_case_was_not_decided():
    from madoguchi.cases.actions import withdraw
    from madoguchi.people.actor import applicant

    case = town.applied()
    withdraw(case, by=applicant(case.reference))
    assert counted(town.RESTAURANT)[:2] == (1, 0)


def rated_cases(number, score=2):
    from madoguchi.participation.actions import rate
    from madoguchi.people.actor import applicant

    for _n in range(number):
        case = town.applied(town.BARBER)
        town.decided(case)
        rate(case, score=score, comment="", by=applicant(case.reference))


def by_program(code):
    return next(row for row in town.visitor().get("/api/v1/statistics").json() if row["procedure"] == code)


def test_days_and_scores_of_few_people_are_not_published():
    rated_cases(LEAST - 1)
    row, page = by_program(town.BARBER), town.visitor().get("/statistics/").content.decode()
    assert (row["received"], row["median_days"], row["p90_days"], row["score"]) == (LEAST - 1, None, None, None)
    assert "2.0" not in page
    assert forecast(town.BARBER) is None


def test_days_and_scores_of_enough_people_are_published():
    rated_cases(LEAST)
    row = by_program(town.BARBER)
    assert (row["ratings"], row["score"]) == (LEAST, 2.0)
    assert row["median_days"] is not None
    assert forecast(town.BARBER).decided == LEAST


def test_the_page_without_any_case_is_a_page():
    assert town.visitor().get("/statistics/").status_code == 200
