"""The sentences of files, faults and findings."""

import re

from django.utils.translation import gettext as _


def refusal(code: str, line: int = 0, column: int = 0) -> str:
    """Why a file cannot be taken in; `line` and `column` where that is known."""
    sentences = {
        "empty": _("ファイルが空です。表の入ったファイルを選んでください。"),
        "too-large": _("ファイルが大きすぎます。10MB以下に分けて登録してください。"),
        "too-many-cells": _("表が大きすぎます。50万セル以下に分けて登録してください。"),
        "too-many-columns": _("列が多すぎます。250列以下にしてください。"),
        "cell-too-long": _("1つのセルが長すぎます。1万文字以下にしてください。"),
        "not-text": _("文字として読めません。UTF-8のCSVで保存し直してください。"),
        "not-csv": _("CSVまたはXLSXとして読めません。表計算ソフトで保存し直してください。"),
        "not-xlsx": _("XLSXとして読めません。表計算ソフトで保存し直してください。"),
        "stray-quote": _(
            '%(line)s行目の%(column)s列目にある引用符（"）が正しくありません。'
            "引用符の入るセルは、全体を引用符で囲み、中の引用符は2つ続けて書いてください。"
        ),
        "too-demanding": _("ファイルを読むのに時間やメモリーがかかりすぎます。小さく分けて登録してください。"),
        "busy": _("いま混み合っています。少し待って、もう一度送ってください。"),
        "encrypted": _("パスワードがかかっています。外して保存し直してください。"),
        "macros": _("マクロが入っています。マクロのない形式で保存し直してください。"),
    }
    return sentences[code] % {"line": line, "column": column}


def fault(code: str) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    return {**_of_tables(), **_of_files(), **_of_cells()}[code]


def _of_tables() -> dict[str, tuple[str, str]]:
    """Faults of the table and its values."""
    return {
        "title-above": (_("表の上に題名があります。"), _("1行目を列の見出しにしてください。")),
        "header-empty": (_("見出しが空です。"), _("列の名前を書いてください。")),
        "header-twice": (_("同じ見出しが二つあります。"), _("違う名前にしてください。")),
        "header-line-break": (_("見出しの中に改行があります。"), _("改行を消してください。")),
        "header-number": (_("見出しが数だけです。"), _("何の数かがわかる名前にしてください。")),
        "header-spaces": (_("見出しの文字の間に空白があります。"), _("空白を消してください。")),
        "header-name": (_("見出しが長いか、使えない文字があります。"), _("20文字ほどの短い名前にしてください。")),
        "header-two-rows": (_("見出しが2行あります。"), _("見出しを1行にまとめてください。")),
        "no-rows": (_("データの行がありません。"), _("2行目からデータを入れてください。")),
        "blank-row": (_("空の行があります。"), _("行を削除してください。")),
        "blank-column": (_("空の列があります。"), _("列を削除してください。")),
        "second-table": (_("1枚のシートに表が二つあります。"), _("表ごとにファイルを分けてください。")),
        "row-longer": (_("見出しより右にデータがあります。"), _("見出しを付けるか、消してください。")),
        "comma": (_("数に桁区切りのコンマがあります。"), _("コンマを消してください。")),
        "unit": (_("数に単位が付いています。"), _("単位は見出しに書き、セルは数だけにしてください。")),
        "wide-digits": (_("数が全角です。"), _("半角にしてください。")),
        "nothing": (_("値がないことを記号や言葉で書いています。"), _("空のセルにしてください。")),
        "ditto": (_("「同上」や「〃」があります。"), _("上と同じ値を書いてください。")),
        "note": (_("セルに注釈があります。"), _("注釈は別の列に書いてください。")),
        "not-a-number": (_("数の列に、数でないものがあります。"), _("数だけにするか、列を分けてください。")),
        "date": (_("日付の書き方が決まりと違います。"), _("2026-04-01のように書いてください。")),
        "not-a-date": (_("日付の列に、日付でないものがあります。"), _("日付だけにするか、列を分けてください。")),
        "control": (_("見えない制御文字があります。"), _("文字を消してください。")),
        "line-break": (_("セルの中に改行があります。"), _("なるべく改行を消してください。")),
        "remark-row": (
            _("表の下に注釈の行があります。"),
            _("行を削除し、内容はデータセットの説明に書いてください。"),
        ),
        "total-row": (_("合計の行があるようです。"), _("なるべく合計の行を消してください。")),
        "platform": (_("機種によって表示が変わる文字があります。"), _("なるべく普通の文字にしてください。")),
    }


