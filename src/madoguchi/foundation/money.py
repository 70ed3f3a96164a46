"""Yen: whole numbers only, written as the reader expects."""


def yen(amount: int, language: str = "ja") -> str:
    """The amount in yen for a reader: 18,300円 in Japanese ("ja", "ja-easy"), ¥18,300 in any other language."""
    if language.startswith("ja"):
        return f"{amount:,}円"
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,}"
