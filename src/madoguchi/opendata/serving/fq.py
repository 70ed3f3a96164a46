"""The query language of `fq` and `q`, as far as catalogues ask in it: from a text to a test of datasets.

Solr's standard query parser by its documentation: fields, phrases, wildcards, ranges, groups, AND, OR, NOT, + and -.
Terms side by side must all fit, and bind less than OR: `groups:a OR groups:b metadata_modified:[… TO *]`, as
ckanext-harvest writes it, is (a or b) and the range. What would only change the order of results (boosts, fuzzy words)
is refused, as is whatever cannot be read to its end.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from madoguchi.foundation.folding import fold

from .conditions import SearchRefused
from .shelf import Item

LONGEST: Final = 1000
DEEPEST: Final = 20
Test = Callable[[Item], bool]
_T = TypeVar("_T", str, datetime)
Texts = Mapping[str, Callable[[Item], Sequence[str]]]
Moments = Mapping[str, Callable[[Item], datetime]]
PARTS: Final = frozenset({"title", "notes"})
"""Fields that are texts: a part of them is enough."""
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<sign>[-+!])(?=[^\s])|(?P<field>[\w.*]+):
    |(?P<range>[\[{][^\[\]{}]*[\]}])|"(?P<quoted>(?:\\.|[^"\\])*)"|(?P<word>(?:\\.|[^\s()"\[\]{}\\])+))""",
    re.VERBOSE,
)
_RANGE: Final = re.compile(r'([\[{])\s*("[^"]*"|\S+)\s+TO\s+("[^"]*"|\S+?)\s*([\]}])')
_RANKED: Final = re.compile(r"(?<!\\)(?:~\d*(?:\.\d+)?|\^\d+(?:\.\d+)?)$")
_PIECE: Final = re.compile(r"\\(.)|([*?])|([^\\*?]+)", re.DOTALL)


def test_of(parameter: str, text: str, texts: Texts, moments: Moments) -> Test:
    """What the text asks of a dataset. Raises `SearchRefused`, naming the parameter."""
    if len(text) > LONGEST:
        raise SearchRefused(parameter, _("検索語が多すぎるか、長すぎます。"))
    return _Reading(parameter, text, texts, moments).whole()


def _all(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)


