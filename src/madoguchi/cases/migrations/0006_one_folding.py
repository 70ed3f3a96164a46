"""One folding for every search: radicals, dashes, waves and written dakuten fall together, as `foundation.folding` says.

The function is written from its tables by `platform.sql.folding`, and frozen here.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import F, Func, Value

MAKE = """
CREATE OR REPLACE FUNCTION madoguchi_fold(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE t text := given;
BEGIN
  IF octet_length(t) > char_length(t) THEN
    t := regexp_replace(t, '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f⠀\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '', 'g');
    IF t ~ '[⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲‐‑‒–—―−─━﹘﹣－ｰ〜〰～∼∿∾･·•‧∙⋅·‘’‛′ʼʹ＇“”‟″＂゛゜゠-]' THEN t := translate(t, '⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲-‐‑‒–—―−─━﹘﹣－ｰ〜〰～∼∿∾･·•‧∙⋅·‘’‛′ʼʹ＇“”‟″＂゛゜゠', '厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爬丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀ーーーーーーーーーーーーーー~~~~~~・・・・・・・''''''''''''''\u0022\u0022\u0022\u0022\u0022\u3099\u309a='); END IF;
    IF t IS NOT NFKC NORMALIZED THEN t := normalize(t, NFKC); END IF;
    IF t ~ '[⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲‐‑‒–—―−─━﹘﹣－ｰ〜〰～∼∿∾･·•‧∙⋅·‘’‛′ʼʹ＇“”‟″＂゛゜゠-]' THEN t := translate(t, '⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲-‐‑‒–—―−─━﹘﹣－ｰ〜〰～∼∿∾･·•‧∙⋅·‘’‛′ʼʹ＇“”‟″＂゛゜゠', '厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爬丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀ーーーーーーーーーーーーーー~~~~~~・・・・・・・''''''''''''''\u0022\u0022\u0022\u0022\u0022\u3099\u309a='); END IF;
    t := replace(lower(t), 'ß', 'ss');
    IF t ~ '[ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞ髙﨑碕嵜𠮷濱濵齊齋斎澤邊邉廣櫻國德惠眞嶋嶌龍藏瀨槇栁靜冨舘峯彌寬條壽萬學榮兒來黑增淵圓會鐵關橫曾藪檜鹽豐鬪ヶ瀧龜龟桒寶實藝堯遙凜籠禰萊禱鷗鰺麴繫頰摑塡剝𠮟靏靍埜佛當與澁嶽總縂壹貳貮縣區驛應巖嚴勳薰黃步賴綠錄郞鄕鄉聰每淸靑產彥顏宫吕溫卷姬戶户歲稅說閒稻穗淺錢戰單禪濟涼廸瑤亙曉螢穰讓樓圖團傳轉假價觀權勸歡經醫禮恆棧體號聲變數發對歸氣舊惡證讀賣兩寫勞屆屬劍劒劑雙繼續豫餘點燈獨拜麥藥樣謠樂覽靈灵爐蘆灣甁竝畞ヵς-]' THEN t := translate(t, 'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖゝゞ髙﨑碕嵜𠮷濱濵齊齋斎澤邊邉廣櫻國德惠眞嶋嶌龍藏瀨槇栁靜冨舘峯彌寬條壽萬學榮兒來黑增淵圓會鐵關橫曾藪檜鹽豐鬪ヶ瀧龜龟桒寶實藝堯遙凜籠禰萊禱鷗鰺麴繫頰摑塡剝𠮟靏靍埜佛當與澁嶽總縂壹貳貮縣區驛應巖嚴勳薰黃步賴綠錄郞鄕鄉聰每淸靑產彥顏宫吕溫卷姬戶户歲稅說閒稻穗淺錢戰單禪濟涼廸瑤亙曉螢穰讓樓圖團傳轉假價觀權勸歡經醫禮恆棧體號聲變數發對歸氣舊惡證讀賣兩寫勞屆屬劍劒劑雙繼續豫餘點燈獨拜麥藥樣謠樂覽靈灵爐蘆灣甁竝畞ヵς', 'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴカケヽヾ高崎崎崎吉浜浜斉斉斉沢辺辺広桜国徳恵真島島竜蔵瀬槙柳静富館峰弥寛条寿万学栄児来黒増渕円会鉄関横曽薮桧塩豊闘ケ滝亀亀桑宝実芸尭遥凛篭祢莱祷鴎鯵麹繋頬掴填剥叱鶴鶴野仏当与渋岳総総壱弐弐県区駅応巌厳勲薫黄歩頼緑録郎郷郷聡毎清青産彦顔宮呂温巻姫戸戸歳税説間稲穂浅銭戦単禅済凉迪瑶亘暁蛍穣譲楼図団伝転仮価観権勧歓経医礼恒桟体号声変数発対帰気旧悪証読売両写労届属剣剣剤双継続予余点灯独拝麦薬様謡楽覧霊霊炉芦湾瓶並畝カσ'); END IF;
    IF t IS NOT NFKC NORMALIZED THEN t := normalize(t, NFKC); END IF;
  ELSE
    t := translate(lower(t), '-', 'ー');
  END IF;
  RETURN regexp_replace(regexp_replace(t, '(?<![ァ-ヺヽヾㇰ-ㇿぁ-ゖゝゞー])ー+', '-', 'g'), 'ー+', 'ー', 'g');
END $$;
"""
KEY = Func(
    Func(F("title"), function="madoguchi_fold", output_field=models.TextField()),
    Value(" "),
    Value(""),
    function="replace",
    output_field=models.TextField(),
)
INDEX = GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="case_by_name")


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_unpaid_fee")]
    operations = [
        migrations.RunSQL(MAKE, "DROP FUNCTION madoguchi_fold(text)"),
        migrations.RemoveIndex(model_name="case", name="case_by_name"),
        migrations.RemoveField(model_name="case", name="name_key"),
        migrations.AddField(
            model_name="case",
            name="name_key",
            field=models.GeneratedField(expression=KEY, output_field=models.TextField(), db_persist=True),
        ),
        migrations.AddIndex(model_name="case", index=INDEX),
    ]
