"""Numbers and addresses of persons in one text: pure, without Django. `personal` looks at whole tables.

Texts are compared in one plain spelling (half-width, one hyphen, kanji digits as digits), so that a spelling hides
nothing. Check digits: Individual Number by foundation.text; card numbers by Luhn (ISO/IEC 7812-1). The check digit of
a driving licence is not published officially; it is used only to find numbers without a telling word beside them.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple

import phonenumbers
from stdnum import luhn

from madoguchi.foundation.folding import unify
from madoguchi.foundation.text import has_my_number, narrow


class Hit(NamedTuple):
    """Something of a person in a text. `mistakable`: an office's own number looks the same, so it may be lifted."""

    kind: str
    text: str
    mistakable: bool


_KANJI_DIGITS: Final = str.maketrans("〇一二三四五六七八九", "0123456789")
_TENS: Final = re.compile("([1-9]?)十([1-9]?)")
_SPACES: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r" ?- ?")
_DOTS: Final = re.compile(r"(?<=\d)\s?[・._/,､、]\s?(?=\d)")


def plain(text: str) -> str:
    """The text in the one spelling that the patterns know."""
    one = narrow(unify(text)).translate(_KANJI_DIGITS)
    if "十" in one:
        one = _TENS.sub(lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), one)
    return _AROUND.sub("-", _SPACES.sub(" ", one)).strip()


def digits(text: str) -> str:
    """Only the digits."""
    return re.sub(r"\D", "", text)


_PHONE: Final = re.compile(
    r"(?<![\d.-])(?<!\d[ ])(?:\+ ?81[- ]?\(?0?\)?[- ]?\(?|\(?0)\d{1,4}\)?[- ]?\(?\d{1,4}\)?[- ]?\d{3,4}(?!\d|-\d)"
)
_PAIR: Final = re.compile(r"(?<![\d.-])0\d{1,4}[- ]\d{5,8}(?!\d|-\d)")
_ASKS_PHONE: Final = re.compile(r"電話|携帯|連絡先|tel|phone|fax|ファックス|ファクス", re.I)


def phones(title: str, text: str) -> Iterator[Hit]:
    """Telephone numbers; a mobile one is nearly always a person's."""
    asked = _ASKS_PHONE.search(f"{title} {text}") is not None
    for found in _either(_PHONE, text) + _either(_PAIR, text):
        number = _national(found)
        if len(number) not in (10, 11) or (len(number) == 11) != bool(re.match(r"0[5-9]0|0800", number)):
            continue
        if asked or not found.strip().isdecimal() or _is_valid(number):
            yield Hit("phone", found, not re.match("0[6-9]0", number) or number.startswith("0800"))
    if _ASKS_PHONE.search(title) and (bare := re.fullmatch(r"[1-9]\d{8,9}(\.0)?", text)):
        yield Hit("phone", bare[0], not re.match("[6-9]0", bare[0]))


def _either(pattern: re.Pattern[str], text: str) -> list[str]:
    """What is found in the text as it is, or with dots between digits as hyphens."""
    return pattern.findall(text) or pattern.findall(_DOTS.sub("-", text))


def _national(found: str) -> str:
    bare = digits(found)
    return "0" + bare[2:].lstrip("0") if "+" in found else bare


def _is_valid(number: str) -> bool:
    with suppress(phonenumbers.NumberParseException):
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(number, "JP")))
    return False


_MAIL: Final = re.compile(
    r"[a-z0-9._%+-]+ ?(?:@|[(\[{<] ?(?:at|アットマ-ク|アット|@) ?[)\]}>]| at |★|☆|●|◎|■|あっと|アットマ-ク) ?"
    r"[a-z0-9-]+(?: ?(?:\.|[(\[]dot[)\]]) ?[a-z0-9-]+)+",
    re.I,
)
_MARK: Final = re.compile(r"[a-z0-9][ -]?(?:[@★☆●◎■]| at |[(\[{<] ?(?:at|アット))|あっと|アットマ", re.I)


