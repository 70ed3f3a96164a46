"""Characters that stand for another: variant kanji of names and places, and radicals that look like a kanji."""

from typing import Final

_VARIANTS: Final = """
    高髙 崎﨑碕嵜 吉𠮷 浜濱濵 斉齊齋斎 沢澤 辺邊邉 広廣 桜櫻 国國 徳德 恵惠 真眞 島嶋嶌
    竜龍 蔵藏 瀬瀨 槙槇 柳栁 静靜 富冨 館舘 峰峯 弥彌 寛寬 条條 寿壽 万萬
    学學 栄榮 児兒 来來 黒黑 増增 渕淵 円圓 会會 鉄鐵 関關 横橫 曽曾 薮藪
    桧檜 塩鹽 豊豐 闘鬪 ケヶ 滝瀧 亀龜龟 桑桒 宝寶 実實 芸藝 尭堯 遥遙 凛凜
    篭籠 祢禰 莱萊 祷禱 鴎鷗 鯵鰺 麹麴 繋繫 頬頰 掴摑 填塡 剥剝 叱𠮟 鶴靏靍
    野埜 仏佛 当當 与與 渋澁 岳嶽 総總縂 壱壹 弐貳貮 県縣 区區 駅驛 応應 巌巖
    厳嚴 勲勳 薫薰 黄黃 歩步 頼賴 緑綠 録錄 郎郞 郷鄕鄉 聡聰 毎每 清淸 青靑
    産產 彦彥 顔顏 宮宫 呂吕 温溫 巻卷 姫姬 戸戶户 歳歲 税稅 説說 間閒 稲稻
    穂穗 浅淺 銭錢 戦戰 単單 禅禪 済濟 凉涼 迪廸 瑶瑤 亘亙 暁曉 蛍螢 穣穰
    譲讓 楼樓 図圖 団團 伝傳 転轉 仮假 価價 観觀 権權 勧勸 歓歡 経經 医醫
    礼禮 恒恆 桟棧 体體 号號 声聲 変變 数數 発發 対對 帰歸 気氣 旧舊 悪惡
    証證 読讀 売賣 両兩 写寫 労勞 届屆 属屬 剣劍劒 剤劑 双雙 継繼 続續 予豫
    余餘 点點 灯燈 独獨 拝拜 麦麥 薬藥 様樣 謡謠 楽樂 覧覽 霊靈灵 炉爐 芦蘆
    湾灣 瓶甁 並竝 畝畞 カヵ
"""
"""The plain form that people type when they search, and after it its variants."""

PLAIN_FORM: Final = {ord(variant): group[0] for group in _VARIANTS.split() for variant in group[1:]}
"""Translation table for ``str.translate``: code point of the variant → the plain character."""

_RADICALS: Final = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾"
    "⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲"
)
_LOOK_LIKE: Final = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爬丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹"
    "艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"
)

KANJI_OF_RADICAL: Final = dict(zip(map(ord, _RADICALS), _LOOK_LIKE, strict=True))
"""⻑ (U+2ED1) → 長: the CJK radicals that NFKC leaves alone. Source: Unicode's EquivalentUnifiedIdeograph.txt."""
