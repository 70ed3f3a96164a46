# ruff: noqa: E501, SIM905
"""Clean tables, and 500 items of personal data planted into them by a seeded generator."""

import random
from datetime import date, timedelta

from stdnum import luhn
from stdnum.jp import in_ as individual_number

from madoguchi.foundation.dates import to_era
from madoguchi.opendata.tests.clean import CLEAN, GIVEN, HYPHENS, KANA, SURNAMES


def wide(text):
    """ASCII as full-width characters."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def kanji(text):
    return text.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


class Planter:
    """Makes personal data. Each maker gives (kind, the column's title or "", the text)."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def number(self, count):
        return "".join(str(self.dice.randrange(10)) for _ in range(count))

    def spelled(self, text):
        """The same with other hyphens, full-width, or spaces and invisible characters in it."""
        hyphen = self.dice.choice(HYPHENS)
        return self.dice.choice([
            text, wide(text), text.replace("-", hyphen), wide(text).replace("－", hyphen), text.replace("-", " "),
            text.replace("-", " - "), text.replace("-", f"{hyphen}\u200b"), f"　{text} ",
        ])  # fmt: skip

    def told(self, text):
        """Alone in its cell, or within a sentence."""
        return self.dice.choice(
            [text, text, f"問い合わせ：{text}", f"{text}（本人）", f"確認済 {text} まで", f"備考\n{text}"]
        )

    def birthday(self):
        day = date(1935, 1, 1) + timedelta(days=self.dice.randrange(29_000))
        era, year = to_era(day)
        one = self.dice.choice([
            day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}", f"{era}{year}年{day.month}月{day.day}日",
            f"{'MTSHR'['明治 大正 昭和 平成 令和'.split().index(era)]}{year}.{day.month}.{day.day}", f"{era[0]}{year}.{day.month}.{day.day}", f"{day.year}年{day.month}月{day.day}日",
        ])  # fmt: skip
        return self.dice.choice([one, wide(one)])

    def my_number(self):
        body = self.number(11)
        whole = body + individual_number.calc_check_digit(body)
        grouped = f"{whole[:4]}-{whole[4:8]}-{whole[8:]}"
        return (
            "my-number",
            self.dice.choice(["", "個人番号", "備考"]),
            self.told(
                self.dice.choice([whole, wide(whole), kanji(whole), self.spelled(grouped), grouped.replace("-", "・")])
            ),
        )

    def mobile(self):
        grouped = (
            f"{self.dice.choice(['090', '080', '070'])}-{self.dice.randrange(1, 10)}{self.number(3)}-{self.number(4)}"
        )
        one = self.dice.choice(
            [
                self.spelled(grouped),
                grouped.replace("-", ""),
                kanji(grouped),
                grouped.replace("-", "."),
                "+81 " + grouped[1:],
                f"({grouped[:3]}){grouped[4:]}",
            ]
        )
        return "phone", self.dice.choice(["", "電話番号", "連絡先電話番号"]), self.told(one)

    def home_phone(self):
        grouped = self.dice.choice(
            [
                f"03-{self.dice.randrange(3, 7)}{self.number(3)}-{self.number(4)}",
                f"045-{self.dice.randrange(2, 10)}{self.number(2)}-{self.number(4)}",
                f"0467-{self.dice.randrange(2, 9)}{self.number(1)}-{self.number(4)}",
            ]
        )
        return (
            "phone",
            "",
            self.told(
                self.dice.choice(
                    [
                        self.spelled(grouped),
                        grouped.replace("-", "."),
                        grouped.replace("-", "(", 1).replace("-", ")"),
                        "+81-" + grouped[1:],
                    ]
                )
            ),
        )

    def email(self):
        one = f"{self.dice.choice(['taro', 'h.suzuki', 'mi_sa-ki', 'ken+x', 'k1984'])}{self.number(2)}@{self.dice.choice(['example.com', 'mail.example.jp', 'example.co.jp'])}"
        return (
            "email",
            "",
            self.told(
                self.dice.choice(
                    [
                        one,
                        wide(one),
                        one.upper(),
                        one.replace("@", "(at)"),
                        one.replace("@", " [at] "),
                        one.replace("@", "★"),
                        one.replace("@", " ＠ "),
                    ]
                )
            ),
        )

    def address(self):
        a, b, c = (self.dice.randrange(1, 30) for _ in range(3))
        chome = self.dice.choice("一二三四五六七八九")
        one = self.dice.choice([
            f"みなと野市緑町{a}丁目{b}番{c}号", f"みなと野市緑町{chome}丁目{b}番地の{c}", f"みなと野県浜辺町大字上野{a * 37}番地", f"みなと野市中区山手{a}-{b}-{c}",
            f"浜辺町西{a}-{b} サンハイツ{c}号室", f"緑ヶ丘{a}-{b}-{c}", f"みなと野市本町{chome}丁目{b}-{c}", f"みなと野市青葉区桜台{kanji(str(a))}番{kanji(str(b))}号", f"字下原{a * 11}",
        ])  # fmt: skip
        return (
            "address",
            "",
            self.dice.choice(
                [one, wide(one), one.replace("-", self.dice.choice(HYPHENS)), one.replace("-", " - "), f"自宅は{one}"]
            ),
        )

    def bank(self):
        seven = self.number(7)
        title, one = self.dice.choice(
            [
                ("口座番号", seven),
                ("口座番号", wide(seven)),
                ("", f"みなと銀行 本町支店 普通 {seven}"),
                ("", f"はまべ信用金庫　浜支店（普）{wide(seven)}"),
                ("", f"口座：{seven}"),
                ("", f"当座 No.{seven}"),
                ("", f"ゆうちょ 1{self.number(4)}-{self.number(8)}"),
                ("", f"ゆうちょ銀行 記号1{self.number(4)} 番号{self.number(7)}1"),
            ]
        )
        return "bank-account", title, one

    def licence(self):
        digits = self.dice.choice(["30", "45", "62", "10", "90"]) + self.number(8)
        rest = sum(int(one) * weight for one, weight in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        whole = digits + str((11 - rest) % 11 % 10) + "0"
        title, one = self.dice.choice(
            [("", whole), ("運転免許証番号", whole), ("", f"免許証 第{whole}号"), ("", wide(whole))]
        )
        return "driving-licence", title, one

    def residence(self):
        letters = "".join(self.dice.choice("ABCDEFGHJKLM") for _ in range(4))
        one = f"{letters[:2]}{self.number(8)}{letters[2:]}"
        return (
            "residence-card",
            self.dice.choice(["", "在留カード番号"]),
            self.told(self.dice.choice([one, wide(one), one.lower(), f"{one[:2]} {one[2:10]} {one[10:]}"])),
        )

    def card(self):
        body = self.dice.choice(["4", "51", "35", "37"])
        body += self.number((14 if body == "37" else 15) - len(body))
        whole = body + luhn.calc_check_digit(body)
        parts = (
            (whole[:4], whole[4:10], whole[10:])
            if len(whole) == 15
            else (whole[:4], whole[4:8], whole[8:12], whole[12:])
        )
        return (
            "payment-card",
            "",
            self.told(self.dice.choice([whole, wide(whole), self.spelled("-".join(parts)), " ".join(parts)])),
        )

    def birth(self):
        day = self.birthday()
        title, one = self.dice.choice(
            [("生年月日", day), ("生年月日", day), ("誕生日", day), ("", f"{day}生まれ"), ("", f"生年月日：{day}")]
        )
        return "birth-date", title, one

    def name(self):
        one = self.dice.choice(SURNAMES) + self.dice.choice(["", " ", "　"]) + self.dice.choice(GIVEN)
        return (
            "name",
            self.dice.choice(["氏名", "申請者氏名", "代表者", "世帯主", "担当者名"]),
            self.dice.choice([one, one + " 様"]),
        )

    def name_anywhere(self):
        one = self.dice.choice(SURNAMES) + self.dice.choice([" ", "　"]) + self.dice.choice(GIVEN)
        return "name", "", one

    def kana(self):
        one = self.dice.choice(KANA)
        half = {"サトウ ハナコ": "ｻﾄｳ ﾊﾅｺ", "タナカ ミサキ": "ﾀﾅｶ ﾐｻｷ"}.get(one, one)
        return (
            "name",
            self.dice.choice(["", "フリガナ", "氏名_カナ"]),
            self.dice.choice([one, half, one.replace(" ", "　")]),
        )

    def address_of_network(self):
        four = ".".join(str(self.dice.randrange(1, 255)) for _ in range(4))
        return (
            "ip-address",
            "",
            self.told(self.dice.choice([four, wide(four), "2001:db8::" + f"{self.dice.randrange(1, 65535):x}"])),
        )

    def coordinates(self):
        return "home-coordinates", "緯度", f"35.{self.number(7)}"

    def plate(self):
        return (
            "number-plate",
            "",
            f"{self.dice.choice(['湘南', '横浜', '品川'])} {self.dice.choice(['300', '580', '51'])} {self.dice.choice('あさたなわ')} {self.dice.randrange(10, 99)}-{self.dice.randrange(10, 99)}",
        )


KINDS = (
    "my_number", "mobile", "home_phone", "email", "address", "bank", "licence", "residence", "card", "birth", "name",
    "name_anywhere", "kana", "address_of_network", "coordinates", "plate",
)  # fmt: skip


def planted(seed, count):
    """(kind, header, rows, row, column, allowed) for each item, each in one of the clean tables."""
    planter = Planter(seed)
    for turn in range(count):
        kind, title, text = getattr(planter, KINDS[turn % len(KINDS)])()
        header, rows, allowed = planter.dice.choice(list(CLEAN.values()))
        header, rows = list(header), [list(row) for row in rows]
        row = planter.dice.randrange(len(rows))
        free = [place for place, name in enumerate(header) if name not in allowed and name not in ("ID", "URL")]
        if title and title not in header:
            header.append(title)
            for one in rows:
                one.append("")
            column = len(header) - 1
        else:
            column = header.index(title) if title else planter.dice.choice(free)
        rows[row][column] = text
        if kind == "home-coordinates":
            header.append("生年月日")
            for one in rows:
                one.append("")
            rows[row][-1] = planter.birthday()
        yield kind, header, rows, row, header[column], allowed