def _any(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda item: any(test(item) for test in tests)


class _Reading:
    """Reads a text from left to right; each method reads one level and leaves the rest."""

    def __init__(self, parameter: str, text: str, texts: Texts, moments: Moments) -> None:
        self.parameter, self.texts, self.moments = parameter, texts, moments
        self.tokens, self.place, self.depth = list(self._tokens(text)), 0, 0

    def _tokens(self, text: str) -> list[tuple[str, str]]:
        found, place, text = [], 0, text.rstrip()
        while place < len(text):
            token = _TOKEN.match(text, place)
            if token is None:
                raise self._unread(text[place:])
            kind = token.lastgroup or ""
            found.append((kind, token[kind]))
            place = token.end()
        return found

    def _unread(self, rest: str) -> SearchRefused:
        return SearchRefused(self.parameter, _("「%(text)s」から先を読めません。") % {"text": rest.strip()[:50]})

    def _next(self, *kinds: str) -> str | None:
        """The next token's text if it is of one of these kinds; it is read then."""
        if self.place < len(self.tokens) and self.tokens[self.place][0] in kinds:
            self.place += 1
            return self.tokens[self.place - 1][1]
        return None

    def _says(self, *operators: str) -> bool:
        """Whether an operator comes next; it is read then."""
        if self.place < len(self.tokens) and self.tokens[self.place] in [("word", one) for one in operators]:
            self.place += 1
            return True
        return False

    def whole(self) -> Test:
        """The whole text; nothing asks for nothing."""
        test = self._side_by_side("")
        if self.place < len(self.tokens):
            raise self._unread(self.tokens[self.place][1])
        return test

    def _side_by_side(self, field: str) -> Test:
        tests = list[Test]()
        while self.place < len(self.tokens) and self.tokens[self.place][0] != "close":
            tests.append(self._either(field))
        return _all(tests) if tests else lambda _item: True

    def _either(self, field: str) -> Test:
        tests = [self._both(field)]
        while self._says("OR", "||"):
            tests.append(self._both(field))
        return _any(tests)

    def _both(self, field: str) -> Test:
        tests = [self._signed(field)]
        while self._says("AND", "&&"):
            tests.append(self._signed(field))
        return _all(tests)

    def _signed(self, field: str) -> Test:
        sign = "-" if self._says("NOT") else self._next("sign")
        test = self._term(self._next("field") or field)
        return (lambda item: not test(item)) if sign in {"-", "!"} else test

    def _term(self, field: str) -> Test:
        if self._next("open") is not None:
            return self._group(field)
        if (found := self._next("range")) is not None:
            return self._range(field, found)
        if (phrase := self._next("quoted")) is not None:
            return self._value(field, phrase, is_phrase=True)
        word = self._next("word")
        if word is None or word in {"OR", "AND", "NOT", "||", "&&"}:
            raise self._unread(word or field)
        if _RANKED.search(word) and field not in self.moments:
            raise SearchRefused(self.parameter, _("「%(word)s」の「~」と「^」は使えません。") % {"word": word[:50]})
        return self._value(field, word, is_phrase=False)

    def _group(self, field: str) -> Test:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SearchRefused(self.parameter, _("かっこの重なりが深すぎます。"))
        test = self._side_by_side(field)
        if self._next("close") is None:
            raise self._unread("(")
        self.depth -= 1
        return test

    def _value(self, field: str, text: str, *, is_phrase: bool) -> Test:
        if field in self.moments:
            at, read_moment = self._moment(text), self.moments[field]
            return lambda item: at is None or read_moment(item) == at
        if field == "*" and text == "*":
            return lambda _item: True
        if field in {"", "text"}:
            return _holds(text, is_phrase=is_phrase)
        read, pattern = self._texts(field), _pattern(field, text, is_phrase=is_phrase)
        return lambda item: any(pattern.fullmatch(fold(one)) for one in read(item))

    def _texts(self, field: str) -> Callable[[Item], Sequence[str]]:
        if field not in self.texts:
            raise SearchRefused(self.parameter, _("「%(name)s」では絞り込めません。") % {"name": field[:50]})
        return self.texts[field]

    def _range(self, field: str, text: str) -> Test:
        found = _RANGE.fullmatch(text)
        if found is None:
            raise self._unread(text)
        includes_low, includes_high = found[1] == "[", found[4] == "]"
        given = [found[2].strip('"'), found[3].strip('"')]
        if field in self.moments:
            read_moment, (since, until) = self.moments[field], map(self._moment, given)
            return lambda item: _between(read_moment(item), since, until, includes_low, includes_high)
        read, (low, high) = self._texts(field), [None if one == "*" else fold(one) for one in given]
        return lambda item: any(_between(fold(one), low, high, includes_low, includes_high) for one in read(item))

    def _moment(self, text: str) -> datetime | None:
        if text == "*":
            return None
        try:
            at = datetime.fromisoformat(text.replace("\\", ""))
        except ValueError:
            sentence = _("日時「%(text)s」は、2026-04-01T00:00:00Zのように書いてください。")
            raise SearchRefused(self.parameter, sentence % {"text": text[:50]}) from None
        return at if at.tzinfo else at.replace(tzinfo=UTC)


def _between(one: _T, low: _T | None, high: _T | None, has_low: bool, has_high: bool) -> bool:
    is_above = low is None or one > low or (has_low and one == low)
    return is_above and (high is None or one < high or (has_high and one == high))


def _holds(text: str, *, is_phrase: bool) -> Test:
    """That the word stands anywhere; a star at its ends says the same."""
    plain = re.sub(r"\\(.)", r"\1", text if is_phrase else re.sub(r"^\*+|(?<!\\)\*+$", "", text))
    key = fold(plain)
    return lambda item: key in item.words


def _pattern(field: str, text: str, *, is_phrase: bool) -> re.Pattern[str]:
    """The whole value, * for anything and ? for one character; of texts a part is enough."""
    wild = {"*": ".*", "?": "."}
    pieces = [
        re.escape(fold(escaped or plain)) if escaped or plain or is_phrase else wild[star]
        for escaped, star, plain in _PIECE.findall(text)
    ]
    body = re.escape(fold(re.sub(r"\\(.)", r"\1", text))) if is_phrase else "".join(pieces)
    return re.compile(f".*{body}.*" if field in PARTS else body, re.DOTALL)