def mails(title: str, text: str) -> Iterator[Hit]:
    """E-mail addresses, also with the @ written otherwise."""
    if _MARK.search(text):
        yield from (Hit("email", found[0], True) for found in _MAIL.finditer(text))


_PLACE: Final = "[一-龥々ぁ-ゖァ-ヺヶ-]"
_HOUSE: Final = re.compile(
    r"\d+ ?丁目 ?\d+|\d+ ?番地|\d+ ?番 ?\d+ ?号"
    rf"|[都道府県市区町村郡]{_PLACE}{{0,12}} ?\d{{1,5}}(?:-\d{{1,4}}){{1,4}}(?!\d)"
    rf"|[市区町村郡]{_PLACE}{{1,12}} ?\d{{1,5}}(?=$| [^\d])"
    rf"|(?:大字|(?<![一-龥])字(?![やをがはでの])){_PLACE}{{1,10}} ?\d+"
    rf"|(?<![第図表])(?!令和|平成|昭和|大正|明治){_PLACE}{{2,12}}(?<!令和)(?<!平成)(?<!昭和)(?<!大正)(?<!明治)(?<!第) ?"
    r"[1-9]\d{0,3}-\d{1,4}-\d{1,4}(?![\d-])"
)
_ASKS_ADDRESS: Final = re.compile(r"住所|自宅|居所|居住地|本籍|address", re.I)


def addresses(title: str, text: str) -> Iterator[Hit]:
    """Postal addresses down to the house. A town's name alone is none."""
    if found := _HOUSE.search(text):
        yield Hit("address", found[0], True)
    elif _ASKS_ADDRESS.search(title) and "メ" not in title and re.search(rf"{_PLACE} ?\d", text):
        yield Hit("address", text, True)


def my_numbers(title: str, text: str) -> Iterator[Hit]:
    """Individual Numbers (個人番号), also where a spreadsheet took the leading 0 or a dot stands between."""
    joined = _DOTS.sub("-", text)
    asked = re.search(r"個人番号|マイナンバ|my ?number", f"{title} {text}", re.I) is not None
    bare = digits(text)
    if has_my_number(text) or has_my_number(joined) or (asked and len(bare) in (11, 12)):
        yield Hit("my-number", text, False)


_BANK: Final = re.compile(
    r"(?:普通|当座|貯蓄|口座|(?<![一-龥])[普当](?=[ :\d-]))[^\d]{0,12}(\d{6,8})(?!\d)"
    r"|(?:銀行|信用金庫|信金|信用組合|農協|JA|支店|本店|出張所)[^\d]{0,16}(?:\d{3}[^\d]{1,8})?(\d{7})(?!\d)"
)
_POST_BANK: Final = re.compile(
    r"(?<!\d)1\d{4}(?:-\d)?[- ]\d{5,8}(?!\d)|(?<!\d)0\d{4}-\d-\d{1,6}(?!\d)"
    r"|記号[^\d]{0,4}\d{5}[^\d]{0,8}番号[^\d]{0,4}\d{2,8}"
)


_ASKS_BANK: Final = re.compile(r"口座|account|振込先|通帳", re.I)
_ASKS_POST: Final = re.compile(r"ゆうちょ|郵便(貯金|局|振替)|通帳|記号|口座|振込")


def banks(title: str, text: str) -> Iterator[Hit]:
    """Bank accounts, by the words beside them."""
    asked, of_post = _ASKS_BANK.search(title), _ASKS_POST.search(f"{title} {text}")
    found = (re.search(r"(?<!\d)\d{6,8}(?!\d)", text) if asked else None) or _BANK.search(text)
    found = found or (_POST_BANK.search(text) if of_post else None)
    if found:
        yield Hit("bank-account", found[0], False)


_TWELVE: Final = re.compile(r"(?<![\d-])\d{12}(?![\d-])|(?<![\d-])\d{4}[- ]\d{4}[- ]\d{4}(?![\d-])")
_LICENCE_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def licences(title: str, text: str) -> Iterator[Hit]:
    """Driving licences: 12 digits, the first two an issuing commission's (10 to 97)."""
    asked = re.search(r"免許|licen[cs]e", f"{title} {text}", re.I) is not None
    for found in _TWELVE.findall(_DOTS.sub("-", text)):
        number = digits(found)
        if asked or _is_licence(number):
            yield Hit("driving-licence", found, not asked)


