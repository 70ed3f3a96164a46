"""The access table: URL name × method → who. A URL that is not here is refused, and fails the tests."""

from madoguchi.people.access import Rule

TABLE: dict[str, Rule] = {}
