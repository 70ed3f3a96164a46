"""The receipt (領収証書) of a paid charge as a signed PDF/UA.

It stands in no register: the register's entries belong to cases, and an order of tickets has none. So it names the page
where anybody checks the file itself: the signature tells whether it is unchanged, the charge whether it is ours.
"""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.credentials.actions import signer
from madoguchi.foundation.dates import format_ja
from madoguchi.paper.document import Addressee, Document, Issuer, Office
from madoguchi.paper.glyphs import MissingGlyph
from madoguchi.paper.typst import render
from madoguchi.platform.refusing import ActionRefused, written
from madoguchi.town.offices import contact_lines, town

from ..models import Attempt, Charge

NUMBER = "領収 "


LONGEST_NAME = 60


def receipt(charge: Charge, name: str = "") -> bytes:
    """The signed PDF, addressed to whom `name` says (宛名), else to the payer without a name.

    Raises ActionRefused while money is due, when none was kept, or for a name that cannot be printed.
    """
    if charge.due > 0 or charge.paid <= 0:
        raise ActionRefused(_("領収証書は、支払いが済むと受け取れます。"))
    try:
        unsigned = render(document(charge, addressee(name)), fonts=settings.FONTS_DIR, made_at=timezone.now())
    except MissingGlyph as missing:
        raise ActionRefused(
            _("宛名に印刷できない文字があります：%(characters)s") % {"characters": "、".join(missing.characters)}
        ) from missing
    return signer().sign(unsigned, reason="領収")


def addressee(name: str) -> Addressee:
    """The addressee as written. Raises ActionRefused for a name that is too long or holds what nobody sees."""
    name = " ".join(written(name).split())
    if len(name) > LONGEST_NAME:
        raise ActionRefused(_("宛名は60文字以内で入力してください。"))
    if not name.isprintable():
        raise ActionRefused(_("宛名に画面に表示できない文字が含まれています。入力し直してください。"))
    return Addressee(name or "納付者")


def document(charge: Charge, to: Addressee) -> Document:
    """What is printed. A link may be paid by anybody, so whom it names is what its holder asked for."""
    came = list(charge.attempts.filter(state=Attempt.State.PAID, settled_at__isnull=False).order_by("settled_at"))
    office = town().offices.get(charge.office)
    name = office.name if office else town().name
    last = max(timezone.localdate(one.settled_at) for one in came if one.settled_at)
    repaid = sum(one.refunded for one in came)
    rows = [("金額", f"{charge.paid:,}円"), ("内容", charge.label), ("納付番号", charge.reference)]
    rows += [("領収した日", format_ja(last))]
    if repaid:
        rows.append(("還付した額", f"{repaid:,}円（上の金額は還付後）"))
    if charge.is_invented:
        rows.append(("備考", "実演用の架空の支払いです。お金は動いていません。"))
    return Document(
        form="payment-receipt",
        number=f"{NUMBER}{charge.reference}",
        issued_on=last,
        addressee=to,
        issuer=Issuer(town().head),
        office=Office(name, contact_lines(charge.office)),
        title="領収証書",
        lead="次のとおり領収しました。",
        reference=charge.reference,
        verify_url=f"{settings.PUBLIC_URL}/verify/",
        reference_name="納付番号",
        verify_code=charge.reference,
        is_registered=False,
        subject=str(charge.pk),
        rows=tuple(rows),
    )


def of_a_charge(number: str, subject: str) -> bool:
    """Whether what a genuine document says of itself names a receipt of one of our charges."""
    if not number.startswith(NUMBER):
        return False
    known = Charge.objects.filter(reference=number.removeprefix(NUMBER)).values_list("pk", flat=True)
    return subject in {str(pk) for pk in known}
