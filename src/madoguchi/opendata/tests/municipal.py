# ruff: noqa: E501
"""Files as municipalities publish them: real headings and layouts, contents invented. Built, not kept.

The headings of the first fourteen are those of 推奨データセット, of the next those of 自治体標準オープンデータセット;
the others follow what cities publish beside. `seen` are the rows that a spreadsheet shows, as machines read them.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta

import openpyxl

from madoguchi.opendata.tests.recommended import OPEN, RECOMMENDED

STANDARD = [
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "名称",
    "名称_カナ",
    "名称_英語",
    "所在地_全国地方公共団体コード",
    "町字ID",
    "所在地_連結表記",
    "所在地_都道府県",
    "所在地_市区町村",
    "所在地_町字",
    "所在地_番地以下",
    "建物名等(方書)",
    "緯度",
    "経度",
    "高度の種別",
    "高度の値",
    "電話番号",
    "内線番号",
    "連絡先メールアドレス",
    "連絡先FormURL",
    "郵便番号",
    "法人番号",
    "団体名",
]
NAMES = ("みなと中央図書館", "青葉小学校体育館", "浜辺公民館", "第二児童公園")
KANA = ("ミナトチュウオウトショカン", "アオバショウガッコウタイイクカン", "ハマベコウミンカン", "ダイニジドウコウエン")
ENGLISH = ("Minato Central Library", "Aoba Elementary School Gym", "Hamabe Community Hall", "Second Children's Park")
DAY = date(2024, 4, 1)


def value(title, n):
    """An invented value for the n-th row under a heading."""
    told = {
        "都道府県コード又は市区町村コード": "141003", "全国地方公共団体コード": "141003", "市区町村コード": "141003", "所在地_全国地方公共団体コード": "141003",
        "都道府県名": "みなと野県", "所在地_都道府県": "みなと野県", "市区町村名": "みなと野市", "所在地_市区町村": "みなと野市", "地方公共団体名": "みなと野市",
        "NO": f"{n + 1:010}", "ID": f"{n + 1:012}", "名称_英語": ENGLISH[n % 4], "イベント名_英語": "Harbour Festival", "名称_通称": "", "方書": "", "建物名等(方書)": "",
        "住所": f"みなと野市本町{n + 1}丁目2番3号", "所在地_連結表記": f"みなと野県みなと野市本町{n + 1}丁目2番3号", "所在地_町字": f"本町{n + 1}丁目", "所在地_番地以下": "2番3号",
        "緯度": f"35.44370{n + 1}", "経度": f"139.63802{n + 1}", "location": "", "標高": str(n + 3), "高度の種別": "海抜", "高度の値": str(n + 2), "町字ID": f"000{n}001",
        "電話番号": f"045-222-010{n}", "連絡先電話番号": f"045-222-020{n}", "FAX番号": f"045-222-030{n}", "内線番号": "", "連絡先内線番号": "123", "連絡先メールアドレス": "koho@city.minatono.example",
        "法人番号": "8000020141003", "団体名": "みなと野市", "法人の名称": "社会福祉法人みなと会", "郵便番号": f"231-000{n}", "事業所番号": f"147010000{n}", "医療機関コード": f"141000{n}",
        "開始時間": "9:00", "終了時間": "17:30", "診療開始時間": "9:00", "診療終了時間": "18:00", "利用開始時間": "0:00", "利用終了時間": "24:00", "参加申込終了時間": "17:00",
        "開始日": f"2026-0{n + 4}-01", "終了日": f"2026-0{n + 4}-02", "参加申込終了日": "2026-03-31", "認可等年月日": f"200{n}-04-01", "文化財指定日": f"198{n}-03-15", "登録日": "2024-04-01", "最終更新日": "2026-04-01", "調査年月日": "2026-04-01",
        "受入年齢": f"{n}歳から", "収容定員": str(60 + n), "定員": str(20 + n), "病床数": str(n), "口径": "65", "種別": ("公設防火水槽", "消火栓", "認可保育所", "防火井戸")[n], "実施サービス": "訪問介護",
        "診療科目": "内科;小児科", "診療曜日": "月火水金土", "時間外における対応": "なし", "医療機関の種類": "診療所", "主催者": "みなと野市観光協会", "所有者等": "青葉神社", "設置者": "みなと野市",
        "SSID": "Minato_Free-WiFi", "提供エリア": "館内", "設置位置": "1階入口", "料金(基本)": "無料", "料金(詳細)": "", "URL": f"https://www.city.minatono.example/{n}", "連絡先FormURL": "https://www.city.minatono.example/form",
        "文化財分類": "県指定", "種類": "建造物", "場所名称": "青葉神社", "員数（数）": "1", "員数（単位）": "棟", "地域コード": f"14100300{n}", "地域名": f"本町{n + 1}丁目", "データ名称": "公共施設一覧", "ライセンス": "CC BY 4.0",
        "指定避難所との重複": "1", "想定収容人数": str(800 + n), "対象となる町会・自治会": "本町東自治会", "POIコード": f"130{n}", "イベント名": "みなとまつり", "イベント名_カナ": "ミナトマツリ", "連絡先名称": "観光課",
        "バリアフリー情報": "車いす可", "アクセス方法": "みなと駅から徒歩5分", "駐車場情報": "普通車20台", "利用可能曜日": "月火水木金", "備考": ("", "体育館と校庭", "夜間は施錠", "")[n],
    }  # fmt: skip
    if title in told:
        return told[title]
    if title.endswith(("カナ",)):
        return KANA[n % 4]
    if title.endswith(("名称", "名")):
        return NAMES[n % 4]
    if title.startswith("災害種別") or title.endswith("有無"):
        return "1" if n % 2 else ""
    if "トイレ" in title or "性" in title or title in ("総人口", "世帯数"):
        return str(100 + 7 * n)
    return ""


@dataclass(frozen=True)
class Model:
    """One file: its bytes, the rows that are seen, and what is expected of it: `stops` (faults), `held` (kinds)."""

    content: bytes
    seen: list
    stops: frozenset = frozenset()
    held: frozenset = frozenset()
    contacts: tuple = field(default=())


def text(rows, codec="utf-8-sig", delimiter=",", end="\r\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue().encode(codec)


def book(rows, formats=None, change=None, title="Sheet1"):
    """A workbook; `formats` are number formats by column from 1, for the rows below the first."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for column, code in (formats or {}).items():
        for number in range(2, len(rows) + 1):
            sheet.cell(number, column).number_format = code
    if change:
        change(sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def listed(header, count=4):
    return [header, *([value(title, n) for title in header] for n in range(count))]


def plain(rows, codec="utf-8-sig", **more):
    """A CSV that shows what stands in it."""
    delimiter = more.pop("delimiter", ",")
    return Model(text(rows, codec, delimiter), rows, **more)


def expected(codes="", kinds="", contacts=()):
    return {"stops": frozenset(codes.split()), "held": frozenset(kinds.split()), "contacts": contacts}


CODECS = ("utf-8-sig", "cp932", "utf-8", "utf-8-sig")
MODELS = {name: plain(listed(header), CODECS[place % 4]) for place, (name, header) in enumerate(RECOMMENDED.items())}

DAYS = [DAY + timedelta(days=n) for n in range(4)]
BUDGET = [
    ["款", "項", "予算額", "増減"],
    ["民生費", "社会福祉費", 1234567, 1200],
    ["民生費", "児童福祉費", 987654, -3400],
    ["土木費", "道路橋りょう費", 456789, 0],
]
LONG = "指定暑熱避難施設の開放により受け入れることが可能であると見込まれる人数"
MEMBERS = [
    ["議席番号", "氏名", "会派", "当選回数"],
    ["1", "佐藤 花子", "みなと会", "3"],
    ["2", "鈴木一郎", "新風", "1"],
    ["3", "高橋 健", "無所属", "2"],
]

MODELS |= {
    "標準の公共施設": plain(listed([*STANDARD, *OPEN, "備考"])),
    "標準の暑熱避難施設": plain([[*row, str(40 + n) if n else LONG] for n, row in enumerate(listed(STANDARD))]),
    "食品等営業許可": plain([["全国地方公共団体コード", "ID", "営業施設名称", "営業者氏名", "営業の種類", "許可年月日"], ["141003", "1", "みなと食堂", "株式会社みなと", "飲食店営業", "2024-04-01"], ["141003", "2", "浜の茶屋", "佐藤 花子", "喫茶店営業", "2024-05-01"]], **expected(kinds="name")),
    "学校給食献立": plain([["日付", "主食", "主菜", "副菜", "牛乳", "エネルギー（kcal）", "食塩相当量（g）", "アレルゲン"], ["2026-04-08", "ごはん", "さばのみそ煮", "ひじき煮", "○", "612", "2.1", "乳;さば;大豆"], ["2026-04-09", "パン", "チキンカツ", "コーンスープ", "○", "655", "2.8", "乳;小麦;卵"]]),
    "投票所": plain([["投票区", "投票所名", "所在地", "対象区域"], ["第1", "青葉小学校", "みなと野市本町1丁目2番3号", "本町"], ["第2", "浜辺公民館", "みなと野市浜町4-5-6", "浜町"]], "cp932", **expected(kinds="address", contacts=("所在地",))),
    "ごみ分別": plain([["品名", "区分", "出し方の注意"], ["アイロン", "小型家電", "-"], ["油（食用）", "燃えるごみ", "固めるか、布にしみこませて"], ["@型カセット", "プラスチック", "-5cm角以下に切る"]]),
    "ごみ収集日": plain([["地区", "燃えるごみ", "資源", "粗大"], ["本町", "月・木", "水", "申込制"], ["浜町", "火・金", "木", "申込制"]], "cp932"),
    "道路工事": Model(book([["路線名", "工事名", "開始", "終了", "規制"], ["市道1号線", "舗装補修", DAYS[0], DAYS[1], "片側交互通行"], ["市道2号線", "下水道管布設", DAYS[2], DAYS[3], "通行止"]], {3: '[$-411]ggge"年"m"月"d"日"', 4: "yyyy/m/d"}),
                   [["路線名", "工事名", "開始", "終了", "規制"], ["市道1号線", "舗装補修", "2024-04-01", "2024-04-02", "片側交互通行"], ["市道2号線", "下水道管布設", "2024-04-03", "2024-04-04", "通行止"]]),
    "予算（題名と単位の行）": Model(book([["令和8年度一般会計歳出予算"], ["", "", "（単位：千円）"], *BUDGET]), [], **expected("title-above row-longer not-a-number")),
    "予算": Model(book(BUDGET, {3: "#,##0", 4: '#,##0;"▲ "#,##0;0'}), [BUDGET[0], ["民生費", "社会福祉費", "1234567", "1200"], ["民生費", "児童福祉費", "987654", "-3400"], ["土木費", "道路橋りょう費", "456789", "0"]]),
    "予算（桁区切りのCSV）": plain([BUDGET[0], ["民生費", "社会福祉費", "1,234,567", "1,200"], ["民生費", "児童福祉費", "987,654", "▲3,400"], ["土木費", "道路橋りょう費", "456,789", "0"]], "cp932", **expected("comma")),
    "人口（見出しが2行）": Model(book([["地区", "人口", "", ""], ["", "総数", "男", "女"], ["本町", 100, 48, 52], ["浜町", 90, 44, 46]], change=lambda sheet: sheet.merge_cells("B1:D1")), [], **expected("merged header-empty header-two-rows row-longer not-a-number")),
    "統計年表（下に注記）": plain([["地区", "世帯数", "人口"], ["本町", "410", "980"], ["浜町", "300", "710"], ["資料：市民課「住民基本台帳」", "", ""], ["※各年4月1日現在", "", ""]], "cp932", **expected("remark-row")),
    "統計年表（空行の下に注記）": plain([["年", "世帯数"], ["2024", "410"], ["2025", "420"], [], ["（注）4月1日現在"]], "cp932", **expected("blank-row remark-row note")),
    "図書館蔵書統計": Model(book([["館名", "一般書", "児童書", "貸出率"], ["中央図書館", 412345, 98765, 0.483], ["青葉図書館", 98000, 31000, 0.5]], {2: "#,##0", 3: "#,##0", 4: "0.0%"}), [], **expected("unit")),
    "騒音測定": plain([["地点", "昼間", "夜間", "環境基準"], ["国道1号", "68", "63", "×"], ["県道2号", "64", "-", "○"], ["市道3号", "61", "55", "○"]], **expected("nothing")),
    "議員名簿": plain(MEMBERS, **expected(kinds="name")),
    "学校一覧": plain([["学校名", "校長名", "児童数"], ["青葉小学校", "田中 美咲", "410"], ["浜辺小学校", "山本 翔太", "300"]], **expected(kinds="name")),
    "保育所の空き": plain([["施設名", "0歳児", "1歳児", "2歳児"], ["みなと保育所", "○", "△", "×"], ["ひかり園", "×", "×", "○"]], "cp932"),
    "公園": plain([["id", "name", "latitude", "longitude", "area"], ["1", "みなと公園", "35.443708", "139.638026", "1200.5"], ["2", "浜辺ひろば", "35.451201", "139.630011", "800.25"]], "utf-8"),
    "バス停（GTFS）": plain([["stop_id", "stop_name", "stop_lat", "stop_lon", "zone_id"], ["0001_01", "みなと駅前", "35.443708", "139.638026", "z1"], ["0001_02", "小林橋", "35.443809", "139.638127", "z1"]], "utf-8"),
    "感染症発生動向": plain([["年", "週", "疾病", "報告数", "定点当たり"], ["2026", "1", "インフルエンザ", "120", "4.80"], ["2026", "2", "インフルエンザ", "95", "3.80"]]),
    "施設の利用時間": Model(book([["施設", "開始", "終了", "気温"], ["市民プール", 0.375, 0.875, -5.2], ["夜の図書館", 0.75, 25 / 24, 3.0]], {2: "h:mm", 3: "[h]:mm", 4: "0.0"}), [["施設", "開始", "終了", "気温"], ["市民プール", "9:00", "21:00", "-5.2"], ["夜の図書館", "18:00", "25:00", "3.0"]]),
    "職員数": plain([["部局名", "職員数", "うち女性"], ["総務部", "120", "48"], ["市民部", "95", "51"]]),
    "入札結果": plain([["件名", "落札者", "予定価格", "契約金額", "契約日"], ["庁舎清掃", "株式会社みなと", "1200000", "1100000", "2026-04-01"], ["公園管理", "浜辺造園(有)", "800000", "790000", "2026-04-02"]], "cp932"),
    "タブ区切りのUTF-16": plain([["番号", "名称", "人数"], ["1", "青葉会館", "120"], ["2", "浜辺会館", "80"]], "utf-16", delimiter="\t"),
    "郵便番号の書き方": Model('郵便番号,局名,備考\r\n="0600042",中央,\r\n="0600001",北,夜間窓口あり\r\n'.encode("cp932"), [["郵便番号", "局名", "備考"], ["0600042", "中央", ""], ["0600001", "北", "夜間窓口あり"]]),
    "防災無線の子局": Model(book([["子局番号", "設置場所", "更新"], [42, "青葉小学校", DAYS[0]], [1042, "浜辺公民館", DAYS[1]]], {1: "000000", 3: "m/d/yyyy"}), [["子局番号", "設置場所", "更新"], ["000042", "青葉小学校", "2024-04-01"], ["001042", "浜辺公民館", "2024-04-02"]]),
    "法人番号が指数": Model(book([["法人番号", "名称"], [8000020130001, "みなと会"], [7000012050002, "浜辺会"]]), [], **expected("exponent")),
    "税収（計算式）": Model(book([["年度", "税収", "前年差"], [2024, 100, None], [2025, 120, "=B3-B2"]]), [], **expected("formula")),
    "番号が続く集会所": plain([["ID", "名称", "収容人数"], *([f"{n:012}", f"第{n}集会所", str(10 + n)] for n in range(1, 60))]),
    "列の辞書": plain([["original_name", "display_name", "unit"], ["F001", "洋式トイレ", "個"], ["F002", "手洗い場", "個"]]),
    "消防団": plain([["id", "name", "telephoneNumber"], ["1", "第1分団", "0123-45-6789"], ["2", "第2分団", "0123-45-6780"]], **expected(kinds="phone", contacts=("telephoneNumber",))),
    "住民の名簿": plain([["氏名", "年齢", "住所", "電話番号", "緯度", "経度"], ["佐藤 花子", "42", "みなと野市本町1-2-3", "090-1234-5678", "35.443708", "139.638026"]], **expected(kinds="name address phone home-coordinates")),
    "英語の住民名簿": plain([["id", "name", "age"], ["1", "Taro Yamada", "42"], ["2", "Hanako Sato", "35"]], **expected(kinds="name")),
}  # fmt: skip
