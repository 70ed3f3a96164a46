"""The access table's rows for the officers' accounts (django-allauth); what is not listed is refused."""

from .access import Rule

ROWS: dict[str, Rule] = {}
