"""The receipt of an application on paper (受付票): what one needs to come back, in the language of the case."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from madoguchi.cases.models import Case
from madoguchi.cases.queries import awaits_payment
from madoguchi.design.templatetags.design import day, moment, yen
from madoguchi.paper.typst import qr_code, typesetter
from madoguchi.payments.paying.fees import charge_of
from madoguchi.people import keys
from madoguchi.town.offices import contact, town

TEMPLATE = Path(__file__).parent / "paper" / "receipt.typ"


def receipt(case: Case) -> bytes:
    """The PDF/UA. It holds the case's key, so only its holder, or the clerk who filed it, may get it."""
    with override(case.language):
        return typesetter(settings.FONTS_DIR).typeset(TEMPLATE, _printed(case), case.received_at)


def entrance(case: Case) -> str:
    """Where reference and key are typed in, with both behind the #: no server and no log ever sees them there."""
    page = settings.PUBLIC_URL + reverse("applications:enter")
    return f"{page}#{case.reference}.{keys.case_key(case.pk, case.key_salt)}"


def _printed(case: Case) -> dict[str, Any]:
    words = case.compiled.words(case.language)
    address = entrance(case)
    said = contact(case.office)
    return {
        "lang": "en" if case.language == "en" else "ja",
        "title": _("受付票"),
        "author": town().name,
        "procedure": words.text("name", case.compiled.procedure.name),
        "heads": [_("項目"), _("内容")],
        "rows": list(_rows(case)),
        "fee": _fee(case),
        "qr": qr_code(address),
        "alt": _("申請の状況を開くQRコード"),
        "how": {
            "title": _("申請の状況を見るには"),
            "lines": [
                _("QRコードを読み取るか、下のページで受付番号と照会キーを入力してください。"),
                _("この紙を持つ人は、だれでも申請の内容を見られます。なくさないでください。"),
            ],
        },
        "address": address.partition("#")[0],
        "contact": {
            "title": _("問い合わせ"),
            "lines": [line for line in (said.name, said.address, f"{_('電話')} {said.phone}", said.hours) if line],
        },
    }


def _rows(case: Case) -> list[list[str]]:
    rows = [
        [_("受付番号"), case.reference],
        [_("照会キー"), keys.shown_key(keys.case_key(case.pk, case.key_salt))],
        [_("到達日時"), moment(case.received_at)],
    ]
    if case.due_on:
        waits = awaits_payment(case)
        label = _("結果をお知らせする目安（期限までに支払われたとき）") if waits else _("結果をお知らせする目安")
        rows.append([label, day(case.due_on)])
    return rows


def _fee(case: Case) -> dict[str, Any] | None:
    charge = charge_of(case) if case.unpaid else None
    if charge is None or charge.due <= 0 or charge.lapsed_at:
        return None
    lines = [f"{_('手数料')}: {yen(charge.due)}", f"{_('納付番号')}: {charge.reference}"]
    if charge.due_on:
        lines.append(f"{_('支払いの期限')}: {day(charge.due_on)}")
    if awaits_payment(case):
        lines.append(_("支払いが済むまで、審査に進みません。期限までに支払いがないと、この申請は終わります。"))
    return {"title": _("次に、手数料を支払ってください"), "lines": lines}
