"""Gates and queues belong to the office that runs the facility; another office's officers stay outside."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from madoguchi.bookings.gate.entry import Message, show, tell, undo
from madoguchi.bookings.gate.issuing import text_of
from madoguchi.bookings.models import Order, Scan
from madoguchi.bookings.visits import visit
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import gate, town

pytestmark = pytest.mark.django_db
MUSEUM, COUNTER = "art-museum", "health-center-counter"


@pytest.fixture(autouse=True)
def noon(clock):
    return clock(gate.NOON)


def appointment(at=gate.NOON, **order):
    return gate.sold("appointment", in_slot=gate.slot(COUNTER, at, hours=1, offer="appointment"), **order)


def statuses(officer):
    """What an officer gets of every page of the museum's gate and the health centre's queue."""
    browser = town.browser_of(officer)
    pages = [f"/desk/gate/{MUSEUM}/", f"/desk/gate/{MUSEUM}/day.json", f"/desk/gate/{COUNTER}/visits/"]
    sent = browser.post(f"/desk/gate/{MUSEUM}/scans/", '{"scans": []}', content_type="application/json")
    return [browser.get(page).status_code for page in pages] + [sent.status_code]


def test_only_the_facilitys_own_office_opens_its_gate_and_its_queue():
    gate.ticket(in_slot=gate.slot(MUSEUM))
    appointment()
    assert statuses(town.mori()) == [200, 200, 403, 200]
    assert statuses(town.suzuki()) == [403, 403, 200, 403]
    assert statuses(town.kato()) == [403] * 4


def test_the_list_of_gates_names_only_those_of_ones_own_office():
    gate.ticket(in_slot=gate.slot(MUSEUM))
    appointment()
    shown = {name: town.browser_of(one()).get("/desk/gate/").content.decode() for name, one in
             {"museum": town.mori, "health": town.suzuki, "neither": town.kato}.items()}  # fmt: skip
    assert [name for name, page in shown.items() if MUSEUM in page] == ["museum"]
    assert [name for name, page in shown.items() if COUNTER in page] == ["health"]


def test_somebody_with_posts_in_both_offices_works_at_both():
    gate.ticket(in_slot=gate.slot(MUSEUM))
    appointment()
    both = town.officer("両方 務", "culture", "clerk")
    both.officer.posts.create(office="chuo-health-center", role="clerk")
    assert statuses(both) == [200] * 4


def test_another_role_of_the_own_office_is_not_enough():
    gate.ticket(in_slot=gate.slot(MUSEUM))
    assert town.browser_of(town.officer("監 査", "culture", "reform")).get(f"/desk/gate/{MUSEUM}/").status_code == 403


def test_the_actions_refuse_too_and_keep_nothing():
    ticket = gate.ticket(in_slot=gate.slot(MUSEUM))
    scan = {"key": f"phone-a:{uuid4()}", "ticket": str(ticket.pk), "gate": "", "device": "phone-a",
            "at": gate.moment(gate.NOON).isoformat(), "outcome": "admitted"}  # fmt: skip
    told = Message.model_validate_json(json.dumps({"scans": [scan]})).scans
    stranger = town.suzuki()
    for attempt in (
        lambda: tell(MUSEUM, told, by=stranger),
        lambda: show(text_of(ticket), facility=MUSEUM, gate="", seen=True, by=stranger),
        lambda: undo("a" * 20, facility=MUSEUM, by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert not Scan.objects.exists()


def test_nobody_of_another_office_calls_or_ends():
    visit.arrive(order=appointment(), by=PUBLIC)
    for attempt in (visit.call_next, visit.end):
        with pytest.raises(ActionRefused, match="担当課"):
            attempt(facility=COUNTER, desk="1", by=town.kato())
    assert visit.call_next(facility=COUNTER, desk="1", by=town.suzuki()) is not None


# ---------------------------------------------------------------- the day's list


def queue(officer=town.suzuki, language=""):
    return town.browser_of(officer()).get(f"{language}/desk/gate/{COUNTER}/visits/").content.decode()


def test_the_queue_lists_who_is_still_to_come_today_in_order():
    late, early = appointment("2026-07-01 14:00", name="遅井 花"), appointment("2026-07-01 13:00", name="早川 一")
    for at, state in (("2026-07-02 13:00", "confirmed"), ("2026-06-30 13:00", "confirmed"), (gate.NOON, "cancelled")):
        appointment(at, state=state, name="居内 人")
    page = queue()
    assert "居内" not in page
    assert page.index("早川 一") < page.index("遅井 花")
    assert early.reference in page and late.reference in page


def test_who_has_arrived_moves_from_the_one_list_to_the_other():
    order = appointment("2026-07-01 12:30", name="来田 友")
    assert "来田 友" in queue()
    visit.arrive(order=order, by=PUBLIC)
    assert "来田 友" not in queue()
    assert Order.objects.get(pk=order.pk).visit.number == 1


def test_the_case_one_comes_for_is_a_link_for_who_may_see_it():
    ours, theirs = town.applied(town.RESTAURANT), town.applied(town.LICENCE)
    appointment(case=ours), appointment(case=theirs)
    page = queue()
    assert f"/desk/cases/{ours.reference}/" in page
    assert theirs.reference not in page


def test_where_the_office_is_not_known_no_names_are_listed():
    gate.sold("appointment", in_slot=gate.slot("closed-counter", offer="appointment"), name="名無 権兵衛")
    assert "名無" not in town.browser_of(town.suzuki()).get("/desk/gate/closed-counter/visits/").content.decode()
