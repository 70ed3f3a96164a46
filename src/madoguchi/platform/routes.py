"""Under which key of a WSGI environment the name of the URL stands that answers, for who counts requests."""

from typing import Final

ROUTE: Final = "madoguchi.route"
"""No header of a visitor's gets a name like this: theirs begin with HTTP_ (PEP 3333)."""
