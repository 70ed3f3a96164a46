"""Who may use a URL, said where the URL is: `route` gives Django's pattern with its rule. Without one it is refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, TypeVar

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, path, re_path

from madoguchi.platform.brake.limits import WRITES, Limit

from .models import APPROVERS, CASE_WORKERS, Role

View = Callable[..., HttpResponseBase]
Operation = TypeVar("Operation", bound=Callable[..., Any])
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
READ: Final = frozenset({"GET", "HEAD"})
WRITE: Final = frozenset({"POST"})
BOTH: Final = READ | WRITE


@dataclass(frozen=True)
class Rule:
    """Who may use a URL.

    `anyone`: the public. `holder`: who has the case's key (the loader checks it). `signed-in`: an officer, also without
    the second factor (to set it up). `officer`: an officer with a second factor and one of `roles`, if any are named.
    `operator`: a program that brings METRICS_TOKEN; without that setting the URL is not there.
    `shared`: what is read is the same for everybody, so it may be kept, and scripts of every site may read it.
    `brake`: how much of it a stranger may send; every anonymous write has one. `unbraked` says why one has none.
    """

    who: Literal["anyone", "holder", "signed-in", "officer", "operator"]
    methods: frozenset[str] = READ
    roles: frozenset[str] = frozenset()
    shared: bool = False
    brake: tuple[Limit, ...] = (WRITES,)
    unbraked: str = ""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What a stranger's write is counted by."""
        is_open = self.who in {"anyone", "holder"} and bool(self.methods - SAFE)
        return self.brake if is_open and not self.unbraked else ()


Table = Mapping[str, Rule]
ANYONE: Final = Rule("anyone")
OPEN: Final = Rule("anyone", shared=True)
"""What is read is the same for everybody."""
HOLDER: Final = Rule("holder")
APPROVE: Final = frozenset(map(str, APPROVERS))
WORKERS: Final = frozenset(map(str, CASE_WORKERS))
COUNTER: Final = WORKERS | {str(Role.CLERK)}
"""Who stands at a counter, or works on cases."""


def officer(methods: frozenset[str], roles: frozenset[str] = frozenset()) -> Rule:
    """Officers with a second factor, and one of these roles if any are named."""
    return Rule("officer", methods, roles)


class Route(URLPattern):
    """A URL with its rule."""

    def __init__(self, made: URLPattern, rule: Rule) -> None:
        super().__init__(made.pattern, made.callback, made.default_args, made.name)
        self.rule = rule


class Brought(URLResolver):
    """URLs that a library brings, with the rules of those that are used, by name; the others are refused."""

    def __init__(self, made: URLResolver, rules: Table) -> None:
        super().__init__(made.pattern, made.urlconf_name, made.default_kwargs, made.app_name, made.namespace)
        self.rules = rules


def route(pattern: str, view: View, name: str, rule: Rule, **given: object) -> Route:
    """A URL, the view that answers, its name and who may use it; `given` are arguments of the view."""
    return Route(path(pattern, view, given, name), rule)


def re_route(pattern: str, view: View, name: str, rule: Rule) -> Route:
    """The same with a regular expression."""
    return Route(re_path(pattern, view, None, name), rule)


def allowed(rule: Rule) -> Callable[[Operation], Operation]:
    """Who may use an operation of the API; stands between its address and its function."""

    def say(operation: Operation) -> Operation:
        operation.rule = rule  # type: ignore[attr-defined]
        return operation

    return say


def table() -> Table:
    """The rules of the installation: the URL's name with its namespace → rule."""
    return rules_of(settings.ROOT_URLCONF)


@lru_cache(maxsize=4)
def rules_of(urlconf: Any) -> Table:
    """The rules of the URLs of a module. Raises ValueError where one name has two."""
    rows: dict[str, Rule] = {}
    for name, rule in _rows(get_resolver(urlconf).url_patterns, "", {}):
        if rows.setdefault(name, rule) != rule:
            raise ValueError(f"{name}: one name, two rules")
    return rows


def _rows(entries: Iterable[URLPattern | URLResolver], space: str, brought: Table) -> Iterator[tuple[str, Rule]]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            rules = entry.rules if isinstance(entry, Brought) else brought
            yield from _rows(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space, rules)
        elif isinstance(entry, Route):
            yield f"{space}{entry.name}", entry.rule
        elif entry.name and entry.name in brought:
            yield f"{space}{entry.name}", brought[entry.name]
