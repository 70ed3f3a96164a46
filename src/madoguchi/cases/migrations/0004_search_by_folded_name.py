"""Applicants' names are searched by a folded key: 髙橋 is found by 高橋, たかはし by タカハシ."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower

FROM = (
    "ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ"
    "ゝゞ髙﨑碕嵜𠮷濱濵齊齋斎澤邊邉廣櫻國德惠眞嶋嶌龍藏瀨槇栁靜冨舘峯彌寬條壽萬學榮兒來黑增淵圓會鐵關橫曾藪檜鹽豐鬪ヶ"
)
TO = (
    "ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵケ"
    "ヽヾ高崎崎崎吉浜浜斉斉斉沢辺辺広桜国徳恵真島島竜蔵瀬槙柳静富館峰弥寛条寿万学栄児来黒増渕円会鉄関横曽薮桧塩豊闘ケ"
)
WIDTHS_MADE_ONE = Func(F("title"), function="normalize", template="%(function)s(%(expressions)s, NFKC)")
NAME_KEY = Func(
    Func(Lower(WIDTHS_MADE_ONE), Value(FROM), Value(TO), function="translate"),
    Value("[ \ufe00-\ufe0f\U000e0100-\U000e01ef]"),
    Value(""),
    Value("g"),
    function="regexp_replace",
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_search_by_name")]
    operations = [
        migrations.RemoveIndex(model_name="case", name="case_by_name"),
        migrations.AddField(
            model_name="case",
            name="name_key",
            field=models.GeneratedField(expression=NAME_KEY, output_field=models.TextField(), db_persist=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=GinIndex(OpClass("name_key", name="gin_trgm_ops"), name="case_by_name"),
        ),
    ]