def _of_files() -> dict[str, tuple[str, str]]:
    """Faults that only the file or its number formats show."""
    return {
        "merged": (_("セルが結合されています。"), _("結合をやめ、それぞれのセルに値を書いてください。")),
        "hidden-row": (_("隠れた行があります。"), _("表示するか、削除してください。")),
        "hidden-column": (_("隠れた列があります。"), _("表示するか、削除してください。")),
        "hidden-sheet": (_("隠れたシートがあります。"), _("シートを削除してください。")),
        "several-sheets": (_("シートが二つ以上あります。"), _("1つのファイルは1シートにしてください。")),
        "formula": (
            _("計算式が残っているか、開くと計算式になる文字です。"),
            _("計算した値か、記号で始まらない文字に置きかえてください。"),
        ),
        "comment": (_("セルにコメントがあります。"), _("コメントを削除してください。")),
        "drawing": (_("図やグラフがあります。"), _("削除してください。")),
        "shown-otherwise": (
            _("表示形式で飾られた値がありました。"),
            _("同じ値を、機械で読める書き方にして公開します。"),
        ),
        "format-unknown": (
            _("表示形式が特別で、画面にどう出るかを確かめられません。"),
            _("表示形式を「標準」か「文字列」にして、見えるとおりの値を入れてください。"),
        ),
        "value-hidden": (_("値が表示形式で隠されています。"), _("表示するか、消してください。")),
        "sign-hidden": (
            _("マイナスの数が、色だけで表されています。"),
            _("マイナスの記号が出る表示形式にしてください。"),
        ),
        "day-hidden": (
            _("24時間以上の時間、または日付が、時刻だけの表示形式で隠れています。"),
            _("表示形式を「[h]:mm」にするか、見えるとおりの文字を入れてください。"),
        ),
        "no-such-day": (_("日付として正しくない値です。"), _("正しい日付を入れ直してください。")),
        "hash": (
            _("画面に「#####」と出る値です。"),
            _("値と表示形式を確かめてください。"),
        ),
        "not-utf8": (_("文字コードがUTF-8ではありません。"), _("公開するときにUTF-8に直します。")),
        "not-comma": (_("区切りがコンマではありません。"), _("公開するときにコンマ区切りに直します。")),
    }


def _of_cells() -> dict[str, tuple[str, str]]:
    """What a program did to a cell before it came here, and what is done about it."""
    return {
        "error-value": (
            _("計算できなかった印（#N/Aなど）が残っています。"),
            _("正しい値を入れるか、空のセルにしてください。"),
        ),
        "exponent": (
            _("長い数が「8.00002E+12」のような形になり、けたが失われています。"),
            _("表示形式を「文字列」にして、元の数をすべて入れ直してください。"),
        ),
        "replacement": (
            _("読めない文字（�）があります。別の文字コードで保存したときに失われた字です。"),
            _("元の字を入れ直してください。"),
        ),
        "private-use": (
            _("外字があります。ほかのコンピューターでは見えません。"),
            _("同じ意味の普通の字に直すか、かなで書いてください。"),
        ),
        "garbled": (
            _("文字化けしています。"),
            _("元のファイルを開き直し、UTF-8のCSVかXLSXで保存してください。"),
        ),
        "radical": (
            _("漢字の代わりに、同じ形の部首の記号が使われていました。"),
            _("同じ形の漢字に直して公開します。"),
        ),
        "radical-unknown": (
            _("漢字の代わりに、部首の記号が使われています。"),
            _("見た目の同じ漢字に打ち直してください。"),
        ),
        "invisible": (_("見えない文字がありました。"), _("消して公開します。")),
        "decomposed": (_("濁点が離れた書き方のかながありました。"), _("1文字に直して公開します。")),
        "excel-text": (
            _('セルが「="…"」の形で書かれていました。'),
            _("表計算ソフトに出るとおり、中の文字を公開します。"),
        ),
    }


def place_words(place: str, sheet: str = "") -> str:
    """The sheet, row and column of a cell (B7); another place (B:B, the whole file) as it is."""
    cell = re.fullmatch(r"([A-Z]{1,3})(\d+)", place)
    words = _("%(row)s行目・%(column)s列") % {"row": cell[2], "column": cell[1]} if cell else place
    return _("シート「%(sheet)s」 %(place)s") % {"sheet": sheet, "place": words} if sheet and place else words


def kind(code: str) -> str:
    """The kind of personal data."""
    names = {
        "my-number": _("個人番号（マイナンバー）"),
        "phone": _("電話番号"),
        "email": _("メールアドレス"),
        "address": _("番地までの住所"),
        "bank-account": _("口座番号"),
        "driving-licence": _("運転免許証の番号"),
        "residence-card": _("在留カードの番号"),
        "passport": _("旅券の番号"),
        "pension": _("年金の番号"),
        "insured": _("保険証の番号"),
        "payment-card": _("クレジットカードの番号"),
        "ip-address": _("IPアドレス"),
        "number-plate": _("車のナンバー"),
        "birth-date": _("生年月日"),
        "name": _("人の名前"),
        "home-coordinates": _("個人についての詳しい位置"),
    }
    return names[code]


def type_name(code: str) -> str:
    """The type of a column."""
    names = {
        "string": _("文字"),
        "integer": _("整数"),
        "number": _("小数"),
        "boolean": _("はい・いいえ"),
        "date": _("日付"),
        "datetime": _("日時"),
    }
    return names[code]
