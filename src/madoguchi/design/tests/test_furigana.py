"""Readings are right, and writing them over the kanji never breaks a page."""

import html as entities
import re
import threading

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from madoguchi.design import furigana
from madoguchi.design.furigana import readings, ruby, with_readings

LABEL = re.compile(r'<span class="kana">(.*?)</span>', re.DOTALL)
RUBY = re.compile(r"<ruby>(.*?)<rp>（</rp><rt>(.*?)</rt><rp>）</rp></ruby>")


def spoken(text: str) -> str:
    """食[た]べ物[もの]: the annotated text in short. 3日[みっか] is read as a whole, in 5日分[にちぶん] the 日分 is."""
    return RUBY.sub(r"\1[\2]", LABEL.sub(r"\1", ruby(text)))


def without(html: str) -> str:
    """The page as it was before."""
    return RUBY.sub(r"\1", LABEL.sub(r"\1", html))


def page(inside: str) -> str:
    return f'<!doctype html><html lang="ja"><head><title>県庁</title></head><body class="page">{inside}</body></html>'


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(furigana, "_kept", {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("みなと野県", "みなと野[の]県[けん]"),
        ("みなと野県知事", "みなと野[の]県[けん]知事[ちじ]"),
        ("みなと野市本町", "みなと野[の]市[し]本町[ほんちょう]"),
        ("県庁", "県庁[けんちょう]"),
        ("中央保健所", "中央[ちゅうおう]保健所[ほけんじょ]"),
        ("月曜日から金曜日", "月曜日[げつようび]から金曜日[きんようび]"),
        ("水道管", "水道管[すいどうかん]"),
        ("海岸通一丁目", "海岸通[かいがんどおり]一丁目[いっちょうめ]"),
        ("第一種", "第[だい]一[いち]種[しゅ]"),
        ("3年分", "3年[ねん]分[ぶん]"),
        ("30分", "30分[ふん]"),
        ("3日間", "3日間[みっかかん]"),
        ("12日間", "12日間[にちかん]"),
        ("受付票", "受付票[うけつけひょう]"),
        ("動物愛護センター", "動物[どうぶつ]愛護[あいご]センター"),
        ("中小企業支援課", "中[ちゅう]小[しょう]企業[きぎょう]支援[しえん]課[か]"),
        ("県土整備局", "県土[けんど]整備[せいび]局[きょく]"),
        ("不動産業課", "不[ふ]動産[どうさん]業[ぎょう]課[か]"),
        ("産業廃棄物対策課", "産業[さんぎょう]廃棄[はいき]物[ぶつ]対策[たいさく]課[か]"),
        ("景観課", "景観[けいかん]課[か]"),
        ("総務局", "総務[そうむ]局[きょく]"),
    ],
)
def test_the_town_and_its_offices_are_read_as_they_are_called(text: str, expected: str) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("食べ物の 店", "食[た]べ物[もの]の 店[みせ]"),
        ("飲食店営業許可", "飲食[いんしょく]店[てん]営業[えいぎょう]許可[きょか]"),
        ("取り消す", "取[と]り消[け]す"),
        ("申し込み", "申[もう]し込[こ]み"),
        ("受付番号（申請の 番号）", "受付[うけつけ]番号[ばんごう]（申請[しんせい]の 番号[ばんごう]）"),
        ("照会キー", "照会[しょうかい]キー"),
        ("標準処理期間", "標準[ひょうじゅん]処理[しょり]期間[きかん]"),
        ("手数料", "手数[てすう]料[りょう]"),
        ("窓口", "窓口[まどぐち]"),
        ("もう一度", "もう一度[いちど]"),
        ("正しく", "正[ただ]しく"),
        ("明日", "明日[あした]"),
        ("3日の 間に", "3日[みっか]の 間[あいだ]に"),
        ("少ない 数は", "少[すく]ない 数[かず]は"),
        ("役所が 開いて いる 日", "役所[やくしょ]が 開[あ]いて いる 日[ひ]"),
        ("ページを 開いて", "ページを 開[ひら]いて"),
        ("何回も", "何回[なんかい]も"),
        ("何も 入って いません", "何[なに]も 入[はい]って いません"),
        ("市区町村と 町の 名前", "市区町村[しくちょうそん]と 町[まち]の 名前[なまえ]"),
        ("反対する ときに 言う", "反対[はんたい]する ときに 言[い]う"),
        ("第一石油類", "第一石油類[だいいちせきゆるい]"),
        ("令和8年", "令和[れいわ]8年[ねん]"),
        ("汚泥（どろ）", "汚泥[おでい]（どろ）"),
        ("しるし）が 届きました", "しるし）が 届[とど]きました"),
    ],
)
def test_words_are_read_as_people_say_them(text: str, expected: str) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1日", "1日[にち]"),
        ("4月1日", "4月[がつ]1日[ついたち]"),
        ("2026年11月23日", "2026年[ねん]11月[がつ]23日[にち]"),
        ("10日ぐらい", "10日[とおか]ぐらい"),
        ("7日分", "7日分[にちぶん]"),
        ("1人と 2人と 5人", "1人[ひとり]と 2人[ふたり]と 5人[にん]"),
        ("1,000万円", "1,000万円[まんえん]"),
        ("18,300円", "18,300円[えん]"),
        ("15分ぐらい", "15分[ふん]ぐらい"),
        ("3分の1", "3分[ぶん]の1"),
        ("6か月前", "6か月[げつ]前[まえ]"),
        ("第15条", "第[だい]15条[じょう]"),
        ("２０日", "２０日[はつか]"),
    ],
)
def test_counters_follow_their_number(text: str, expected: str) -> None:
    assert spoken(text) == expected


