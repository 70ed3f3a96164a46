"""The rollups equal a recount of the events in plain Python, whatever happened; small numbers stay hidden."""

import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from madoguchi.cases import events
from madoguchi.cases.actions import advance_step, ask_correction
from madoguchi.cases.models import Case, Event
from madoguchi.cases.queries import flow_of
from madoguchi.figures.models import ArrowCount, Cell, DayCount, QuestionCount
from madoguchi.figures.queries import LEAST, by_procedure, figures, forecast, monthly, service_quality
from madoguchi.figures.rollup import MEASURES, rebuild, roll
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.calendar import today
from tests import town

pytestmark = pytest.mark.django_db
CODES = [town.RESTAURANT, town.BARBER, town.LICENCE]


def happen(case, history):
    """Append events at chosen moments: what would have been recorded then."""
    for moment, kind, data in history:
        event = Event(
            **events.next_row(case.pk, kind, by=PUBLIC, data=data, seq=case.last_seq + 1, previous=case.last_hash)
        )
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
        correction = chance.choice(["correction", "review-correction", "papers-to-mend"])
        history += [
            (later(), "moved", {"from": "intake", "outcome": "correction-asked", "to": correction}),
            (moment, "correction-asked", {"correction": 1, "questions": ["seats"]}),
            (later(), "moved", {"from": correction, "outcome": "corrected", "to": "intake"}),
        ]
    history.append((later(), "moved", {"from": "review", "outcome": "reviewed", "to": "drafting"}))
    end = chance.choice(["decided", "decided", "closed", "withdrawn", ""])
    history += [(later(), end, {"result": "granted"})] if end else []
    for document in range(chance.choice([0, 1, 1, 2])):
        history.append((later(), "issued", {"credential": document, "sha256": ""}))
    for _taken in range(chance.choice([0, 1, 1, 3])):
        way = {"credential": chance.randrange(2), "by": chance.choice(["download", "download", "paper"])}
        history.append((later(), "delivered", way))
    history += [(later(), "rated", {"score": chance.randint(1, 5)}) for _rating in range(chance.choice([0, 1, 1, 2]))]
    return history


def bucket(seconds):
    """Whole days rounded up; above 60 to five days, above 200 to thirty."""
    days = max(1, math.ceil(seconds / 86_400))
    step = 1 if days <= 60 else 5 if days <= 200 else 30
    return math.ceil(days / step) * step


def month(moment):
    return timezone.localtime(moment).date().replace(day=1)


def life(case):
    """(contributions, questions, arrows) of one case, by a loop over its events."""
    found, asked, ways = Counter(), Counter(), Counter()
    issued, taken, stands = [], {}, ""
    waited, asked_at, ended, score, before, place = 0.0, None, None, None, None, None
    where = (case.procedure, case.office, case.channel)
    for event in case.events.order_by("seq"):
        if event.kind == "submitted":
            arrived, place = event.at, (*where, month(event.at))
            found[place, "received"] += 1
            if "seconds" in event.data:
                found[place, "timed"] += 1
                found[place, "seconds"] += min(event.data["seconds"], 4 * 3600)
        elif event.kind == "correction-asked":
            asked_at = event.at
            found[place, "corrected"] = 1
            asked.update((case.procedure, month(event.at), question) for question in event.data["questions"])
        elif event.kind == "moved" and event.data["from"] == stands and asked_at:
            waited, asked_at = waited + (event.at - asked_at).total_seconds(), None
        elif event.kind in {"decided", "closed"}:
            ended = ended or event.at
        elif event.kind == "withdrawn":
            found[(*where, month(event.at)), "withdrawn"] += 1
        elif event.kind == "issued":
            issued.append((*where, month(event.at)))
        elif event.kind == "delivered":
            taken.setdefault(event.data["credential"], event.data["by"])
        elif event.kind == "rated":
            score = (*where, month(event.at)), f"score_{event.data['score']}"
        if event.kind == "moved":
            stands = event.data["to"]
            hours = max(1, math.ceil((event.at - before).total_seconds() / 3600))
            hours = hours if hours <= 48 else math.ceil(hours / 24) * 24
            ways[case.procedure, event.data["from"], event.data["outcome"], event.data["to"], hours] += 1
        before = event.at if event.kind in {"submitted", "moved"} else before
    if score:
        found[score] += 1
    if issued:
        found[issued[0], "issued"] += len(issued)
        found[issued[0], "fetched"] += list(taken.values()).count("download")
    if ended:
        end = (*where, month(ended))
        found[end, "decided"] += 1
        found[end, "promised"] += case.due_on is not None
        found[end, "in_time"] += case.due_on is not None and timezone.localtime(ended).date() <= case.due_on
        found[end, bucket((ended - arrived).total_seconds() - waited)] += 1
    return found, asked, ways


def recounted():
    """Every cube, by plain Python over all events."""
    cubes = Counter(), Counter(), Counter()
    for case in Case.objects.all():
        for cube, one in zip(cubes, life(case), strict=True):
            cube.update(one)
    return [Counter({key: n for key, n in cube.items() if n}) for cube in cubes]


