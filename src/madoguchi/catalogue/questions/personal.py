"""Labels that say that an answer belongs to a person."""

PERSONAL_LABEL = ("生年月日", "住所", "自宅", "居所", "誕生日", "年齢")
FACILITY = ("営業所", "事業所", "事務所", "施設", "店舗", "工場")
"""Words in the label of a telephone number or e-mail address that belongs to a place of business."""


def of_a_person(label: str) -> str:
    """What a day or a place with this label tells of a person; "" where it tells nothing."""
    return "what belongs to a person" if any(word in label for word in PERSONAL_LABEL) else ""


def reaches_a_person(label: str) -> str:
    """What a telephone number or an e-mail address with this label tells of a person."""
    return "" if any(word in label for word in FACILITY) else "how to reach a person"
