"""A case opens from any letter on any device, the lost key has a way back, and a paper carries both."""

import re
import subprocess
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from madoguchi import sequence
from madoguchi.applications.entrance import MOST_LETTERS
from madoguchi.applications.models import Invitation
from madoguchi.cases import events
from madoguchi.cases.actions import ask_correction
from madoguchi.counter.receipt_paper import entrance, receipt
from madoguchi.foundation.dates import format_date
from madoguchi.people.keys import case_key, shown_key
from madoguchi.platform.brake.limits import LINK
from madoguchi.platform.calendar import today
from tests import town

pytestmark = pytest.mark.django_db
ADDRESS = "kobayashi@example.jp"
LANGUAGES = ("ja", "en", "ja-easy")


def applied(language="ja", **more):
    return town.applied(language=language, contact_email=ADDRESS, **more)


def asked(case):
    ask_correction(
        case, items=[("trade_name", "看板の写真と違います。")], answer_by=today() + timedelta(days=9), by=town.sasaki()
    )
    sequence.follow(event_id=case.events.get(kind="correction-asked").pk)
    return mail.outbox[-1].body


def link_in(body: str) -> str:
    return re.search(r"(/[a-z-]*/?applications/open/[\w-]+/)", body.replace(settings.PUBLIC_URL, ""))[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_of_a_correction_opens_the_case_on_another_device(language):
    case = applied(language)
    link = link_in(asked(case))
    for _device in range(2):
        other = town.visitor()
        assert other.get(link).status_code == 200
        answer = other.post(link)
        assert answer.status_code == 302 and case.reference in answer["Location"]
        assert other.get(answer["Location"]).status_code == 200


def test_the_letter_names_the_questions_and_the_day_and_not_what_was_answered_or_said():
    case = applied()
    body = asked(case)
    until = format_date(today() + timedelta(days=9), "ja")
    assert f"・{case.compiled.by_id['trade_name'].label}" in body and until in body
    assert "定食みなと" not in body and "看板の写真" not in body
    assert case_key(case.pk, case.key_salt) not in body


def test_a_link_that_is_too_old_opens_nothing():
    case = applied()
    link = link_in(asked(case))
    Invitation.objects.filter(case=case).update(expires_at=timezone.now())
    assert town.visitor().post(link).status_code == 410
    assert reverse("applications:link-again") in town.visitor().post(link).content.decode()


def test_a_look_at_the_link_changes_nothing():
    case = applied()
    link = link_in(asked(case))
    before = case.events.count()
    town.visitor().get(link)
    assert case.events.count() == before


def test_the_record_verifies_after_letters_with_links():
    case = applied()
    asked(case)
    case.refresh_from_db()
    assert events.verify(case) is None


def ask(reference, email, browser=None):
    return (
        (browser or town.visitor())
        .post("/applications/link/again/", {"reference": reference, "email": email}, follow=True)
        .content.decode()
    )


def letters_after(case, email=ADDRESS, reference=None) -> int:
    before = len(mail.outbox)
    ask(reference or case.reference, email)
    for case_id in jobs():
        sequence.link_again(case_id)
    return len(mail.outbox) - before


def jobs() -> list[str]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    waiting = ProcrastinateJob.objects.filter(task_name="madoguchi.link-again", status="todo")
    found = [job.args["case_id"] for job in waiting.order_by("pk")]
    return found[-1:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_knows_reference_and_address_gets_the_link_again(language):
    case = applied(language)
    assert letters_after(case, " Kobayashi@EXAMPLE.jp ") == 1
    answer = town.visitor().post(link_in(mail.outbox[-1].body))
    assert answer.status_code == 302
    assert events.verify(case.__class__.objects.get(pk=case.pk)) is None


def test_nobody_learns_whether_there_is_such_a_case():
    case = applied()
    right = ask(case.reference, ADDRESS)
    assert right == ask(case.reference, "somebody@example.jp") == ask("K7Q2-M9XD-4TB", ADDRESS) == ask("\0x", "")
    assert letters_after(case, "somebody@example.jp") == 0


def test_one_case_gets_a_few_links_a_day_whoever_asks():
    case = applied()
    got = [letters_after(case) for _time in range(MOST_LETTERS + 2)]
    assert got == [1] * MOST_LETTERS + [0, 0]


def test_one_sender_asks_a_few_times_only(clock):
    clock("2026-12-01 10:00")
    for _time in range(LINK[0].most):
        ask("K7Q2-M9XD-4TB", ADDRESS)
    answer = town.visitor().post("/applications/link/again/", {"reference": "K7Q2-M9XD-4TB", "email": ADDRESS})
    assert answer.status_code == 429 and "10時06分からまた送れます" in answer.content.decode()


def printed(pdf: bytes, folder) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    run = subprocess.run(["pdftotext", str(folder / "a.pdf"), "-"], capture_output=True, text=True, check=True)
    return "".join(run.stdout.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_on_paper_says_what_one_needs_to_come_back(language, tmp_path):
    case = applied(language)
    said = printed(receipt(case), tmp_path)
    assert case.reference in said and shown_key(case_key(case.pk, case.key_salt)) in said
    assert f"{case.unpaid:,}" in said and "000-000-0101" in said
    assert "kobayashi" not in said and case.title.replace(" ", "") not in said


def test_its_code_keeps_the_key_out_of_every_request():
    case = applied()
    page, _hash, secret = entrance(case).partition("#")
    assert page == f"{settings.PUBLIC_URL}/applications/"
    assert secret == f"{case.reference}.{case_key(case.pk, case.key_salt)}"


def test_only_the_holder_and_the_clerk_who_filed_it_get_it():
    case = applied()
    path = f"/applications/{case.reference}/receipt.pdf"
    assert town.holder(case).get(path)["Content-Type"] == "application/pdf"
    assert town.visitor().get(path).status_code == 404
    desk = reverse("desk:counter-receipt", args=[case.reference])
    assert town.browser_of(town.suzuki()).get(desk).status_code == 404, "filed online: the key is the applicant's"
    filed = town.applied(channel="counter", by=town.suzuki())
    desk = reverse("desk:counter-receipt", args=[filed.reference])
    assert town.browser_of(town.suzuki()).get(desk)["Content-Type"] == "application/pdf"
    assert town.browser_of(town.kato()).get(desk).status_code == 404