def rolled():
    """Every cube, as the rollups hold it."""
    cells, axes = Counter(), ("procedure", "office", "channel", "month")
    for row in Cell.objects.values():
        cells.update({(tuple(row[axis] for axis in axes), name): row[name] for name in MEASURES if row[name]})
    for row in DayCount.objects.exclude(n=0).values():
        cells[tuple(row[axis] for axis in axes), row["days"]] += row["n"]
    asked = {(row.procedure, row.month, row.question): row.n for row in QuestionCount.objects.all()}
    ways = {(w.procedure, w.step, w.outcome, w.target, w.hours): w.n for w in ArrowCount.objects.all()}
    return [cells, Counter(asked), Counter(ways)]


def some_cases(chance, number):
    """Cases that lived for a while, and the moment at which each stands."""
    for _case in range(number):
        code = chance.choice(CODES)
        case = town.applied(code, channel=chance.choice(["online", "api", "counter"]))
        case.refresh_from_db()
        yield case, random_history(chance, datetime.now(UTC))


@pytest.mark.parametrize("seed", [random.SystemRandom().randrange(10**9), 20_260_401], ids=["random", "kept"])
def test_the_rollups_equal_a_full_recount_after_random_histories(seed):
    print(f"seed {seed}")
    chance = random.Random(seed)
    for case, history in some_cases(chance, 30):
        cut = chance.randint(0, len(history))  # the worker looks at any moment, also in the middle of a case
        happen(case, history[:cut])
        if chance.random() < 0.5:
            roll()
        happen(case, history[cut:])
    roll()
    assert rolled() == recounted(), f"seed {seed}"
    assert roll() == 0
    assert rolled() == recounted(), f"seed {seed}: rolled twice"
    rebuild()
    assert rolled() == recounted(), f"seed {seed}: rebuilt"


def test_the_numbers_of_a_procedure_add_its_cells_up():
    chance = random.Random(7)
    for case, history in some_cases(chance, 25):
        happen(case, history)
    roll()
    cells = recounted()[0]
    for row in by_procedure():
        own = {key: n for key, n in cells.items() if key[0][0] == row.procedure}
        assert row.received == sum(n for (_place, name), n in own.items() if name == "received")
        online = {"online", "api"}
        assert row.online == sum(n for (place, name), n in own.items() if name == "received" and place[2] in online)
        days = sorted(name for (_place, name), n in own.items() if isinstance(name, int) for _one in range(n))
        assert row.median_days == (days[math.ceil(len(days) / 2) - 1] if days else None)
        assert row.p90_days == (days[math.ceil(len(days) * 0.9) - 1] if days else None)
        assert row == figures("procedure", procedure=row.procedure)[0]
    assert sum(row.received for row in monthly()) == 25
    assert sum(row.received for row in service_quality()) == 25


def counted(code):
    """received, decided, in time, after the worker has looked."""
    roll()
    (row,) = by_procedure(code)
    return row.received, row.decided, row.in_time


def test_the_figures_follow_a_real_case_to_its_end():
    case = town.applied()
    assert counted(town.RESTAURANT) == (1, 0, 0)
    town.decided(case)
    assert counted(town.RESTAURANT) == (1, 1, 1)
    assert rolled() == recounted()


def test_a_correction_is_asked_for_after_its_step_began_and_before_it_ends():
    case, by = town.applied(), town.sasaki()
    items = [(next(iter(case.compiled.by_id)), "確かめてください。")]
    ask_correction(case, items=items, answer_by=today() + timedelta(14), by=by)
    advance_step(case, outcome="not-corrected", by=by)
    began, asked, ended = [
        event for event in case.events.order_by("seq") if event.kind in {"moved", "correction-asked"}
    ]
    assert [began.kind, asked.kind, ended.kind] == ["moved", "correction-asked", "moved"]
    assert began.data["to"] == ended.data["from"]
    assert flow_of(case).step_by_id[ended.data["from"]].is_correction


def test_a_withdrawn_case_was_not_decided():
    from madoguchi.cases.actions import withdraw
    from madoguchi.people.actor import applicant

    case = town.applied()
    withdraw(case, by=applicant(case.reference))
    assert counted(town.RESTAURANT) == (1, 0, 0)
    assert by_procedure(town.RESTAURANT)[0].withdrawn == 1


def rated_cases(number, score=2):
    from madoguchi.participation.actions import rate
    from madoguchi.people.actor import applicant

    for _n in range(number):
        case = town.applied(town.BARBER)
        town.decided(case)
        rate(case, score=score, comment="", by=applicant(case.reference))
    roll()


def by_program(code):
    return next(row for row in town.visitor().get("/api/v1/statistics").json() if row["procedure"] == code)


def test_days_and_scores_of_few_people_are_not_published():
    rated_cases(LEAST - 1)
    row, page = by_program(town.BARBER), town.visitor().get("/statistics/").content.decode()
    assert (row["received"], row["median_days"], row["p90_days"], row["score"]) == (None, None, None, None)
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
