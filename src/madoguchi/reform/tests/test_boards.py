"""The boards show what the record says: computed shares by bureau and month, entered values, the register, quality."""

from datetime import date

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from madoguchi.catalogue.checking.lesses import demanded
from madoguchi.credentials.actions import hand_over
from madoguchi.figures.rollup import roll
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from madoguchi.reform import quality
from madoguchi.reform.five_less import boards
from madoguchi.reform.kept import kept
from madoguchi.reform.models import Entry
from madoguchi.reform.queries import Point, points, share
from madoguchi.reform.tests.test_register import registered
from tests import paying, town

from .stage import counted, entered

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)


def row(code):
    return next(one for board in boards() for one in board.rows if one.indicator.code == code)


def value_of(row, bureau):
    return next(point for one, point in row.bureaus if one.code == bureau)


# ---------------------------------------------------------------- shares


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(0, 0, None), (0, 4, None), (3, 9, None), (7, 9, None), (5, 10, 50.0), (0, 8, 0.0), (8, 8, 100.0)],
)
def test_a_share_that_points_at_fewer_than_five_is_not_told(numerator, denominator, shown):
    point = share("2026-04", numerator, denominator)
    assert point.value == shown
    assert point.fault == (denominator > 0 and shown is None)
    assert (point.numerator is None) == (shown is None), "the numbers behind it are hidden as well"


def test_the_online_share_is_read_from_the_record(clock):
    clock("2026-05-20")
    counted(10, 5)
    online = row("online-share")
    assert online.last == Point("2026-05", 66.7, 10, 15)
    assert value_of(online, "health").value == 66.7
    assert value_of(online, "fire") is None


def test_a_bureau_with_few_cases_is_not_told(clock):
    clock("2026-05-20")
    counted(3, 0)
    assert row("online-share").last is None
    assert value_of(row("online-share"), "health").fault
    assert "非公表" in town.visitor().get("/reform/five-less/").content.decode()


def test_delivery_is_the_share_of_issued_documents_that_were_first_taken_as_a_download(clock):
    clock("2026-05-20")
    for n in range(15):
        case = paying.paid(town.applied(town.BARBER, electronic_notice=True))
        document = town.decided(case)
        paper = f"/applications/{case.reference}/documents/{document.pk}/"
        if n < 5:  # handed over first, downloaded afterwards: on paper
            hand_over(document, by=town.worker_of(case))
        for _twice in range(2 if n < 10 else 0):  # the last five take nothing
            assert town.holder(case).get(paper).status_code == 200
    roll()
    assert row("electronic-delivery").last == Point("2026-05", 33.3, 5, 15)


@pytest.mark.parametrize(
    ("text", "less"),
    [("押印してください", "seal"), ("FAXで送る", "fax"), ("正副2部を提出", "paper"), ("証紙を貼る", "cash")],
)
def test_a_definition_that_demands_is_found(text, less):
    assert demanded({"summary": text}) == {less}
    assert demanded({"summary": text.replace(text, "押印は不要です")}) == frozenset()


def test_the_published_definitions_are_counted_by_bureau():
    held = row("procedures-without-seal")
    assert held.last.value == 100.0
    assert held.last.denominator == len(list(settings.PROCEDURES_DIR.glob("*/procedure.yaml")))


def test_official_values_that_disagree_stand_side_by_side():
    found = [(one.as_of, one.value) for one in points(kept().indicators["tokyo-copies"])]
    assert ("FY2021", -55.1) in found
    assert ("FY2021", -50.8) in found
    page = town.visitor().get("/reform/indicators/tokyo-staff-satisfaction/").content.decode()
    assert ">10<" in page
    assert ">11<" in page


def test_every_official_value_has_a_source():
    official = [one for one in kept().indicators.values() if not one.fictional]
    assert len(official) > 8
    assert all(value.source for one in official for value in one.history)


# ---------------------------------------------------------------- entered values


def test_a_value_is_entered_with_evidence_and_shown_in_public(clock):
    clock("2026-05-20")
    entered(APRIL)
    entered(APRIL, "800", bureau="fire")
    assert row("sheets-used").last.value == 2000.0
    page = town.visitor().get("/reform/indicators/sheets-used/").content.decode()
    assert "購入伝票4月分" in page
    assert "2,000" in page


