"""An application like one that was received is told before it is sent and marked for the office, and always arrives."""

import pytest

from madoguchi.applications.likeness import key_of
from madoguchi.cases.models import Case
from madoguchi.retention import forget
from tests import forms, town
from tests.forced import without_guards

pytestmark = pytest.mark.django_db
BASE = f"/procedures/{town.RESTAURANT}"
SAME, OWN = "これと同じ内容の申請を", "この手続の申請を"


@pytest.fixture(autouse=True)
def _a_day_in_december(clock):
    clock("2026-12-01 10:00")


def confirmed(browser=None, base=BASE, **changes):
    """The page before sending."""
    browser = browser or town.visitor()
    address = browser.post(f"{base}/confirm/", forms.typed(town.answers(**changes)))["Location"]
    return browser.get(address).content.decode()


def forgotten(case):
    """Purged, as it is when it was closed long ago."""
    ended = {"result": "granted", "closed_at": case.received_at, "retention_until": "2020-03-31"}
    with without_guards():  # as if the years had gone by
        Case.objects.filter(pk=case.pk).update(**ended)
    forget(Case.objects.get(pk=case.pk))


def party(**changes):
    return {**town.example()["applicant"], **changes}


def test_the_same_application_is_told_with_its_day_and_nothing_that_was_not_typed(clock):
    case = town.applied()
    clock("2026-12-03 10:00")
    page = confirmed()
    assert SAME in page and "令和8年12月1日" in page
    assert case.reference not in page
    assert "この内容で送信する" in page, "it can be sent all the same"


def test_another_persons_case_is_told_to_nobody_who_knows_less_than_all_of_it():
    """Who types somebody's name and birthday learns nothing: neither that there is a case, nor of which day."""
    town.applied()
    assert SAME not in confirmed(trade_name="ほかの店") and OWN not in confirmed(trade_name="ほかの店")


def test_who_holds_the_case_is_led_to_it_also_where_something_differs():
    case = town.applied()
    page = confirmed(town.holder(case), trade_name="ほかの店")
    assert OWN in page and f'href="/applications/{case.reference}/"' in page


def test_an_officer_at_the_counter_sees_which_one():
    case = town.applied()
    page = confirmed(town.browser_of(town.suzuki()), f"/desk/counter/{town.RESTAURANT}", trade_name="ほかの店")
    assert f'href="/desk/cases/{case.reference}/"' in page


@pytest.mark.parametrize("what", ["withdrawn", "old", "purged", "another procedure"])
def test_what_is_over_or_long_ago_or_of_another_procedure_is_not_told(what, clock):
    case = town.applied(town.BARBER if what == "another procedure" else town.RESTAURANT)
    if what == "withdrawn":
        Case.objects.filter(pk=case.pk).update(result="withdrawn", closed_at=case.received_at)
    if what == "old":
        clock("2027-01-01 10:00")
    if what == "purged":
        forgotten(case)
    assert SAME not in confirmed()


def test_the_same_person_is_found_however_the_name_is_written_and_others_are_not():
    compiled, given = town.compiled(), town.example()
    one = key_of(compiled, given)
    name = party()["name"]
    for spelled in (f" {name} ", name.replace(" ", "\u3000"), name.replace(" ", ""), name.replace("髙", "高")):
        assert key_of(compiled, {**given, "applicant": party(name=spelled)}) == one
    assert key_of(compiled, {**given, "applicant": party(birth_date="1990-01-01")}) != one
    assert key_of(compiled, {**given, "applicant": party(name="別人 太郎")}) != one
    assert key_of(town.compiled(town.BARBER), given) != one


def test_without_a_birthday_it_is_the_answers_that_count_and_files_do_not():
    compiled, given = town.compiled(), town.example()
    company = {key: value for key, value in party(kind="corporation").items() if key != "birth_date"}
    one = key_of(compiled, {**given, "applicant": company})
    files = {path[0]: ["another"] for path, _question, _ids in compiled.files_in(given)}
    assert files and key_of(compiled, {**given, **files, "applicant": company}) == one
    assert key_of(compiled, {**given, "applicant": company, "trade_name": "ほかの店"}) != one


def test_all_arrive_and_the_office_sees_the_mark_and_the_others():
    first, second = town.applied(), town.applied()
    alone = town.applied(applicant=party(name="別人 太郎"))
    assert Case.objects.filter(events__kind="submitted").count() == 3
    desk = town.browser_of(town.sasaki())
    assert desk.get("/desk/").content.decode().count("似た申請</span>") == 2
    page = desk.get(f"/desk/cases/{second.reference}/").content.decode()
    assert "似た申請を受け付けています" in page and f'href="/desk/cases/{first.reference}/"' in page
    assert "似た申請を受け付けています" not in desk.get(f"/desk/cases/{alone.reference}/").content.decode()


def test_the_api_says_so_to_who_holds_the_case():
    def told(case):
        headers = {"Authorization": f"Bearer {town.case_key(case.pk)}"}
        return town.visitor().get(f"/api/v1/applications/{case.reference}", headers=headers).json()["likely_double"]

    case = town.applied()
    assert told(case) is False
    assert told(town.applied()) is True and told(case) is True


def test_the_key_goes_with_the_case():
    case = town.applied()
    assert Case.objects.get().likeness is not None
    forgotten(case)
    assert Case.objects.get().likeness is None
