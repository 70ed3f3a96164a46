"""A payment slip: printed with its code, paid at a bank, told by the bank's file, accounted to the yen."""

import subprocess
from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from stdnum import luhn

from madoguchi.foundation.dates import today
from madoguchi.payments.closing.imports import import_statement
from madoguchi.payments.ledger import queries
from madoguchi.payments.models import Difference
from madoguchi.payments.paying import actions
from madoguchi.payments.paying.providers import Unavailable
from madoguchi.payments.paying.providers.slip import Slip, number_of
from madoguchi.payments.paying.providers.slip.payloads import PAYLOADS
from madoguchi.payments.paying.slip import slip
from madoguchi.people.actor import PUBLIC
from madoguchi.platform.refusing import ActionRefused
from tests import town

pytestmark = pytest.mark.django_db
HEAD = "照会番号,金額,入金日時,取引番号,収納方法\n"


def charge_of(yen=3000):
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=yen, by=PUBLIC)


def slip_of(charge):
    return actions.start(charge=charge, provider="slip", language="ja", by=PUBLIC)


def treasurer():
    return town.officer("出納 係", "accounting", "officer")


def told(*lines, provider="slip"):
    content = (HEAD + "".join(f"{line}\n" for line in lines)).encode()
    return dict(import_statement(provider=provider, content=content, by=treasurer()))


def standing(charge):
    charge.refresh_from_db()
    assert queries.unsound() == []
    return charge.owed, charge.paid


def test_the_number_is_the_same_for_the_same_attempt_and_checks_itself():
    attempt = slip_of(charge_of())
    number = attempt.provider_reference
    assert number == number_of(str(attempt.pk)) and len(number) == 20
    assert luhn.is_valid(number)
    assert not luhn.is_valid(number[:-1] + str((int(number[-1]) + 1) % 10))
    assert slip_of(attempt.charge).pk == attempt.pk


def test_the_slip_is_a_page_with_three_parts_number_and_amount(tmp_path):
    charge = charge_of(12_300)
    attempt = slip_of(charge)
    page = town.visitor().get(reverse("payments:back", args=[charge.secret, attempt.pk]))
    assert "納付書（PDF）" in page.content.decode() and "data:image/svg+xml" in page.content.decode()
    answer = town.visitor().get(reverse("payments:slip", args=[charge.secret, attempt.pk]))
    assert answer["Content-Type"] == "application/pdf"
    (tmp_path / "slip.pdf").write_bytes(answer.content)
    read = subprocess.run(["pdftotext", str(tmp_path / "slip.pdf"), "-"], capture_output=True, text=True, check=True)
    text = "".join(read.stdout.split())
    assert text.count("12,300") == 3 and text.count(attempt.provider_reference) == 3


@pytest.mark.parametrize(("by_apps", "page_says", "paper_says"), [
    (False, "支払いアプリでは読み取れません", "支払いアプリでは読み取れません"),
    (True, "納付書を読み取れるアプリで", "二次元コードを読み取るアプリで"),
])  # fmt: skip
def test_an_app_is_promised_only_where_apps_read_the_code(monkeypatch, tmp_path, by_apps, page_says, paper_says):
    monkeypatch.setitem(PAYLOADS, "plain", PAYLOADS["plain"]._replace(by_apps=by_apps))
    charge = charge_of()
    attempt = slip_of(charge)
    page = town.visitor().get(reverse("payments:back", args=[charge.secret, attempt.pk])).content.decode()
    (tmp_path / "slip.pdf").write_bytes(slip(attempt))
    read = subprocess.run(["pdftotext", str(tmp_path / "slip.pdf"), "-"], capture_output=True, text=True, check=True)
    paper = "".join(read.stdout.split())
    assert page_says in page and paper_says in paper
    assert ("支払いアプリでは" in page) == ("支払いアプリでは" in paper) == (not by_apps)


def test_a_line_of_the_file_pays_once_however_often_it_is_taken_in():
    charge = charge_of()
    line = f"{slip_of(charge).provider_reference},3000,2026-11-20,t1,現金"
    assert told(line) == {"paid": 1}
    assert told(line) == {"nothing": 1}
    assert standing(charge) == (3000, 3000)


def test_a_slip_paid_twice_is_credited_and_promised_back():
    charge = charge_of()
    number = slip_of(charge).provider_reference
    assert told(f"{number},3000,2026-11-20,t1,現金", f"{number},3000,2026-11-21,t2,口座") == {"paid": 2}
    assert standing(charge) == (3000, 6000)
    [waiting] = [one for attempt in charge.attempts.all() for one in attempt.refunds.all()]
    assert waiting.yen == 3000
    assert actions.pay_back(charge) == 0  # no server is asked: an officer makes the transfer
    actions.repaid_by_hand(refund=waiting, slip="振込 8-1234", by=town.sasaki())
    assert standing(charge) == (3000, 3000)
    with pytest.raises(ActionRefused) as refused:
        actions.repaid_by_hand(refund=waiting, slip="振込 8-1234", by=town.sasaki())
    assert refused.value.conflict


def test_an_unknown_number_and_another_amount_credit_nothing_and_stay_as_differences():
    charge = charge_of()
    number = slip_of(charge).provider_reference
    lines = ["0" * 20 + ",500,2026-11-20,t1,", f"{number},2999,2026-11-20,t2,", f"{number},1,2026-11-20,t3,"]
    assert told(*lines) == {"mismatch": 3}
    assert standing(charge) == (3000, 0)
    assert sorted(Difference.objects.values_list("kind", "theirs")) == [
        ("amount", 1),
        ("amount", 2999),
        ("only-there", 500),
    ]


def test_only_what_may_have_been_cash_counts_as_cash():
    paid = [slip_of(charge_of()) for _slip in range(4)]
    ways = ["現金", "口座", "コード決済", ""]
    told(*[f"{one.provider_reference},3000,2026-11-20,t{n},{ways[n]}" for n, one in enumerate(paid)])
    rows = queries.taken(today() - timedelta(days=1), today() + timedelta(days=1))
    assert queries.cashless_share(rows) == 50.0


def test_a_slip_of_another_amount_or_a_paid_one_is_not_printed():
    charge = charge_of()
    attempt = slip_of(charge)
    path = reverse("payments:slip", args=[charge.secret, attempt.pk])
    actions.owe_more(charge=charge, yen=500, key="more", by=PUBLIC)
    assert town.visitor().get(path).status_code == 302
    assert slip_of(charge).yen == 3500


@override_settings(SLIP_PAYLOAD="el-qr")
def test_no_slip_is_offered_with_a_payload_that_nobody_wrote():
    assert not Slip().is_ready()
    with pytest.raises(ActionRefused):
        slip_of(charge_of())
    with pytest.raises(Unavailable):
        Slip().start(None)


@pytest.mark.parametrize("by", [town.sasaki, town.suzuki, lambda: PUBLIC])
def test_only_the_treasury_takes_files_in(by):
    with pytest.raises(ActionRefused):
        import_statement(provider="slip", content=HEAD.encode(), by=by())