def test_a_changed_value_keeps_the_old_one_in_the_log(clock):
    clock("2026-05-20")
    entered(APRIL)
    with pytest.raises(ActionRefused, match="理由"):
        entered(APRIL, "1300", seen=1)
    entered(APRIL, "1300", seen=1, cause="数え間違い")
    assert row("sheets-used").last.value == 1300.0
    assert Entry.objects.count() == 2
    assert "数え間違い" in town.visitor().get("/reform/indicators/sheets-used/").content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": ""}, {"value": "-1"}, {"bureau": "nowhere"}, {"month": date(2027, 1, 1)}, {"by": PUBLIC},
        {"bureau": "fire", "by": "sasaki"}, {"by": "kanno"}, {"code": "online-share"}, {"value": "1e20"}, {"seen": 3},
    ],
)  # fmt: skip
def test_an_unfit_value_is_refused(clock, change):
    clock("2026-05-20")
    if isinstance(change.get("by"), str):
        change = {**change, "by": getattr(town, change["by"])()}
    with pytest.raises(ActionRefused):
        entered(**{"month": APRIL, **change})
    assert not Entry.objects.exists()


def test_a_bureaus_own_officer_may_enter_its_value(clock):
    clock("2026-05-20")
    assert entered(APRIL, by=town.sasaki()).bureau == "health"


def test_the_database_keeps_every_value(clock):
    clock("2026-05-20")
    entry = entered(APRIL)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(value=1)


@pytest.mark.parametrize("typed", ["", "abc", "NaN", "Infinity", "１２", "9" * 500])
def test_what_is_no_number_is_refused_on_the_page_and_stays(clock, typed):
    clock("2026-05-20")
    browser = town.browser_of(town.nakamura())
    form = {"indicator": "sheets-used", "bureau": "health", "month": "2026-04", "evidence": "残る根拠", "value": typed}
    answer = browser.post("/desk/reform/indicators/sheets-used/", form)
    assert answer.status_code == (302 if typed == "１２" else 422)
    assert answer.status_code == 302 or "残る根拠" in answer.content.decode()


# ---------------------------------------------------------------- quality


def test_each_service_and_channel_stands_on_its_own(clock):
    clock("2026-05-20")
    counted(6, 2, scores=[5, 5, 5, 5, 4, 3])
    told = {one.channel: one.told for one in quality.services()}
    assert (told["online"]["received"], told["online"]["score"]) == (None, 4.5), "6 of 8 would tell of 2 at the counter"
    assert (told["counter"]["received"], told["counter"]["score"]) == (None, None)
    page = town.visitor().get("/reform/quality/").content.decode()
    assert "4.5" in page
    assert "非公表" in page


def test_before_and_after_leave_out_the_month_of_the_change(clock):
    from madoguchi.catalogue.models import Version
    from madoguchi.figures.models import Cell

    version = Version.objects.get(code=town.RESTAURANT, replaced_at=None)
    clock("2026-12-15")
    zeros = dict.fromkeys(
        (
            "timed",
            "seconds",
            "corrected",
            "decided",
            "promised",
            "in_time",
            "withdrawn",
            *(f"score_{n}" for n in range(1, 6)),
        ),
        0,
    )
    month = timezone.localdate(version.published_at).replace(day=1)
    for ago, received in ((1, 10), (0, 99), (-1, 30)):
        at = quality._later(month, -ago)
        Cell.objects.create(
            procedure=town.RESTAURANT, office=town.HEALTH, channel="online", month=at, received=received, **zeros
        )
    clock(f"{quality._later(month, 2)}")
    (change,) = quality.changes(town.RESTAURANT)
    assert (change.before["received"], change.after["received"]) == (10, 30)


# ---------------------------------------------------------------- cost


@pytest.mark.parametrize(
    ("place", "most"),
    [("/reform/", 4), ("/reform/five-less/", 12), ("/reform/quality/", 10), ("/reform/indicators/online-share/", 4)],
)
def test_a_page_costs_the_same_queries_whatever_there_is(clock, place, most):
    clock("2026-05-20")
    browser = town.visitor()
    roll()
    browser.get(place)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as ran:
            assert browser.get(place).status_code == 200
        return len(ran)

    empty = cost()
    counted(6, 2, scores=[5, 5])
    entered(APRIL)
    registered()
    anew, full = cost(), cost()
    print(f"{place}: {empty} queries empty, {anew} after a count, {full} with cases")
    assert full == empty <= anew <= most
