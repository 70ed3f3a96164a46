"""Where an office is, its number and its hours, as the town's file says: checked when it is read."""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from madoguchi.foundation.languages import TRANSLATIONS, said, translated

Line = Annotated[str, Field(max_length=120)]
KEYS = ("address", "phone", "hours", "email")
ENDINGS = ("", *(f"_{one.key}" for one in TRANSLATIONS))


class Said(NamedTuple):
    """A contact in one language; `hours` may be "" where the town's file has none."""

    name: str
    address: str
    phone: str
    hours: str


class Row(BaseModel):
    """A row of the town's file; a misspelt key is a fault, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Contact(translated(Row, longest=120, address="where", hours="when")):  # type: ignore[misc]
    """Address, telephone number and hours; what has no translation is said in Japanese."""

    address: Line = Field(min_length=4)
    phone: str = Field(pattern=r"^[0-9]{2,5}(-[0-9]{1,4}){1,2}$", description="with hyphens, as people write it")
    hours: Line = ""
    email: str = Field("", pattern=r"^([^@\s<>,]+@[^@\s<>,]+)?$", max_length=254, description="where answers are read")

    def said(self, name: str, language: str) -> Said:
        """The contact of somebody with this name, for a reader of a language."""
        address, hours = (said(self, key, language) or getattr(self, key) for key in ("address", "hours"))
        return Said(name, address, self.phone, hours)


def contact_of(row: Mapping[str, Any], otherwise: Contact | None = None) -> Contact:
    """The contact in a row of the town's file; what it does not say is said by `otherwise`.

    An address or hours bring their own translations: none is taken over from another place. Raises ValidationError.
    """
    own = {key + ending: row[key + ending] for key in KEYS for ending in ENDINGS if key + ending in row}
    base = otherwise.model_dump() if otherwise else {}
    for key in KEYS:
        if key in own:
            base = {name: value for name, value in base.items() if not name.startswith(key)}
    read: Contact = Contact.model_validate({**base, **own})
    return read
