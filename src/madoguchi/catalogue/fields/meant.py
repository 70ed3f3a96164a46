"""What a person may say of a value that only looks wrong, as checkboxes beside its field."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from .. import insistence
from ..problems import Problem
from ..questions.drawing import Meant


def meant_labels() -> dict[str, str]:
    """What a person says of a value that only looks wrong, by the problem's code."""
    return {
        "my-number": _("この番号はマイナンバーではありません"),
        "prefecture-elsewhere": _("この都道府県で間違いありません"),
        "town-elsewhere": _("この市区町村で間違いありません"),
        "unknown-postal-code": _("この郵便番号で間違いありません"),
    }


def of_values(problems: Sequence[Problem], answers: Mapping[str, Any]) -> dict[str, list[Meant]]:
    """By field: what may be insisted on now, and what was insisted on before of the same value."""
    labels = meant_labels()
    boxes = {(code, name): (mark, True) for code, name, mark in insistence.places(answers)}
    for one in problems:
        if one.code in insistence.MAY_BE_MEANT:  # told again: what was said before was said of another value
            boxes[one.code, one.name] = (str(one.params.get(insistence.MARK, "")), False)
    found: dict[str, list[Meant]] = {}
    for (code, name), (mark, is_checked) in sorted(boxes.items()):
        said = f"{code} /{name.replace('.', '/')} {mark}".rstrip()
        box = Meant(said, f"{name.replace('.', '-')}-{code}", labels.get(code, ""), is_checked)
        found.setdefault(name, []).extend([box] if box.label else [])
    return found
