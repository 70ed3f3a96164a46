"""Where something is sold: on the public pages, or at a real counter."""

from typing import NamedTuple


class Channel(NamedTuple):
    """The pages of one channel."""

    code: str
    base: str
    facilities: str
    facility: str
    day: str
    slot: str
    confirmation: str
    sold: str


CHANNELS = {
    "online": Channel("online", "base.html", "bookings:facilities", "bookings:facility", "bookings:day",
                      "bookings:slot", "bookings:confirmation", "bookings:order"),
    "counter": Channel("counter", "desk_base.html", "sale:index", "sale:facility", "sale:day", "sale:slot",
                       "sale:confirmation", "sale:sold"),
}  # fmt: skip