def test_kanji_without_a_known_reading_stay_as_they_are() -> None:
    assert ruby("々々") == "々々"
    assert ruby("葛󠄀城") == "葛󠄀城"  # the variation selector must not be torn from its kanji
    assert without(ruby("𠮷野家の髙橋﨑")) == "𠮷野家の髙橋﨑"


def test_attributes_scripts_options_and_what_is_not_translated_stay_untouched() -> None:
    kept = [
        '<a href="/手続" title="県庁 > 市役所">',
        "<img alt='県庁 > 市役所'>",
        "<script>if (1<2) { text = '<p>県庁</p>' }</script>",
        "<style>p::before { content: '県庁 <' }</style>",
        "<textarea>県庁 <b>市役所</textarea>",
        "<!-- 県庁 <p> -->",
        "<select><option>県庁<option>市役所</select>",
        "<datalist><option>県庁</option></datalist>",
        '<svg><title>県庁</title><path d="M0"/><text>県庁</text></svg>',
        '<ul translate="no"><li>県庁<li>市役所<br><p>保健所</ul>',
        "<p translate='no'>県庁 <b>市役所</b><img> 保健所</p>",
        "<p class=x translate=no>県庁</p>",
        "<ruby>県庁<rt>けんちょう</rt></ruby>",
    ]
    for part in kept:
        assert with_readings(page(part)) == page(part), part
        assert with_readings(page(part + "<p>県</p>")) != page(part + "<p>県</p>"), f"reading went on after {part}"


def test_a_label_stays_one_item_of_its_row() -> None:
    """In a button (flex), words and readings without a common element became a column each, and spaces were lost."""
    shown = with_readings(page("<button> 書いて 送る </button><p>キー</p>"))
    assert re.search(r'<button> <span class="kana"><ruby>書.*</ruby>る</span> </button><p>キー</p>', shown)


def test_the_head_and_a_page_without_a_body_are_left_alone() -> None:
    assert "<title>県庁</title>" in with_readings(page("<p>県庁</p>"))
    assert with_readings("県庁") == "県庁"
    assert with_readings('<body data-name="県庁">県庁').startswith('<body data-name="県庁"><span class="kana"><ruby>')


