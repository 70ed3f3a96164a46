"""Keys by which a request that is repeated is known (ADR 54)."""

LONGEST_KEY = 200


def is_idempotency_key(text: str) -> bool:
    """Whether the text can be a key: 1 to 200 printable characters.

    A short key costs only its owner: who uses another's key with another body is refused, and who sends the same key
    and the same body knew everything already.
    """
    return 0 < len(text) <= LONGEST_KEY and text.isprintable()
