"""The sentence of every problem: kind, and saying how to fix it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as marked

from madoguchi.foundation.dates import format_date, to_era
from madoguchi.platform.refusing import UNREADABLE

from .compiled import LanguageOf
from .problems import Problem

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
    "not-kana": marked("カタカナで入力してください。例：ミナトノ タロウ"),
    "not-a-number": marked(
        "数字で入力してください。使えるのは、数字、小数点、3桁ごとの区切りのコンマだけです。例：120、1,200、52.5"
    ),
    "not-whole": marked("小数のない数字で入力してください。例：120、1,200"),
    "too-many-decimals": marked("小数点以下は%(decimals)s桁までで入力してください。"),
    "no-year": marked("年を入力してください。"),
    "no-month": marked("月を入力してください。"),
    "no-day": marked("日を入力してください。"),
    "not-a-date": marked("年・月・日を数字で入力してください。例：2026年4月1日"),
    "no-such-day": marked("暦にない日です。年・月・日を確かめてください。"),
    "unclear-year": marked("元号を選んで元号の年を入力するか、西暦の年を4桁で入力してください。例：平成8年、1996年"),
    "no-such-era": marked("元号を選ぶか、西暦の年を4桁で入力してください。"),
    "not-in-era": marked(
        "その元号にない日です。%(right)sのことでしたら、「%(era)s」を選び、年に%(year)sと入力してください。"
    ),
    "too-early": marked("%(limit)s以後の日を入力してください。"),
    "too-late": marked("%(limit)s以前の日を入力してください。"),
    "not-an-email": marked("メールアドレスの形が違います。例：name@example.jp"),
    "not-a-phone": marked(
        "電話番号を市外局番から入力してください。携帯電話と050の番号は11桁、固定電話は10桁です。"
        "外国の番号は「+」から入力してください。例：045-210-1111、090-1234-5678"
    ),
    "not-a-postal-code": marked("郵便番号を7桁の数字で入力してください。例：231-0005"),
    "unknown-postal-code": marked("使われていない郵便番号です。番号を確かめてください。"),
    "not-a-prefecture": marked("都道府県を一覧から選んでください。例：東京都"),
    "prefecture-elsewhere": marked("この郵便番号は%(place)sのものです。郵便番号か都道府県を確かめてください。"),
    "town-elsewhere": marked("この郵便番号は%(place)sのものです。郵便番号か市区町村を確かめてください。"),
    "not-a-corporate-number": marked("法人番号が正しくありません。13桁の数字を確かめてください。"),
    "no-kind": marked("個人か法人かを選んでください。"),
    "unchanged": marked("前の答えと同じです。直すか、直さない場合は「このままで正しい」にチェックを付けてください。"),
    "file-missing": marked("この添付ファイルは見つかりません。もう一度付けてください。"),
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
}


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
