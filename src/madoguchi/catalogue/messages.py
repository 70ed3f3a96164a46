"""The sentence of every problem: kind, and saying how to fix it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.foundation.dates import format_date

from .compiled import LanguageOf
from .problems import Problem

SENTENCES: Mapping[str, str] = {
    "missing": N_("入力または選択してください。"),
    "too-long": N_("%(limit)s文字以内で入力してください。"),
    "too-small": N_("%(limit)s以上の数を入力してください。"),
    "too-large": N_("%(limit)s以下の数を入力してください。"),
    "not-an-option": N_("表示されている選択肢から選んでください。"),
    "not-agreed": N_("内容を確認し、チェックを付けてください。"),
    "too-few": N_("%(limit)s件以上を入力または選択してください。"),
    "too-many": N_("%(limit)s件以下にしてください。"),
    "too-many-rows": N_("%(limit)s件以下にしてください。"),
    "repeated": N_("同じものが二つあります。一つにしてください。"),
    "unknown-question": N_("この手続にない項目です。取り除いてください。"),
    "unknown-part": N_("この項目にない欄です。取り除いてください。"),
    "wrong-type": N_("形式が違います。手続の説明にある形で入力してください。"),
    "wrong-form": N_("形式が違います。%(form)s"),
    "control-character": N_("画面に表示できない文字が含まれています。入力し直してください。"),
    "direction-control": N_("文字の並びを変える特殊な記号が含まれています。入力し直してください。"),
    "my-number": N_("マイナンバー（個人番号）は、この手続では受け取れません（番号法第15条・第20条）。番号を消してください。"),
    "not-kana": N_("カタカナで入力してください。例：ミナトノ タロウ"),
    "not-a-number": N_("数字で入力してください。例：120"),
    "not-whole": N_("小数のない数字で入力してください。例：120"),
    "too-many-decimals": N_("小数点以下は%(decimals)s桁までで入力してください。"),
    "no-year": N_("年を入力してください。"),
    "no-month": N_("月を入力してください。"),
    "no-day": N_("日を入力してください。"),
    "not-a-date": N_("年・月・日を数字で入力してください。例：2026年4月1日"),
    "no-such-day": N_("暦にない日です。年・月・日を確かめてください。"),
    "not-in-era": N_("その元号にない日です。元号か年を確かめてください。"),
    "too-early": N_("%(limit)s以後の日を入力してください。"),
    "too-late": N_("%(limit)s以前の日を入力してください。"),
    "not-an-email": N_("メールアドレスの形が違います。例：name@example.jp"),
    "not-a-phone": N_("電話番号を市外局番から入力してください。例：045-210-1111"),
    "not-a-postal-code": N_("郵便番号を7桁の数字で入力してください。例：231-0005"),
    "unknown-postal-code": N_("使われていない郵便番号です。番号を確かめてください。"),
    "not-a-corporate-number": N_("法人番号が正しくありません。13桁の数字を確かめてください。"),
    "no-kind": N_("個人か法人かを選んでください。"),
    "file-missing": N_("この添付ファイルは見つかりません。もう一度付けてください。"),
    "file-empty": N_("「%(name)s」は中身が空です。別のファイルを付けてください。"),
    "file-too-large": N_("「%(name)s」は大きすぎます。%(limit)sMB以下にしてください。"),
    "file-kind": N_("「%(name)s」は受け取れない種類のファイルです。%(accept)sを付けてください。"),
    "file-broken": N_("「%(name)s」は開けませんでした。保存し直して付けてください。"),
}


def sentence(problem: Problem, words: LanguageOf) -> str:
    """The problem in the reader's language."""
    if problem.code == "constraint":
        identifier = problem.params["constraint"]
        return words.text(f"constraints.{identifier}", str(problem.params.get("message", "")))
    params: dict[str, Any] = {"limit": "", "form": "", **problem.params}
    params["limit"] = _shown(params.get("limit") or params.get("max") or "")
    return _(SENTENCES.get(problem.code, SENTENCES["wrong-type"])) % params


def _shown(limit: Any) -> str:
    if isinstance(limit, date):
        return format_date(limit, get_language() or "ja")
    return f"{limit:,}" if isinstance(limit, (int, float)) else str(limit)
