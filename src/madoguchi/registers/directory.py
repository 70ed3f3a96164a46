"""The registers of this installation, read once in a process."""

from functools import cache

from django.conf import settings
from django.http import Http404

from .load import Defined, load


@cache
def registers() -> dict[str, Defined]:
    """Every register by code. Raises DefinitionRefused."""
    return load(settings.REGISTERS_DIR)


def register_or_404(code: str) -> Defined:
    """One register. Raises Http404."""
    if code not in registers():
        raise Http404(code)
    return registers()[code]