def _is_licence(number: str) -> bool:
    rest = sum(int(one) * weight for one, weight in zip(number, _LICENCE_WEIGHTS, strict=False)) % 11
    return "10" <= number[:2] <= "97" and int(number[10]) == (11 - rest) % 11 % 10


_RESIDENCE: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[- ]?\d{4}[- ]?\d{4}[- ]?[A-Z]{2}(?![A-Z0-9])", re.I)


def papers(title: str, text: str) -> Iterator[Hit]:
    """Residence cards by their form; passports, pensions and insured persons by the words beside them."""
    context = f"{title} {text}"
    for found in _RESIDENCE.findall(text):
        yield Hit("residence-card", found, "在留" not in context)
    for kind, word, form in (
        ("passport", r"旅券|パスポ-ト|passport", r"(?<![A-Z0-9])[A-Z]{2} ?\d{7}(?!\d)"),
        ("pension", r"年金", r"(?<!\d)\d{4}[- ]?\d{6}(?!\d)"),
        ("insured", r"被保険者|保険証", r"(?<!\d)\d{8,11}(?!\d)"),
    ):
        if re.search(word, narrow(context), re.I) and (hit := re.search(form, text, re.I)):
            yield Hit(kind, hit[0], False)


_CARD: Final = re.compile(r"(?<![\d-])(?:\d[- ]?){13,15}\d(?![\d-])")
_ISSUERS: Final = re.compile(r"4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|35\d{14}|6\d{15}|3[47]\d{13}|3[068]\d{12}")


def cards(title: str, text: str) -> Iterator[Hit]:
    """Payment cards: an issuer's prefix and length, and the check digit (Luhn)."""
    for found in _CARD.findall(_DOTS.sub("-", text)):
        number = digits(found)
        if _ISSUERS.fullmatch(number) and luhn.is_valid(number):
            yield Hit("payment-card", found, False)


_IP4: Final = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_IP6: Final = re.compile(r"(?<![0-9a-z])(?:[0-9a-f]{1,4}|:)(?::[0-9a-f]{0,4}){2,7}(?![0-9a-f:])", re.I)


def networks(title: str, text: str) -> Iterator[Hit]:
    """IP addresses; times of day are none."""
    for found in (*_IP4.findall(text), *(one for one in _IP6.findall(text) if len(one) > 5 and _is_long(one))):
        with suppress(ValueError):
            yield Hit("ip-address", str(ipaddress.ip_address(found)), True)


def _is_long(address: str) -> bool:
    return "::" in address or address.count(":") == 7


_PLATE: Final = re.compile(
    r"[一-龥ぁ-ん]{1,4} ?\d{2,3} ?[ぁ-ん] ?"
    r"(?:\d{2}-\d{2}|[・.·]{1,3} ?\d{1,3}(?:-\d{2})?|\d{4})(?!\d)"
)


def plates(title: str, text: str) -> Iterator[Hit]:
    """Number plates of cars."""
    yield from (Hit("number-plate", found, True) for found in _PLATE.findall(text))


_DETECTORS: Final[tuple[Callable[[str, str], Iterator[Hit]], ...]] = (
    my_numbers, phones, mails, addresses, banks, licences, papers, cards, networks, plates,
)  # fmt: skip


def hits(title: str, text: str) -> Iterator[Hit]:
    """Everything of a person in one cell, each kind once (a mobile number beside a fixed one: both).

    `title` is its column's.
    """
    one = plain(text)
    if not any(char.isdigit() for char in one) and not _MARK.search(one) and "番" not in one:
        return
    seen: set[tuple[str, bool]] = set()
    for detector in _DETECTORS:
        for hit in detector(title, one):
            if (hit.kind, hit.mistakable) not in seen:
                seen.add((hit.kind, hit.mistakable))
                yield hit
