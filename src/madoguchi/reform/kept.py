"""The projects and indicators of this installation, read once in a process."""

from functools import cache

from django.conf import settings
from django.http import Http404

from .format import Indicator, Project
from .load import Kept, load


@cache
def kept() -> Kept:
    """What `projects/` and `indicators/` hold. Raises DefinitionRefused."""
    return load(settings.PROJECTS_DIR, settings.INDICATORS_DIR)


def project_or_404(edition: str, code: str) -> tuple[str, Project]:
    """(ref, project). Raises Http404."""
    ref = f"{edition}/{code}"
    if ref not in kept().projects:
        raise Http404(ref)
    return ref, kept().projects[ref]


def indicator_or_404(code: str) -> Indicator:
    """One indicator. Raises Http404."""
    if code not in kept().indicators:
        raise Http404(code)
    return kept().indicators[code]
