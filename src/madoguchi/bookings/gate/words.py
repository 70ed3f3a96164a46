"""What a gate says: one word to see from afar, and one sentence that tells what to do."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Words(NamedTuple):
    """`tone`: good, look or bad; never by colour alone."""

    tone: str
    word: str | Promise
    sentence: str | Promise


WORDS = {
    "admitted": Words("good", _("入場できます"), _("お通しください。")),
    "check": Words("look", _("確かめてください"), _("確かめてから、入場を決めてください。")),
    "again": Words("bad", _("入場済みです"), _("このチケットは、すでに使われています。")),
    "cancelled": Words("bad", _("取り消されています"), _("このチケットは取り消されています。窓口へ案内してください。")),
    "forged": Words(
        "bad", _("本物ではありません"), _("署名が正しくありません。正しく発行されたチケットではありません。")
    ),
    "unknown-key": Words(
        "look",
        _("まだ確かめられません"),
        _(
            "まだお通しできません。この端末を一度つながる場所へ持っていくと、新しい鍵を覚えます。それから、もう一度読み取ってください。"
        ),
    ),
    "unreadable": Words(
        "bad", _("読み取れません"), _("チケットの二次元コードではないか、欠けています。もう一度読み取ってください。")
    ),
    "elsewhere": Words("bad", _("ほかの施設です"), _("ほかの施設のチケットです。施設の名前を一緒に確かめてください。")),
    "other-day": Words("bad", _("日が違います"), _("今日のチケットではありません。日付を一緒に確かめてください。")),
    "early": Words("bad", _("まだ早いです"), _("入場できる時刻の前です。時刻になったら、もう一度読み取ってください。")),
    "late": Words("bad", _("時刻を過ぎました"), _("入場できる時刻が過ぎています。窓口へ案内してください。")),
    "undone": Words("look", _("取り消しました"), _("入場を取り消しました。同じチケットをもう一度使えます。")),
}
