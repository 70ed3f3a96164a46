"""What a CEL expression says, as far as its tokens tell: the parts it reads, its literals, and what it compares."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

TOKEN = re.compile(
    r"""(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
      | (?P<number>[0-9]+(?:[.][0-9]+)?)
      | (?P<path>[A-Za-z_]\w*(?:[.][A-Za-z_]\w*)*)
      | (?P<sign>==|!=|<=|>=|&&|\|\||\S)""",
    re.VERBOSE,
)
MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
WORDS = frozenset({"in", "true", "false", "null"})


class Token(NamedTuple):
    """One token; a string without its quotes."""

    kind: str
    text: str


class Reading:
    """One expression, read."""

    def __init__(self, source: str) -> None:
        self.tokens = [_token(found) for found in TOKEN.finditer(source)]

    @cached_property
    def strings(self) -> frozenset[str]:
        """The texts written in it."""
        return frozenset(token.text for token in self.tokens if token.kind == "string")

    @cached_property
    def numbers(self) -> frozenset[int | float]:
        """The numbers written in it, without their sign."""
        found = (token.text for token in self.tokens if token.kind == "number")
        return frozenset(float(text) if "." in text else int(text) for text in found)

    @cached_property
    def rows(self) -> dict[str, str]:
        """The variable of each macro and the name it goes through: `{"o": "officers"}` for `officers.all(o, …)`."""
        found = {}
        for index, token in enumerate(self.tokens[:-3]):
            opening, variable, comma = self.tokens[index + 1 : index + 4]
            *owner, verb = token.text.split(".")
            if token.kind == "path" and owner and verb in MACROS and (opening.text, comma.text) == ("(", ","):
                found[variable.text] = ".".join(owner)
        return found

    @cached_property
    def paths(self) -> frozenset[tuple[str, ...]]:
        """Every answer or part of one that is read, a row's part under its group: `("officers", "name")`."""
        return frozenset(path for index in range(len(self.tokens)) if (path := self._path(index)))

    def _path(self, index: int) -> tuple[str, ...]:
        token = self.tokens[index]
        if token.kind != "path" or token.text in WORDS:
            return ()
        parts = token.text.split(".")
        if self._sign(index + 1) == "(":
            parts = parts[:-1]
        if parts and parts[0] in self.rows:
            parts = self.rows[parts[0]].split(".") + parts[1:]
        return tuple(parts)

    def _sign(self, index: int) -> str:
        return self.tokens[index].text if 0 <= index < len(self.tokens) and self.tokens[index].kind != "string" else ""

    def compared(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """(path, text) wherever an answer is compared with a text or looked for in a list of texts."""
        for index in range(len(self.tokens)):
            path = self._path(index)
            if not path or self._sign(index + 1) == "(":
                continue
            yield from ((path, text) for text in (*self._before(index), *self._after(index)))

    def _before(self, index: int) -> Iterator[str]:
        if self._sign(index - 1) in ("==", "!=", "in") and index > 1 and self.tokens[index - 2].kind == "string":
            yield self.tokens[index - 2].text

    def _after(self, index: int) -> Iterator[str]:
        following = self.tokens[index + 1 : index + 3]
        if len(following) < 2:
            return
        sign, first = following
        if sign.text in ("==", "!=") and first.kind == "string":
            yield first.text
        if sign.text == "in" and first.text == "[":
            for token in self.tokens[index + 3 :]:
                if token.text == "]":
                    return
                if token.kind == "string":
                    yield token.text


def _token(found: re.Match[str]) -> Token:
    kind = found.lastgroup or ""
    text = re.sub(r"\\(.)", r"\1", found[0][1:-1]) if kind == "string" else found[0]
    return Token(kind, text)
