"""What is wrong with the form of a request, in the reader's language; django-ninja says it in English only."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def of_fault(error: Mapping[str, Any]) -> str:
    """The sentence of one fault that pydantic found; our own ones have theirs already."""
    code = str(error["type"])
    if "sentence" in error.get("ctx", {}):
        return str(error["msg"])
    if code == "missing":
        return _("この項目が必要です。")
    if code == "extra_forbidden":
        return _("この名前の項目はありません。")
    if code.startswith(("greater_than", "less_than")):
        return _("決められた範囲の外の値です。")
    if code.endswith("too_long"):
        return _("長すぎます。")
    return _("この項目に使えない型か書き方です。説明（/api/v1/openapi.json）で確かめてください。")
