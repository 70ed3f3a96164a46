"""Large libraries that few processes ever use: loaded when something of theirs is first asked for."""

from importlib import import_module
from typing import Any


class Later:
    """A module that is not loaded yet: `duckdb: Any = Later("duckdb")`, then `duckdb.connect()`.

    For 5 MB and more. What stands in annotations or at the top of a module would load it at once.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
