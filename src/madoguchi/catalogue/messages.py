"""The sentence of every problem: kind, and saying how to fix it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from madoguchi.foundation.dates import format_date, to_era
from madoguchi.platform.refusing import UNREADABLE

from .problems import Problem
from .questions import TYPES
from .wording import LanguageOf

SENTENCES: Mapping[str, str] = {
    "missing": marked("入力または選択してください。"),
    "too-long": marked("%(limit)s文字以内で入力してください。"),
    "too-small": marked("%(limit)s以上の数を入力してください。"),
    "too-large": marked("%(limit)s以下の数を入力してください。"),
    "not-an-option": marked("表示されている選択肢から選んでください。"),
    "not-agreed": marked("内容を確認し、チェックを付けてください。"),
    "too-few": marked("%(limit)s件以上を入力または選択してください。"),
    "too-many": marked("%(limit)s件以下にしてください。"),
    "too-many-rows": marked("%(limit)s件以下にしてください。"),
    "repeated": marked("同じものが二つあります。一つにしてください。"),
    "unknown-question": marked("この手続にない項目です。取り除いてください。"),
    "unknown-part": marked("この項目にない欄です。取り除いてください。"),
    "wrong-type": marked("形式が違います。手続の説明にある形で入力してください。"),
    "wrong-form": marked("形式が違います。%(form)s"),
    **UNREADABLE,
    "unprintable-variant": marked(
        "文書に印刷できない字形があります：%(characters)s。「%(plain)s」と入力するか、カタカナで入力してください。"
    ),
    "unprintable": marked(
        "文書に印刷できない文字があります：%(characters)s。ほかの字か、カタカナ、アルファベットで入力してください。"
    ),
    "my-number": marked(
        "マイナンバー（個人番号）は、この手続では受け取れません（番号法第15条・第20条）。番号を消してください。"
    ),
    "unchanged": marked("前の答えと同じです。直すか、直さない場合は「このままで正しい」にチェックを付けてください。"),
    "file-empty": marked("「%(name)s」は中身が空です。別のファイルを付けてください。"),
    "file-too-large": marked("「%(name)s」は大きすぎます。%(limit)sMB以下にしてください。"),
    "file-too-many-pixels": marked("「%(name)s」は画素が多すぎます。%(limit)s百万画素以下の画像にしてください。"),
    "file-kind": marked("「%(name)s」は受け取れない種類のファイルです。%(accept)sを付けてください。"),
    "file-heic": marked(
        "「%(name)s」はHEIC形式の写真です。JPEGで付けてください。iPhoneは「設定」の「カメラ」の「フォーマット」で"
        "「互換性優先」を選ぶとJPEGで撮れます。撮った写真は、画面に出してスクリーンショットを付けてください。"
    ),
    "file-password": marked(
        "「%(name)s」にはパスワードがかかっています。パスワードを外して保存し直し、付けてください。"
    ),
    "file-too-demanding": marked(
        "「%(name)s」は、開くのに時間やメモリーがかかりすぎます。"
        "PDFに印刷し直すか、解像度を下げるか、ページを分けて付けてください。"
    ),
    "file-busy": marked("いま混み合っていて「%(name)s」を確かめられませんでした。少し待って、もう一度付けてください。"),
    "file-broken": marked("「%(name)s」は開けませんでした。保存し直して付けてください。"),
    **{code: text for kind in TYPES for code, text in kind.sentences.items()},
}
"""What several types refuse, what is wrong with files, and what each type says itself."""


def sentence(problem: Problem, words: LanguageOf) -> str:
    """The problem in the reader's language."""
    if problem.code == "constraint":
        identifier = problem.params["constraint"]
        return words.text(f"constraints.{identifier}", str(problem.params.get("message", "")))
    params: dict[str, Any] = {"limit": "", "form": "", **problem.params}
    if isinstance(right := params.get("right"), date):
        era, year = to_era(right)
        params |= {"right": format_date(right, get_language() or "ja"), "era": _(era), "year": year}
    params["limit"] = _shown(params.get("limit") or params.get("max") or "")
    return _(SENTENCES.get(problem.code, SENTENCES["wrong-type"])) % params


def _shown(limit: Any) -> str:
    if isinstance(limit, date):
        return format_date(limit, get_language() or "ja")
    if isinstance(limit, float) and limit.is_integer():
        limit = int(limit)
    return f"{limit:,}" if isinstance(limit, (int, float)) else str(limit)
