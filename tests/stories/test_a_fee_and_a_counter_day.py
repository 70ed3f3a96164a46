"""小林's fee is paid at the counter and by her husband at once, forged in between, paid back; the day is closed."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

from madoguchi.foundation.dates import today
from tests.stories.cast import press
from tests.stories.conftest import PHONE, ROOT

FEE = "18,300円"
MONEY_GOES_BACK = re.compile("お金をお返し(しま|しまし)")
"""Whether the worker was quicker than the page or not."""


def forged(hall):
    """The status that a made-up notification gets."""
    body = json.dumps({"event": "x", "reference": "x", "outcome": "paid", "yen": 18300, "currency": "JPY"}).encode()
    headers = {"Sandbox-Signature": "t=1,v1=" + "0" * 64, "Content-Type": "application/json"}
    try:
        urllib.request.urlopen(urllib.request.Request(f"{hall.url}/pay/notify/sandbox/", body, headers))
    except urllib.error.HTTPError as refused:
        return refused.code
    return 200


def reloaded_until(page, words):
    """The page, read anew until the worker has done its part."""
    for _time in range(200):
        if page.locator(f"text={words}").count():
            return
        page.reload()
    raise AssertionError(words)


def test_a_fee_is_paid_twice_and_late_and_forged_and_counts_once(apply_online, person, desks, hall, violations):
    resident, reference = apply_online(paid=False)
    sasaki, suzuki = desks("sasaki"), desks("suzuki")
    sasaki.goto(f"/desk/cases/{reference}/")
    sasaki.click("button:has-text('形式が整っている')")
    assert sasaki.locator("text=手数料がまだ納付されていない").is_visible()

    assert violations(resident) == []
    resident.click("text=支払いに進む")
    assert violations(resident) == []
    link = resident.locator(".link-in-full").inner_text()
    husband = person(PHONE)
    husband.goto(link.removeprefix(hall.url))
    assert reference not in husband.content()
    assert "髙橋" not in husband.content()
    husband.click("button:has-text('試験用の支払い')")
    assert violations(husband) == []

    suzuki.goto(f"/desk/cases/{reference}/")
    suzuki.check("#method-card", force=True)
    suzuki.fill("#slip", reference)
    suzuki.click("button:has-text('受け取ったことを記録する')")
    assert suzuki.locator("text=納付済み").is_visible()
    assert violations(suzuki) == []
    resident.reload()
    assert resident.locator("text=支払いは済んでいます").is_visible()

    assert forged(hall) == 400
    husband.click("button[value=twice]")
    assert husband.locator("h1", has_text=MONEY_GOES_BACK).is_visible()
    assert violations(husband) == []
    sasaki.goto(f"/desk/cases/{reference}/")
    reloaded_until(sasaki, "二重の納付")
    reloaded_until(sasaki, "還付 試験用の支払い")
    assert sasaki.locator("text=納付済み").is_visible()
    sasaki.click("button:has-text('形式が整っている')")
    assert sasaki.locator("button:has-text('審査を終える')").is_visible()

    refund_and_close(sasaki, suzuki, reference, violations)


def refund_and_close(sasaki, suzuki, reference, violations):
    """A part is paid back at the terminal, and the day's figures agree with it."""
    sasaki.click("summary:has-text('還付する')")
    sasaki.fill("#refund-yen", "3,000")
    sasaki.fill("#refund-why", "条例第5条の減免")
    sasaki.click("button:has-text('還付する')")
    suzuki.goto(f"/desk/cases/{reference}/")
    suzuki.fill("[id^=back-]", f"{reference}-2")
    suzuki.click("button:has-text('返金を記録する')")
    assert suzuki.locator("text=還付 窓口の端末").is_visible()

    suzuki.goto("/desk/till/")
    assert violations(suzuki) == []
    suzuki.fill("[name='counted.card']", "15,000")
    suzuki.fill("[name='counted.e-money']", "0")
    suzuki.fill("[name='counted.code']", "0")
    suzuki.press("[name='counted.code']", "Enter")  # does nothing
    press(suzuki, "この日を締める")
    assert suzuki.locator("text=違う理由を書いてください").is_visible()
    suzuki.fill("[name='counted.card']", "15,300")
    suzuki.click("button:has-text('この日を締める')")
    assert suzuki.locator(".chip--ok").is_visible()
    suzuki.goto(f"/desk/treasury/?since={today().isoformat()}")
    assert suzuki.locator("text=キャッシュレスの割合").is_visible()
    assert violations(suzuki) == []


def test_who_pays_after_the_last_day_gets_the_money_back(apply_online, person, desks, hall, violations):
    resident, reference = apply_online(paid=False)
    resident.click("text=支払いに進む")
    link = resident.locator(".link-in-full").inner_text()
    resident.click("button:has-text('試験用の支払い')")
    passes = [sys.executable, str(ROOT / "tests/stories/children/let_a_day_pass.py"), reference]
    subprocess.run(passes, env=hall.environment, cwd=ROOT, check=True)
    resident.click("button[value=pay]")
    assert resident.locator("h1", has_text=MONEY_GOES_BACK).is_visible()
    assert violations(resident) == []
    late = person(PHONE)
    late.goto(link.removeprefix(hall.url))
    assert late.locator("text=期限").first.is_visible() and not late.locator("button:has-text('試験用')").count()
    assert violations(late) == []
    sasaki = desks("sasaki")
    sasaki.goto(f"/desk/cases/{reference}/")
    reloaded_until(sasaki, "還付 試験用の支払い")
    assert sasaki.locator("text=期限を過ぎてからの納付").first.is_visible()
    assert sasaki.locator("#charge-title .chip--late").inner_text() == "終了"


def test_a_notification_that_never_comes_is_asked_for(apply_online, violations):
    resident, reference = apply_online(paid=False)
    resident.click("text=支払いに進む")
    resident.click("button:has-text('試験用の支払い')")
    resident.click("button[value=fail]")
    assert resident.locator("text=お金は動いていません").is_visible()
    assert violations(resident) == []
    resident.click("text=支払いのページへ")
    resident.click("button:has-text('試験用の支払い')")
    resident.click("button[value=lost]")
    assert resident.locator("h1", has_text="支払いを確認しました").is_visible()
    assert resident.locator(f"text={FEE}").is_visible()
    resident.goto(f"/applications/{reference}/")
    assert resident.locator("text=手数料は支払い済みです").is_visible()
