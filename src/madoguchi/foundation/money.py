"""Yen: whole numbers only, written as the reader expects."""

from madoguchi.foundation.languages import BY_CODE


def yen(amount: int, language: str = "ja") -> str:
    """The amount in yen for a reader: 18,300円 in Japanese ("ja", "ja-easy"), ¥18,300 in English and where unknown."""
    written = BY_CODE.get(language, BY_CODE["en"]).yen
    return written.format(sign="-" if amount < 0 else "", amount=abs(amount))
