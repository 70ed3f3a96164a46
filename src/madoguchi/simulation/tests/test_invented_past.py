"""The demo town's past: whole cases in every state, whose chains, books, figures and documents hold."""

import importlib.util
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from madoguchi.applications.models import Filing, Upload
from madoguchi.bookings.facilities.slots import make_slots
from madoguchi.bookings.models import Order, Scan, Slot, Visit
from madoguchi.cases import events
from madoguchi.cases.correspondence import Consultation
from madoguchi.cases.models import Case, Event, InventedPast
from madoguchi.cases.queries import flows
from madoguchi.catalogue.queries import current
from madoguchi.credentials.actions import deliver
from madoguchi.credentials.models import Credential
from madoguchi.decisions.models import Approval, Decision, Draft
from madoguchi.figures.tests.test_statistics import recounted, rolled
from madoguchi.foundation.dates import fiscal_year
from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.models.requests import DataRequest
from madoguchi.payments.ledger import queries as payments
from madoguchi.payments.models import Charge, Difference, Entry
from madoguchi.people.actor import worker
from madoguchi.platform.calendar import today
from madoguchi.sequence import renew_datasets
from madoguchi.simulation.sources import sources
from madoguchi.simulation.town import fill
from tests import paying, town

CASES, SEED = 120, 7
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def past(django_db_setup, django_db_blocker):
    """One town for all tests of this file; gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_slots(21)
        fill(CASES, SEED)
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


def open_cases():
    return Case.objects.filter(closed_at__isnull=True)


def test_there_are_as_many_cases_as_planned_and_all_are_marked_as_invented():
    assert Case.objects.filter(invented=True).count() == Case.objects.count() == CASES
    assert Event.objects.filter(kind="submitted", data__invented=True).count() == CASES
    assert InventedPast.known().percent == 100


def test_every_published_procedure_is_there_without_being_named():
    assert {source.course.code for source in sources()} == set(current())
    assert set(Case.objects.values_list("procedure", flat=True)) == set(current())


def test_some_case_waits_at_every_step_of_every_kind():
    used = {one.compiled.procedure.flow for one in current().values()}
    steps = {step.id for code in used for step in flows()[code].steps}
    assert set(open_cases().values_list("step", flat=True)) == steps


STATES = {
    "late": lambda: open_cases().filter(due_on__lt=today()),
    "in time": lambda: open_cases().filter(due_on__gte=today()),
    "waiting for a correction": lambda: open_cases().filter(corrections__answered_at__isnull=True, due_on=None),
    "waiting for its fee": lambda: open_cases().filter(unpaid__gt=0, charge__due_on__gte=today()),
    "paid": lambda: open_cases().filter(unpaid=0, fee__gt=0),
    "waiting for approval": lambda: open_cases().filter(drafts__state="pending"),
    "approved by some": lambda: open_cases().filter(
        drafts__state="pending", drafts__approvals__outcome="approved"
    ),
    "asked of another office": lambda: open_cases().filter(consultations__answered_at__isnull=True).exclude(
        consultations=None
    ),
    "taken by somebody": lambda: open_cases().exclude(assignee=None),
    "taken by nobody": lambda: open_cases().filter(assignee=None),
    "at the counter": lambda: Case.objects.filter(channel="counter"),
    "rated": lambda: Case.objects.exclude(rating=None),
    "granted": lambda: Case.objects.filter(result="granted", decision__isnull=False),
    "acknowledged": lambda: Case.objects.filter(result="acknowledged"),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_state_is_there(state):
    assert state().exists()


def test_several_offices_have_work():
    assert len(set(open_cases().values_list("office", flat=True))) >= 8


def test_the_answers_were_judged_and_name_files_that_can_be_opened():
    for filing in Filing.objects.select_related("case"):
        form = filing.case.compiled.at(filing.step)
        judged = form.judge(filing.answers)
        assert (judged.problems, judged.answers) == ((), filing.answers)
        ids = [one for _path, _question, some in form.files_in(filing.answers) for one in some]
        assert Upload.objects.filter(case=filing.case, pk__in=ids).count() == len(ids)
    content = bytes(Upload.objects.filter(kind="pdf").first().content)
    assert content.startswith(b"%PDF-")


def test_every_chain_holds_and_a_stranger_can_check_it():
    assert [case.reference for case in Case.objects.all() if events.verify(case) is not None] == []
    case = Case.objects.filter(result="granted").first()
    exported = [{"previous": e.previous, "hash": e.hash, "payload": e.payload} for e in case.events.order_by("seq")]
    file = settings.PROCEDURES_DIR.parent / "verify/verify_record.py"
    spec = importlib.util.spec_from_file_location("verify_record", file)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    assert program.first_break(json.loads(json.dumps(exported))) is None


def test_events_are_in_order_of_time_and_none_is_to_come():
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    assert not Event.objects.filter(at__gte=begin).exists()
    for case in Case.objects.all():
        moments = list(case.events.order_by("seq").values_list("at", flat=True))
        assert moments == sorted(moments), case.reference


def test_the_figures_equal_a_recount():
    assert rolled() == recounted()


def test_the_books_hold_and_a_planted_line_turns_the_check_red():
    assert payments.unsound() == []
    assert {"owed", "paid"} <= set(Entry.objects.values_list("kind", flat=True))
    assert len(set(Entry.objects.filter(kind="paid").values_list("attempt__provider", flat=True))) >= 2
    charge = Charge.objects.filter(case__invented=True).first()
    Entry.objects.create(
        charge=charge, kind="owed", debit="receivable", credit="income", yen=1, at=timezone.now(), actor_kind="system",
        key="planted",
    )  # fmt: skip
    assert payments.unsound() == [charge.reference]


def test_what_a_case_owes_is_what_its_charge_says():
    assert not Case.objects.filter(charge__isnull=False).exclude(unpaid=F("charge__owed") - F("charge__paid")).filter(
        charge__owed__gte=F("charge__paid")
    ).exists()  # fmt: skip
    assert not Difference.objects.exists()


def test_document_numbers_have_no_gaps_and_go_with_the_days():
    closed = Event.objects.filter(kind="closed").values_list("case__office", "at", "data__number")
    told = [(office, timezone.localtime(at).date(), number) for office, at, number in closed]
    told += Decision.objects.values_list("office", "decided_on", "document_number")
    by_year = {}
    for office, day, number in told:
        by_year.setdefault((office, fiscal_year(day)), []).append((int(number[:-1].rpartition("第")[2]), day))
    for numbers in by_year.values():
        assert sorted(n for n, _day in numbers) == list(range(1, len(numbers) + 1))
        days = [day for _n, day in sorted(numbers)]
        assert days == sorted(days)


def test_every_decided_case_has_a_genuine_document():
    decided = Case.objects.filter(result__in=["granted", "refused", "acknowledged"])
    assert Credential.objects.count() == decided.count() > 20
    for credential in Credential.objects.order_by("?")[:5]:
        assert deliver(credential, by=worker("test")).startswith(b"%PDF-")


def test_a_chain_of_approval_was_filled_in_its_order_and_never_by_the_drafter():
    for draft in Draft.objects.filter(state="approved").prefetch_related("approvals"):
        seats = list(draft.approvals.all())
        assert [seat.outcome for seat in seats] == ["approved"] * len(seats)
        assert [seat.at for seat in seats] == sorted(seat.at for seat in seats)
        assert draft.drafted_by_id not in {seat.by_id for seat in seats}
    assert not Approval.objects.filter(final=True, outcome="approved").exclude(draft__state="approved").exists()


def test_no_letter_was_sent_and_no_job_waits():
    assert mail.outbox == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def one_of_each():
    """An open case of each step and an ended one of each result."""
    found = {}
    for case in Case.objects.order_by("reference"):
        found.setdefault((case.step, case.result, case.channel == "counter"), case)
    return list(found.values())


def test_the_desks_pages_of_every_kind_of_case_open():
    for case in one_of_each():
        browser = town.browser_of(town.worker_of(case))
        assert browser.get(f"/desk/cases/{case.reference}/").status_code == 200, (case.procedure, case.step)
        inbox = browser.get("/desk/")
        assert inbox.status_code == 200
        assert "架空のデータ" in inbox.content.decode()


def test_the_applicants_pages_and_documents_of_every_kind_of_case_open():
    for case in one_of_each():
        browser = town.holder(case)
        page = browser.get(f"/applications/{case.reference}/")
        assert page.status_code == 200, (case.procedure, case.step)
        assert "架空のデータ" in page.content.decode()
        for credential in case.credentials.all() if case.electronic_notice and not case.unpaid else []:
            answer = browser.get(f"/applications/{case.reference}/documents/{credential.pk}/")
            assert answer.status_code == 200


def test_a_consultation_is_answered_by_the_office_that_was_asked():
    assert not Consultation.objects.filter(office=F("case__office")).exists()


def test_the_boards_say_that_they_count_invented_cases():
    for page in ("/statistics/", "/reform/", "/reform/quality/", "/reform/five-less/"):
        shown = town.visitor().get(page).content.decode()
        assert f"{CASES}件は、実演のために作ったものです" in shown


def test_cases_are_spread_over_the_last_months():
    arrivals = Case.objects.values_list("received_at", flat=True)
    assert len({timezone.localtime(at).strftime("%Y-%m") for at in arrivals}) >= 10
    assert min(arrivals) > timezone.now() - timedelta(days=430)


def test_visitors_came_this_week_and_have_booked_for_the_next():
    now = timezone.now()
    assert Order.objects.filter(slot__starts_at__gt=now, charge__paid__gt=0).exists()
    assert Order.objects.filter(slot__starts_at__gt=now, slot__offer="appointment").exists()
    assert Scan.objects.filter(outcome="admitted", ticket__slot__ends_at__lt=now).exists()
    assert Visit.objects.exclude(ended_at=None).exists()
    assert not Order.objects.exclude(key__startswith="invented:").exists()


def test_every_place_that_is_taken_has_its_ticket_with_a_number_of_its_own():
    for slot in Slot.objects.filter(taken__gt=0).annotate(people=Sum("tickets__people")):
        assert slot.taken == slot.issued == slot.people
        ends = [(one.number, one.number + one.people) for one in slot.tickets.order_by("number")]
        assert [first for first, _end in ends[1:]] == [end for _first, end in ends[:-1]]


def test_the_pages_of_bookings_and_requests_open():
    order = Order.objects.filter(slot__starts_at__gt=timezone.now(), charge__isnull=False).first()
    assert town.visitor().get(f"/orders/{order.secret}/").status_code == 200
    assert {"received", "office", "refused"} <= set(DataRequest.objects.values_list("state", flat=True))
    assert town.visitor().get("/datasets/requests/").status_code == 200


def test_open_data_says_that_the_record_is_invented():
    renew_datasets()
    for dataset in Dataset.objects.filter(source="system"):
        assert "架空のデータ" in dataset.description
        assert "invented data" in dataset.description_en
    assert Dataset.objects.get(code="service-figures").current.rows > 0


def test_the_pages_and_the_api_of_a_payment_and_an_order_say_that_it_is_invented():
    charge, order = (
        Charge.objects.filter(case__isnull=False).first(),
        Order.objects.filter(charge__isnull=False).first(),
    )
    browser, mark = town.visitor(), "架空のデータ"
    for place in (f"/pay/{charge.secret}/", f"/pay/{order.charge.secret}/", f"/orders/{order.secret}/"):
        assert mark in browser.get(place).content.decode(), place
    for place, secret in (
        (f"payments/{charge.reference}", charge.secret),
        (f"payments/{order.charge.reference}", order.charge.secret),
        (f"orders/{order.reference}", order.secret),
    ):
        answer = browser.get(f"/api/v1/{place}", headers={"Authorization": f"Bearer {secret}"})
        assert answer.json()["invented"] is True, place
    own = paying.paid(town.applied())
    assert mark not in browser.get(f"/pay/{own.charge.secret}/").content.decode()
    assert not own.charge.is_invented
