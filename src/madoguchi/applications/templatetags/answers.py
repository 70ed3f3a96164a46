"""Answers as HTML. Written here and not in a template, since a page shows dozens of them: a fifth of the time."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from ..models import Upload
from ..present import Line

register = template.Library()


@register.simple_tag(takes_context=True)
def answer(context: Any, line: Line) -> SafeString:
    """One answer as a row of a list; its files lead where the page's `file_url` says."""
    return mark_safe(_row(line, context.get("file_url", ""), context.get("reference", "")))  # noqa: S308 - escaped below


def _row(line: Line, file_url: str, reference: str) -> str:
    mark = _("補正で変更")  # beside the markup: what stands inside an f-string is read by no extractor
    changed = f' <span class="dads-chip-label" data-color="orange">{mark}</span>' if line.changed else ""
    statements = [_("申請者の申告：%(said)s") % {"said": one} for one in line.meant]
    said = "".join(f'<p class="answers__typed">{escaped(one)}</p>' for one in statements)
    value = _value(line, file_url, reference)
    return f'<div class="answers__row"><dt>{escaped(line.label)}{changed}</dt>\n<dd>{value}{said}</dd></div>\n'


def _value(line: Line, file_url: str, reference: str) -> str:
    if line.files:
        return _files(line.files, file_url, reference)
    if line.lines:
        parts = (
            f'<li><span class="answers__part">{escaped(one.label)}</span> {escaped(one.text)}{_typed(one.typed)}</li>'
            for one in line.lines
        )
        return f'<ul class="answers__parts">{"".join(parts)}</ul>'
    if line.rows:
        return "".join(_group(title, inner, file_url, reference) for title, inner in line.rows)
    return escaped(normalize_newlines(line.text)).replace("\n", "<br>") + _typed(line.typed)


def _group(title: str, inner: Sequence[Line], file_url: str, reference: str) -> str:
    rows = "".join(_row(one, file_url, reference) for one in inner)
    return f'<p class="answers__row-title">{escaped(title)}</p><dl class="answers__inner">{rows}</dl>'


def _typed(typed: str) -> str:
    if not typed:
        return ""
    text = _("（入力：%(typed)s）") % {"typed": typed}
    return f' <span class="answers__typed">{escaped(text)}</span>'


def _files(files: Sequence[Upload], file_url: str, reference: str) -> str:
    return f'<ul class="answers__files">{"".join(_file(one, file_url, reference) for one in files)}</ul>'


def _file(file: Upload, file_url: str, reference: str) -> str:
    name, size = escaped(file.name), f"{_('（')}{escaped(filesizeformat(file.size))}{_('）')}"
    if not file_url:
        return f"<li>{name}{size}</li>"
    place = escaped(reverse(file_url, args=[reference, file.pk]))
    return f'<li><a class="dads-link" href="{place}">{name}</a>{size}</li>'
