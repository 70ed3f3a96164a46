"""Valid answers to a procedure, ready to be sent: small files stand inside them."""

import base64
import io
from collections.abc import Mapping
from functools import cache
from typing import Any

import pikepdf
from django.conf import settings
from PIL import Image

from madoguchi.catalogue.checking.examples import NotAccepted, load_examples
from madoguchi.catalogue.compiled import Compiled
from madoguchi.catalogue.questions.base import Uploads


def sample(compiled: Compiled) -> dict[str, Any]:
    """The answers of the first accepted example of the definition; empty where it has none."""
    found = (one for _file, one in load_examples(settings.PROCEDURES_DIR / compiled.procedure.code))
    first = next((one for one in found if not isinstance(one.outcome, NotAccepted)), None)
    if first is None:
        return {}
    answers: dict[str, Any] = compiled.judge(first.answers).answers  # spelt as the schema says
    for path, question, ids in compiled.files_in(answers):
        place: Any = answers
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = [_sent(question, number) for number in range(1, len(ids) + 1)]
    return answers


def _sent(question: Uploads, number: int) -> Mapping[str, str]:
    kind = question.accept[0]
    return {"name": f"{question.id}-{number}.{kind}", "content": base64.b64encode(_file(kind, number)).decode()}


@cache
def _file(kind: str, number: int) -> bytes:
    """The smallest file of a kind; `number` makes it another one."""
    out = io.BytesIO()
    if kind == "pdf":
        pdf = pikepdf.new()
        pdf.add_blank_page(page_size=(100 + number, 100))
        pdf.save(out, deterministic_id=True)
    else:
        Image.new("L", (8 + number, 8), 255).save(out, kind)
    return out.getvalue()
