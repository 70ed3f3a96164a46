"""The payment slip (納付書) on paper: what a bank or a shop needs, and the part that stays with the payer."""

from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.foundation.dates import format_ja
from madoguchi.paper.typst import qr_code, typesetter
from madoguchi.platform.refusing import ActionRefused
from madoguchi.town.offices import town

from ..models import Attempt
from .providers.slip.payloads import PAYLOADS

TEMPLATE = Path(__file__).parent / "paper" / "slip.typ"
BY_APPS = "金融機関・取扱店の窓口、または納付書の二次元コードを読み取るアプリで納付してください。"
AT_COUNTERS = (
    "金融機関・取扱店の窓口で納付してください。二次元コードは窓口で使うもので、支払いアプリでは読み取れません。"
)


def code_picture(text: str) -> str:
    """A code that is shown on a page, as a data URI for an image element."""
    code = segno.make_qr(text, error="m", encoding="utf-8")
    return str(code.svg_data_uri(border=4, omitsize=True, dark="#000", light="#fff"))


def grouped(number: str) -> str:
    """A slip's number in fives, as people read and type it."""
    return " ".join(number[at : at + 5] for at in range(0, len(number), 5))


def is_read_by_apps(attempt: Attempt) -> bool:
    """Whether a payer's app reads the code of this slip, by the payload with which it was made."""
    payload = PAYLOADS.get(str(attempt.told.get("payload", "")))
    return payload is not None and payload.by_apps


def slip(attempt: Attempt) -> bytes:
    """The PDF/UA. Raises ActionRefused where nothing is to be paid with a slip (another way, paid, over)."""
    charge = attempt.charge
    if attempt.provider != "slip" or attempt.state != Attempt.State.STARTED or not attempt.provider_reference:
        raise ActionRefused(_("この支払いの納付書はありません。支払方法をもう一度選んでください。"), conflict=True)
    if charge.lapsed_at or charge.due != attempt.yen:
        raise ActionRefused(_("金額が変わったため、この納付書は使えません。もう一度作ってください。"), conflict=True)
    return typesetter(settings.FONTS_DIR).typeset(TEMPLATE, _printed(attempt), attempt.started_at)


def _printed(attempt: Attempt) -> dict[str, Any]:
    """Printed in Japanese: banks and shops read it."""
    charge = attempt.charge
    office = town().offices.get(charge.office)
    return {
        "lang": "ja",
        "title": "納付書",
        "author": town().name,
        "parts": ["納付書（金融機関控え）", "領収済通知書", "納付書・領収証書（納付者控え）"],
        "rows": [
            ["納付書番号", grouped(attempt.provider_reference)],
            ["金額", f"¥{attempt.yen:,}-"],
            ["内容", charge.label],
            ["納付番号", charge.reference],
            ["納付期限", format_ja(charge.due_on) if charge.due_on else "なし"],
            ["納付先", f"{town().name} {office.name if office else ''}".strip()],
            ["発行日", format_ja(timezone.localdate(attempt.started_at))],
        ],
        "qr": qr_code(str(attempt.told["code"])),
        "alt": f"納付書番号 {attempt.provider_reference} の二次元コード",
        "note": BY_APPS if is_read_by_apps(attempt) else AT_COUNTERS,
    }
