"""An action that is refused, and text that somebody wrote, which may be."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from madoguchi.foundation.text import TextRefused, clean

UNREADABLE: Final[Mapping[str, str]] = {
    "control-character": marked("画面に表示できない文字が含まれています。入力し直してください。"),
    "direction-control": marked("文字の並びを変える特殊な記号が含まれています。入力し直してください。"),
    "unreadable-character": marked(
        "%(place)s文字目は、ほかの機械では読めない文字です（外字または文字化け）。消して、ふつうの文字で入力し直してください。"
    ),
}
"""The sentence of each code with which `foundation.text` refuses a text."""


class ActionRefused(Exception):
    """What was asked cannot be done; the text says why and what to do. `conflict`: somebody else was faster."""

    def __init__(self, sentence: str, *, conflict: bool = False) -> None:
        super().__init__(sentence)
        self.conflict = conflict


def written(text: str, most: int = 0) -> str:
    """What somebody wrote, as it is kept; "" where the eye sees nothing.

    Raises ActionRefused for characters that cannot be kept or shown, and for more than `most` characters.
    """
    try:
        found = clean(text, multiline=True)
    except TextRefused as refused:
        raise ActionRefused(_(UNREADABLE[refused.code]) % {"place": refused.place}) from refused
    if most and len(found) > most:
        raise ActionRefused(_("%(limit)s文字以内で書いてください。") % {"limit": f"{most:,}"})
    return found
