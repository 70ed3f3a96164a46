"""How much is let through, and who is asked. The rules of URLs name these (`people/rules.py`).

All are this town's own choice, generous enough for a school or an office behind one address; an operator scales them
together with `MADOGUCHI_BRAKE`.
"""

from typing import Final, NamedTuple

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


class Limit(NamedTuple):
    """`most` at once; then one more every `seconds / most`, so that after `seconds` of rest all is as at the start.

    Counted are requests, or the bytes of their bodies. `code` is what the count is kept under. A `fixed` limit is the
    same whatever `MADOGUCHI_BRAKE` says, unless it is 0.
    """

    code: str
    most: int
    seconds: int
    in_bytes: bool = False
    fixed: bool = False


WRITES: Final = Limit("writes", 600, HOUR)
"""Whatever a URL's rule says nothing else of."""

STORED: Final = Limit("stored", 2 * 1024**3, 6 * HOUR, in_bytes=True)
"""Bytes that wait in the database for a day: files, and forms between two pages."""

APPLY: Final = (Limit("apply", 300, HOUR), STORED)
FORM: Final = (Limit("form", 3000, HOUR), STORED)
"""A form is judged section by section: ten or twenty times for each application."""
UPLOAD: Final = (Limit("upload", 1000, HOUR), STORED)
CHANGE: Final = (WRITES, STORED)
EXAMINE: Final = (Limit("examine", 300, HOUR),)
ENTER: Final = (Limit("enter", 60, 15 * MINUTE),)
"""Case numbers with keys, right or wrong."""
LINK: Final = (Limit("link", 10, HOUR),)
"""Letters with a link, asked for by whoever says that the key is lost."""
ASK: Final = (Limit("ask", 20, DAY),)
"""What is published, or read by an office as it came: requests for data, voices."""
ORDER: Final = (Limit("order", 1200, HOUR),)
"""A choice, its confirmation and the order: a family buys with three, a travel agent with a hundred."""
TELL: Final = (Limit("tell", 6000, HOUR),)
"""Pages that say how far a form has come."""
SIGN_IN: Final = (Limit("sign-in", 600, 15 * MINUTE),)
"""A whole city hall at half past eight. Guesses at one account have limits of their own (`people/guessing.py`)."""

FIRST_LETTER: Final = Limit("first-letter", 1, 7 * DAY, fixed=True)
"""To an address that nobody has confirmed: the receipt, or what a stranger does next. The link in it holds as long."""
FEW_LETTERS: Final = Limit("few-letters", 3, DAY, fixed=True)
"""What such an address needs nevertheless: the link once more, a reminder to pay, a booking."""
OFFERS: Final = Limit("offers", 10, DAY, fixed=True)
"""Places for which somebody waits there, and which are kept for half an hour."""
KNOWN_LETTERS: Final = Limit("known-letters", 20, DAY, fixed=True)
"""All of these to an address that somebody has confirmed."""
