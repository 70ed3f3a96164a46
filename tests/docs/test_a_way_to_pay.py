"""A way to pay is one folder and a line, as CONTRIBUTING shows it: paid, cancelled, expired, refused and paid back."""

import importlib
import json
import shutil
import sys

import pytest

from madoguchi.payments.ledger import queries
from madoguchi.payments.paying import actions, providers
from madoguchi.people.actor import PUBLIC
from tests import town
from tests.docs.reading import ROOT, blocks, typed

pytestmark = pytest.mark.django_db
SECRET, YEN = "known to both", 3000
PLACE = "madoguchi/payments/paying/providers"
COPIED = (f"src/{PLACE}/__init__.py", "src/madoguchi/config/settings.py")


@pytest.fixture
def copy(tmp_path):
    """What the page tells its reader to type, in a copy of the files that it changes."""
    for name in COPIED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for block in blocks(ROOT / "CONTRIBUTING.md"):
        if PLACE in block.file or "WALLET" in block.text:
            typed(block, tmp_path)
    return tmp_path / "src"


@pytest.fixture
def wallet(copy, settings, monkeypatch):
    """The wallet's module, in the register of this process."""
    assert 'WALLET_SECRET = env.text("MADOGUCHI_WALLET_SECRET")' in (copy / "madoguchi/config/settings.py").read_text()
    settings.WALLET_SECRET = SECRET
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(copy / PLACE)])
    register = vars(providers).copy()
    exec((copy / PLACE / "__init__.py").read_text("utf-8"), register)
    monkeypatch.setitem(providers.PROVIDERS, "wallet", register["PROVIDERS"]["wallet"])
    yield importlib.import_module(f"{providers.__name__}.wallet")
    del sys.modules[f"{providers.__name__}.wallet"]


@pytest.fixture
def charge():
    return actions.open_charge(code="museum", office=town.HEALTH, label="観覧料", yen=YEN, by=PUBLIC)


def chosen(charge):
    """The attempt of somebody who pressed the wallet's button."""
    answer = town.visitor().post(f"/pay/{charge.secret}/start/", {"provider": "wallet"})
    assert answer.status_code == 302
    return charge.attempts.latest("started_at")


def notice(wallet, attempt, outcome, signature=None, event="1"):
    """What the wallet's company sends, and what it is answered."""
    told = {"event": event, "id": attempt.provider_reference, "outcome": outcome, "yen": attempt.yen}
    body = json.dumps({**told, "at": "2026-12-01T12:00:00+09:00"}).encode()
    headers = {"Wallet-Signature": wallet.signed(body) if signature is None else signature}
    return town.visitor().post("/pay/notify/wallet/", body, content_type="application/json", headers=headers)


def page(charge, attempt):
    """The page to which the payer comes back."""
    return town.visitor().get(f"/pay/{charge.secret}/attempts/{attempt.pk}/").content.decode()


def test_it_is_offered_by_its_name_and_leads_to_the_wallet(wallet, charge):
    assert "電子財布" in town.visitor().get(f"/pay/{charge.secret}/").content.decode()
    attempt = chosen(charge)
    assert f"{wallet.PAGE}?id={attempt.pk}&amp;yen={YEN}" in page(charge, attempt)
    assert chosen(charge) == attempt


def test_without_its_setting_it_is_not_offered(wallet, charge, settings):
    settings.WALLET_SECRET = ""
    assert "電子財布" not in town.visitor().get(f"/pay/{charge.secret}/").content.decode()
    assert town.visitor().post(f"/pay/{charge.secret}/start/", {"provider": "wallet"}).status_code == 422


def test_what_is_paid_is_paid_once_and_paid_back_by_an_officer(wallet, charge):
    attempt = chosen(charge)
    assert [notice(wallet, attempt, "paid").content for _time in range(2)] == [b"paid", b"nothing"]
    assert "支払いを確認しました" in page(charge, attempt)
    actions.refund(charge=charge, yen=YEN, reason="催しの中止", by=town.sasaki())
    assert actions.pay_back(charge) == 0, "no server pays this back"
    (promise,) = attempt.refresh_from_db() or attempt.refunds.all()
    actions.repaid_by_hand(refund=promise, slip="T-1", by=town.sasaki())
    charge.refresh_from_db()
    assert (charge.owed, charge.paid) == (0, 0)
    assert queries.unsound() == []


@pytest.mark.parametrize("outcome", ["failed", "expired"])
def test_what_is_cancelled_or_expires_moves_no_money_and_can_be_tried_again(wallet, charge, outcome):
    attempt = chosen(charge)
    assert notice(wallet, attempt, outcome).content == outcome.encode()
    assert "支払いはできませんでした" in page(charge, attempt)
    again = chosen(charge)
    assert again != attempt
    assert notice(wallet, again, "paid", event="2").content == b"paid"


@pytest.mark.parametrize("signature", ["", "0" * 64, "署名"])
def test_a_notification_that_the_wallet_did_not_sign_is_refused(wallet, charge, signature):
    attempt = chosen(charge)
    assert notice(wallet, attempt, "paid", signature.encode().decode("latin-1")).status_code == 400
    charge.refresh_from_db()
    assert charge.paid == 0
