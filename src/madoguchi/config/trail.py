"""The way to a page (パンくずリスト), read from its address: every page that the path leads through.

A page's own name is its title. Names of pages that others lie below stand here; a test holds that none is missing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.dateparse import parse_date
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as marked

from madoguchi.bookings.facilities.directory import facilities
from madoguchi.bookings.facilities.wording import facility_name
from madoguchi.catalogue.queries import procedure_name
from madoguchi.design.templatetags.design import day as written
from madoguchi.foundation.identifiers import parse_reference
from madoguchi.opendata.serving.shelf import shelf
from madoguchi.people.access import acting
from madoguchi.people.rules import table
from madoguchi.reform.kept import kept
from madoguchi.registers.directory import registers

DESK: Final = "desk:inbox"


class Crumb(NamedTuple):
    """One page above another."""

    url: str
    name: str


def _reference(*, reference: str, **_more: object) -> str:
    return parse_reference(reference) or ""


def _dataset(*, code: str) -> str:
    item = shelf().items.get(code)
    return item.dataset.title_in(get_language() or "ja") if item else ""


def _facility(*, facility: str, **_more: object) -> str:
    """Below `sale/` a booking lies too, whose address has a word in this place that is no facility."""
    return facility_name(facility) if facility in facilities() else ""


def _register(code: str) -> str:
    found = registers().get(code)
    return found.name(get_language() or "ja") if found else ""


def _project(*, edition: str, code: str) -> str:
    project = kept().projects.get(f"{edition}/{code}")
    return project.name.in_language(get_language() or "ja") if project else ""


NAMES: Final[Mapping[str, Any]] = {
    "counter:home": marked("ホーム"),
    "counter:procedures": marked("手続を探す"),
    "counter:procedure": lambda *, code: procedure_name(code),
    "counter:case": _reference,
    "counter:verify": marked("文書の確認"),
    "applications:form": marked("入力"),
    "applications:confirm": "",  # leads to the form
    "applications:correct": "",  # named by its own title; what was typed is shown below it
    "applications:enter": marked("申請の状況"),
    "payments:pay": marked("支払い"),
    "payments:back": marked("支払いの状況"),
    "figures:statistics": marked("統計"),
    "bookings:facilities": marked("施設の予約"),
    "bookings:facility": lambda *, facility, **_more: facility_name(facility),
    "bookings:slot": marked("人数を選ぶ"),
    "bookings:orders": marked("予約の一覧"),
    "bookings:order": marked("予約の内容"),
    "opendata:datasets": marked("オープンデータ"),
    "opendata:dataset": _dataset,
    "opendata:compare": marked("版の違い"),
    "asking:requests": marked("データの要望"),
    "reform:overview": marked("改革の見える化"),
    "reform:indicators": marked("指標の一覧"),
    "reform:project": _project,
    "reform:quality": marked("サービスの質"),
    DESK: marked("案件"),
    "desk:case": _reference,
    "desk:document": lambda **_parts: "",  # a file, not a page
    "desk:counter-form": marked("入力"),
    "desk:counter-confirm": "",
    "desk:visitor-correct": "",
    "desk:counter-received": _reference,
    "desk:charge": lambda *, charge: parse_reference(charge) or "",
    "desk:counter": marked("窓口で受け付ける"),
    "desk:find-charge": marked("支払い"),
    "desk:registers": marked("台帳"),
    "desk:register": lambda *, code: _register(code),
    "desk:lists": marked("名簿の取込み"),
    "desk:list": lambda **_parts: "",
    "sale:index": marked("販売"),
    "sale:facility": _facility,
    "sale:slot": marked("人数を選ぶ"),
    "sale:day": lambda *, day, **_more: written(parse_date(day)),
    "gate:index": marked("入口"),
    "gate:page": lambda *, facility, **_more: facility_name(facility),
    "reform:desk": marked("改革の報告"),
    "reform:desk-project": _project,
    "reform:desk-register": marked("台帳"),
    "uploads:index": marked("データの登録"),
    "uploads:upload": lambda **_parts: "",  # named by its own title; a refused action is shown below it
    "uploads:requests": marked("データの要望"),
    "mfa_index": marked("二段階認証"),
    "people:devices": marked("サインイン中の端末"),
    "people:sign-ins": marked("サインインの記録"),
    "mfa_list_webauthn": marked("パスキー"),
    "mfa_view_recovery_codes": marked("回復コード"),
}
"""URL name → the name of the page, or what makes it from the parts of its address ("" where there is no such page)."""


def page(request: HttpRequest) -> dict[str, Any]:
    """`trail`: the pages above this one from the top, none on the first page itself; `above`: their addresses."""
    return {
        "trail": SimpleLazyObject(lambda: list(trail(request))),
        "above": SimpleLazyObject(lambda: set(_marked(request.path_info))),
    }


def _marked(path: str) -> Iterator[str]:
    """What a menu marks above a page. All of the desk lies below the list of cases; only a case belongs to it."""
    for url, match in above(path):
        if match.view_name != DESK or path.startswith(f"{url}cases/"):
            yield url


def trail(request: HttpRequest) -> Iterator[Crumb]:
    """Every page above this one that this reader may open."""
    pages = list(above(request.path_info))
    if _only_acts(request):  # what it refuses is told on the page above
        pages = pages[:-1]
    for url, match in pages:
        name = _name(match) if _may_open(request, match.view_name) else ""
        if name:
            yield Crumb(url, name)


def above(path: str) -> Iterator[tuple[str, ResolverMatch]]:
    """The pages that lie above an address. The desk is a house of its own: the public's first page is not above it."""
    found = list(_parts(path))
    names = [match.view_name for _url, match in found]
    start = names.index(DESK) if DESK in names else int("/desk/" in path)
    yield from found[start:]


def _parts(path: str) -> Iterator[tuple[str, ResolverMatch]]:
    for end, letter in enumerate(path[:-1]):
        if letter == "/":
            try:
                match = resolve(path[: end + 1])
            except Resolver404:
                continue
            if "GET" in _methods(match.view_name):
                yield path[: end + 1], match


def _methods(view_name: str) -> frozenset[str]:
    rule = table().get(view_name)
    return rule.methods if rule else frozenset()


def _only_acts(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "GET" not in _methods(match.view_name)


def _may_open(request: HttpRequest, view_name: str) -> bool:
    """Only pages for officers depend on who reads: the others are the same for everybody, and kept as such."""
    rule = table()[view_name]
    if rule.who in {"anyone", "holder"}:
        return True
    return acting(request).kind == "officer" and (not rule.roles or bool(rule.roles & acting(request).roles))


def _name(match: ResolverMatch) -> str:
    name: str | Callable[..., str] = NAMES.get(match.view_name, "")
    return name(**match.kwargs) if callable(name) else _(str(name)) if name else ""
