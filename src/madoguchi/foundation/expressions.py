"""Conditions and fees as CEL (Common Expression Language), the same rule on the server and in the browser.

An expression reads answers by their id. Dates are ISO strings and compare as strings. CEL does not mix whole and
decimal numbers in arithmetic: a definition writes ``double(area) * 100.0``. Added functions: ``age`` and ``days``;
``size`` counts the characters of a text, as the CEL specification says and the browser does.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any, Final


def _engine() -> Any:
    """The extension module of the package `cel`, whose `__init__` would load a command line too (27 MB, 0.1 s)."""
    package = find_spec("cel")
    found = PathFinder.find_spec("cel.cel", package.submodule_search_locations) if package else None
    if found is None or found.loader is None:
        raise ImportError("the package common-expression-language is not installed: make run installs it")
    engine = module_from_spec(found)
    found.loader.exec_module(engine)
    return engine


cel: Final = _engine()
_LONGEST: Final = 4000
_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|//[^\n]*)
      | (?P<string>[bB]?[rR](?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')
          | [bB]?(?:\"{3}(?:\\.|.)*?\"{3}|'{3}(?:\\.|.)*?'{3}|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
      | (?P<number>[0-9][0-9a-zA-Z]*(?:\.[0-9][0-9eE]*)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_MACROS: Final = frozenset({"all", "exists", "exists_one", "filter", "map"})


class ExpressionRefused(ValueError):
    """The text is not a CEL expression: ``source`` is the text, ``detail`` says where it breaks."""

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(f"{source}: {detail}")
        self.source = source
        self.detail = detail


class ExpressionFailed(RuntimeError):
    """The expression gave no usable value: a name or member is missing, or a type is wrong.

    The message names the expression and the kind of failure, never an answer, so it may be logged.
    """

    def __init__(self, source: str, detail: str) -> None:
        super().__init__(f"{source}: {detail}")
        self.source = source
        self.detail = detail


class Expression:
    """A compiled expression. ``source`` is its text, ``names`` the answers it reads, ``functions`` what it calls.

    Immutable, and safe to share between threads.
    """

    __slots__ = ("_program", "functions", "names", "source")

    def __init__(self, source: str, program: Any) -> None:
        self.source: Final = source
        self._program: Final = cel.compile(_own_size(source)) if "size" in program.functions() else program
        self.names: Final = frozenset(program.variables()) - _bound_only(source)
        self.functions: Final = frozenset(name for name in program.functions() if name.isidentifier())

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    def evaluate(self, context: Mapping[str, object]) -> object:
        """The value for these answers. Raises ``ExpressionFailed``, also for a missing answer: pass defaults."""
        read = {name: context[name] for name in self.names if name in context}
        try:
            return self._program.execute(cel.Context(read, _FUNCTIONS))
        except Exception as error:
            raise ExpressionFailed(self.source, _without_answers(error)) from None

    def holds(self, context: Mapping[str, object]) -> bool:
        """Whether the condition is true. Raises ``ExpressionFailed`` also when the value is not true or false."""
        value = self.evaluate(context)
        if not isinstance(value, bool):
            raise ExpressionFailed(self.source, f"{type(value).__name__} is not true or false")
        return value

    def amount(self, context: Mapping[str, object]) -> int:
        """The amount in whole yen. Raises ``ExpressionFailed`` for a fraction of a yen or anything not a number."""
        value = self.evaluate(context)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExpressionFailed(self.source, f"{type(value).__name__} is not an amount")
        if value % 1 != 0:  # also for infinity and NaN
            raise ExpressionFailed(self.source, "not a whole number of yen")
        return int(value)


@lru_cache(maxsize=8192)
def compile_expression(source: str) -> Expression:
    """The expression compiled, kept for the next time. Raises ``ExpressionRefused`` when it is not CEL."""
    if len(source) > _LONGEST:  # the parser recurses; an endless chain of operators would end the process
        raise ExpressionRefused(source, f"longer than {_LONGEST} characters")
    try:
        program = cel.compile(source)
    except Exception as error:
        raise ExpressionRefused(source, str(error)) from None
    expression = Expression(source, program)
    unknown = sorted(expression.functions - _BUILT_IN - _FUNCTIONS.keys())
    if unknown:
        raise ExpressionRefused(source, f"no such function: {', '.join(unknown)}")
    return expression


def age(birth: str, on: str) -> int | None:
    """Full years of age on a day, both ISO dates; None (which no comparison accepts) when one is not a date.

    Who was born on 29 February is a year older on 1 March (年齢計算ニ関スル法律, 民法 第143条).
    """
    born, day = _date(birth), _date(on)
    if born is None or day is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def days(start: str, end: str) -> int | None:
    """Calendar days from one ISO date to another, negative when ``end`` is earlier; None when one is not a date."""
    first, last = _date(start), _date(end)
    return None if first is None or last is None else (last - first).days


def _date(text: object) -> date | None:
    # None instead of an exception: the CEL library logs a function's exception, and with it the answers.
    try:
        return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
    except ValueError:
        return None


_BUILT_IN: Final = frozenset(
    {"size", "contains", "startsWith", "endsWith", "matches"}
    | {"string", "int", "uint", "double", "bytes", "type", "dyn", "timestamp", "duration"}
    | {f"get{part}" for part in ("FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear")}
    | {f"get{part}" for part in ("Hours", "Minutes", "Seconds", "Milliseconds")}
)


def _size(value: object = None, *excess: object) -> int | None:
    return len(value) if isinstance(value, str | bytes | list | dict) and not excess else None


def _own_size(source: str) -> str:
    """The source calling our ``size``: the CEL library's own counts the bytes of a text and cannot be replaced."""

    def renamed(token: re.Match[str]) -> str:
        is_call = token.lastgroup == "name" and source[token.end() :].lstrip().startswith("(")
        return "size_" if is_call and token[0] == "size" else token[0]

    return _TOKEN.sub(renamed, source)