def test_entities_are_kept() -> None:
    text = "県庁 &amp; 市役所 &lt;県&gt; &quot;県&quot; &#x27;県&#39; &nbsp;&#30476;"
    shown = with_readings(page(text))
    assert without(shown) == page(text)
    assert set(re.findall(r"&[^;]+;", shown)) == set(re.findall(r"&[^;]+;", text))


WORDS = [
    "県庁",
    "食べ物",
    "1人",
    "3日",
    "10日 ",
    "受け付け",
    "&amp;",
    "&lt;",
    "&#x27;",
    "キー",
    "abc",
    " ",
    "\n",
    "（",
    "）",
    "々",
    "葛󠄀",
]
ATTRIBUTES = ["", ' class="県"', ' title="a > 県"', " title='\"県'", ' translate="no"', " hidden", ' data-x="<県>"']
ELEMENTS = [
    "p",
    "div",
    "b",
    "a",
    "li",
    "span",
    "svg",
    "select",
    "option",
    "textarea",
    "script",
    "style",
    "button",
    "ruby",
]


def nodes() -> st.SearchStrategy[str]:
    texts = st.lists(st.sampled_from(WORDS), max_size=5).map("".join)
    odd = st.text(max_size=12).map(entities.escape)
    void = st.sampled_from(
        ["<br>", '<img alt="県 > 庁">', "<input value='県'>", "<hr/>", "<!-- 県 -->", "<!-- <p> -->"]
    )
    return st.recursive(
        texts | odd | void,
        lambda inner: st.tuples(
            st.sampled_from(ELEMENTS), st.sampled_from(ATTRIBUTES), st.lists(inner, max_size=4), st.booleans()
        ).map(lambda t: f"<{t[0]}{t[1]}>{''.join(t[2])}" + (f"</{t[0]}>" if t[3] else "")),
        max_leaves=12,
    )


@given(nodes())
@example("<p translate=no>県庁")
@example("<script>県庁")
@example("< 県庁 >")
@example('<a title="県>庁')
@example("<県庁>")
@example("a<b県庁")
def test_without_the_readings_it_is_the_same_page(inside: str) -> None:
    whole = page(inside.replace("<ruby", "<rb").replace("</ruby", "</rb"))
    assert without(with_readings(whole)) == whole


@given(st.text())
def test_any_text_keeps_its_characters(text: str) -> None:
    text = text.replace("<", "")
    assert without(ruby(text)) == text


def test_a_long_text_is_no_trouble() -> None:
    long = "県庁の窓口で申請する" * 20_000
    assert without(ruby(long)) == long


def test_only_what_may_be_kept_is_kept() -> None:
    with_readings(page("<p>鬼龍院花子の 申請</p>"))
    assert not furigana._kept
    with_readings(page('<p>申請の 状況</p><p translate="no">鬼龍院花子</p>'), keep=True)
    assert list(furigana._kept) == ["申請の 状況"]


def test_what_is_kept_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(furigana, "ROOM", 3)
    for n in range(10):
        assert "けん" in ruby(f"県{n}", keep=True)
    assert len(furigana._kept) == 3


def test_many_pages_at_once() -> None:
    """A tokenizer serves one thread at a time; each thread has its own."""
    failed: list[BaseException] = []

    def read() -> None:
        try:
            for n in range(100):
                ruby(f"{n} 保健所の 人が 店を 見ます。" * 5)
        except BaseException as problem:
            failed.append(problem)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


CORRECTIONS = [*readings().words.items(), *readings().phrases.items()]


@pytest.mark.parametrize(("text", "reading"), CORRECTIONS)
def test_every_correction_is_in_hiragana_and_works(text: str, reading: str) -> None:
    assert re.fullmatch(r"[ぁ-ゖー 　－]+", reading)
    assert RUBY.sub(r"\2", LABEL.sub(r"\1", ruby(text))) == reading
