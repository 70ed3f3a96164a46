"""The poster at an entrance with appointments: one code for everybody, and how to use it in three languages."""

from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override

from madoguchi.design.furigana import ruby
from madoguchi.foundation.languages import BY_CODE

from .. import queries
from ..facilities.wording import facility_name
from ..gate.issuing import qr_picture
from .gate import staffed


class Said(NamedTuple):
    """The poster's words in one language."""

    lang: str
    name: str
    head: str
    how: str
    lost: str


def poster(request: HttpRequest, facility: str) -> HttpResponse:
    """The page to print and to hang up. 404 where nobody comes with an appointment: its code would find nothing."""
    staffed(request, facility)
    if not is_for(facility):
        raise Http404(facility)
    address = entrance_address(facility)
    said = [_said(language, facility) for language in BY_CODE]
    context = {"facility": facility, "name": facility_name(facility), "said": said, "address": address}
    return render(request, "bookings/poster.html", {**context, "picture": qr_picture(address)})


def is_for(facility: str) -> bool:
    """Whether visitors come here with an appointment."""
    return queries.takes_appointments(facility)


def entrance_address(facility: str) -> str:
    """What the code says: the address without a language, since one poster is for everybody."""
    with override("ja"):
        return settings.PUBLIC_URL + reverse("bookings:entrance", args=[facility])


def _said(language: str, facility: str) -> Said:
    with override(language):
        words = (
            facility_name(facility),
            _("着いたら、ここで受付"),
            _("予約のページを開いたスマートフォンで、このコードを読み取ってください。画面に番号が出ます。押すものも、触るものもありません。"),
            _("番号が出ないときは、職員に声をかけてください。"),
        )  # fmt: skip
        return Said(BY_CODE[language].tag, *(_read(one, language) for one in words))


def _read(text: str, language: str) -> str:
    """Easy Japanese has its readings on paper too; a page in another language would not add them."""
    return SafeString(ruby(conditional_escape(text))) if BY_CODE[language].readings else text