_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {"age": age, "days": days, "size_": _size}


def _without_answers(error: Exception) -> str:
    text = str(error)
    if text.startswith("Undefined variable"):
        return text.partition(". ")[0]
    return type(error).__name__


def _bound_only(source: str) -> frozenset[str]:
    """Names that exist only as the variable of a macro, such as ``item`` in ``items.all(item, item.size > 1)``."""
    tokens = list(_tokens(source))
    open_brackets: list[str | None] = []
    bound, free = set[str](), set[str]()
    for position, (kind, text) in enumerate(tokens):
        if text in "([{" and kind == "sign":
            variable = _macro_variable(tokens, position)
            open_brackets.append(variable)
            bound |= {variable} if variable else set()
        elif text in ")]}" and kind == "sign" and open_brackets:
            open_brackets.pop()
        elif kind == "name" and _is_read(tokens, position) and text not in open_brackets:
            free.add(text)
    return frozenset(bound - free)


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    return ((found.lastgroup or "", found[0]) for found in _TOKEN.finditer(source) if found.lastgroup != "skip")


def _macro_variable(tokens: list[tuple[str, str]], opening: int) -> str | None:
    """The variable bound by the macro whose ``(`` stands at ``opening``, if it is a macro."""
    before, after = tokens[max(opening - 2, 0) : opening], tokens[opening + 1 : opening + 3]
    if len(before) < 2 or len(after) < 2 or before[0][1] != "." or before[1][1] not in _MACROS:
        return None
    return after[0][1] if after[0][0] == "name" and after[1][1] == "," else None


def _is_read(tokens: list[tuple[str, str]], position: int) -> bool:
    """Whether the name is a variable here: no member after a dot, no function before a bracket."""
    is_member = position > 0 and tokens[position - 1][1] == "."
    is_function = position + 1 < len(tokens) and tokens[position + 1][1] == "("
    return not is_member and not is_function
