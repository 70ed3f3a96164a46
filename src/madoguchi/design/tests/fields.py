"""One field of every kind, as a form builder would hand it to the templates."""

from types import SimpleNamespace as Field
from typing import Any

CONTROLS = {
    "text": ("label", "design/controls/text.html"),
    "textarea": ("label", "questions/long_text/control.html"),
    "select": ("label", "design/controls/select.html"),
    "file": ("label", "questions/file/control.html"),
    "radios": ("set", "design/controls/radios.html"),
    "checkboxes": ("set", "design/controls/checkboxes.html"),
    "date": ("set", "questions/date/control.html"),
    "parts": ("set", "design/controls/parts.html"),
    "group": ("set", "questions/group/control.html"),
    "declaration": ("set", "questions/statement/declaration.html"),
    "information": ("alone", "questions/statement/information.html"),
}
"""What stands around each, and its template."""


def field(name: str, label: str, control: str, **given: Any) -> Field:
    """A field with everything a template may look at."""
    blank = {
        "value": "", "help": "", "required": True, "error": "", "when": "", "when_text": "", "unit": "", "text": "",
        "options": (), "attrs": {}, "children": (), "rows": (), "files": (),
    }  # fmt: skip
    frame, template = CONTROLS[control]
    drawn = Field(frame=frame, template=template)
    return Field(**{**blank, "id": name.replace(".", "-"), "name": name, "label": label, "control": drawn, **given})


def option(code: str, label: str, help: str = "") -> Field:
    """One choice."""
    return Field(code=code, label=label, help=help)


def date(name: str) -> list[Field]:
    """The four parts of a day."""
    eras = [option(era, era) for era in ("西暦", "令和", "平成", "昭和", "大正", "明治")]
    numbers = [
        field(f"{name}.{part}", label, "text") for part, label in (("year", "年"), ("month", "月"), ("day", "日"))
    ]
    return [field(f"{name}.era", "元号", "select", options=eras, value="令和"), *numbers]


def address(name: str) -> list[Field]:
    """The parts of an address."""
    return [
        field(f"{name}.postal_code", "郵便番号", "text", attrs={"autocomplete": "postal-code"}),
        field(f"{name}.building", "建物名・部屋番号", "text", required=False),
    ]


WATER = [option("tap", "水道水"), option("well", "井戸水", "成績書を付けてください。")]
FILE_ATTRS = {"accept": ".pdf", "kinds": "PDF", "max_files": "5", "max_mb": "10"}
PLAN = Field(id="f1", name="平面図.pdf", size=1234567)


def all_fields(error: str = "") -> list[Field]:
    """Every control, all with or without an error."""
    told = {"error": error, "help": "例のとおりに書いてください。"}
    party = [
        field("applicant.kind", "個人・法人の別", "radios", options=WATER, **told),
        field("applicant.name", "氏名", "text", **told),
        field("applicant.birth_date", "生年月日", "date", children=date("applicant.birth_date"), **told),
        field("applicant.address", "住所", "parts", children=address("applicant.address"), **told),
    ]
    rows = [[field(f"staff.{n}.name", "氏名", "text", **told)] for n in range(2)]
    return [
        field("trade_name", "屋号", "text", value='定食 "みなと"', **told),
        field("fee", "費用", "text", unit="円", required=False, attrs={"inputmode": "numeric"}, **told),
        field("plan", "営業の内容", "textarea", value="一行目\n二行目", **told),
        field("ward", "地区", "select", options=WATER, value="well", **told),
        field("water", "使用水", "radios", options=WATER, value="well", **told),
        field("foods", "食品", "checkboxes", options=WATER, value=["tap"], **told),
        field("opens", "始める日", "date", children=date("opens"), **told),
        field("place", "所在地", "parts", children=address("place"), **told),
        field("applicant", "申請者", "parts", children=party, **told),
        field("layout", "図面", "file", attrs=FILE_ATTRS, files=[PLAN], **told),
        field("staff", "責任者", "group", text="責任者", rows=rows, **told),
        field("oath", "誓約", "declaration", text="事実のとおりです。", **told),
        field("note", "個人情報", "information", text="審査のためだけに使います。"),
        field("test", "水質検査", "file", when="water == 'well'", when_text="井戸水のとき", attrs=FILE_ATTRS, **told),
    ]
