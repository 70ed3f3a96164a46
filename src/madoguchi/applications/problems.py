"""The faults of a form as the fields of problem details (RFC 9457)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language

from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.messages import sentence
from madoguchi.catalogue.problems import Problem


def listed(compiled: Compiled, problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """One entry per fault: pointer from the request body's root, code, and the sentence in the reader's language."""
    words = compiled.words(get_language() or "ja")
    return [
        {
            "pointer": f"/answers{problem.pointer}",
            "code": problem.code,
            "detail": sentence(compiled.told(problem), words),
        }
        for problem in problems
    ]
