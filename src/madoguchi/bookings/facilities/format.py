"""The format of a facility: `facilities/<code>/facility.yaml`, checked by Pydantic, published as JSON Schema.

Texts stand in three languages side by side. Hours and days are those of the town.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from madoguchi.bookings.kinds import APPOINTMENT
from madoguchi.catalogue.format import Code
from madoguchi.catalogue.questions.base import Strict
from madoguchi.foundation.expressions import ExpressionFailed, ExpressionRefused, compile_expression
from madoguchi.foundation.languages import in_language, side_by_side

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="time of day, e.g. 09:30.")]
Yearly = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="e.g. 12-29.")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
VARIABLES = frozenset({"count", "date", "holiday", "entitlement"})
"""What a price may read: people of the ticket, ISO date, public holiday or not, honoured entitlement or ""."""


class Text(side_by_side(Strict, source=600, longest=900)):  # type: ignore[misc]
    """One text in the three languages."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def said(self, language: str) -> str:
        """The text in a language."""
        return in_language(self, language)


class Place(Strict):
    """Where it is."""

    address: Text
    latitude: float | None = Field(default=None, ge=20, le=46)
    longitude: float | None = Field(default=None, ge=122, le=154)


class Hours(Strict):
    """Open on these weekdays from a time until a time; a public holiday counts as `holiday` where a row names it."""

    days: tuple[Weekday | Literal["holiday"], ...] = Field(min_length=1)
    from_: Clock = Field(alias="from")
    until: Clock

    @model_validator(mode="after")
    def _has_a_length(self) -> "Hours":
        if self.from_ >= self.until:
            raise ValueError("from must be earlier than until")
        return self


class Closed(Strict):
    """When it is closed, whatever the weekday's hours say."""

    weekdays: tuple[Weekday, ...] = Field(
        default=(), description="each week; on a public holiday see open_on_holidays."
    )
    open_on_holidays: bool = Field(default=False, description="a closed weekday that is a public holiday is open,")
    next_day_instead: bool = Field(
        default=False, description="and the next day that is no public holiday is closed instead."
    )
    after_holidays: bool = Field(
        default=False, description="closed on the day after a public holiday, unless that is one too."
    )
    holidays: bool = Field(default=False, description="closed on public holidays.")
    like_offices: bool = Field(
        default=False, description="closed on weekends, public holidays and from 12-29 to 01-03."
    )
    every_year: tuple[Yearly, ...] = ()
    dates: tuple[date, ...] = ()


class Rush(Strict):
    """When many come at the same moment: so many are let into the shop each minute."""

    per_minute: int = Field(ge=1, le=100_000)


class Opens(Strict):
    """When a slot goes on sale."""

    days_before: int = Field(ge=0, le=366)
    at: Clock = "00:00"
    rush: Rush | None = None


class People(Strict):
    """How many one ticket of a group admits."""

    min: int = Field(ge=1)
    max: int = Field(ge=1, le=255)

    @model_validator(mode="after")
    def _in_order(self) -> "People":
        if self.min > self.max:
            raise ValueError("min is larger than max")
        return self


class Category(Strict):
    """Whom a ticket admits, what must be seen at the gate, and its price in yen."""

    code: Code
    name: Text
    check: Text | None = Field(default=None, description="what must be seen at the gate before admitting.")
    told: Text | None = Field(default=None, description="what visitors are told of the check: what to bring.")
    people: People | None = Field(default=None, description="a group: one ticket for so many people.")
    price: str = Field(min_length=1, description='CEL, yen for one ticket, e.g. "500", "count * 400".')

    @model_validator(mode="after")
    def _has_a_price(self) -> "Category":
        sample = {"count": 1, "date": "2026-04-01", "holiday": False, "entitlement": ""}
        try:
            price = compile_expression(self.price)
            if unknown := sorted(price.names - VARIABLES):
                raise ValueError(f"price reads {', '.join(unknown)}; there are {', '.join(sorted(VARIABLES))}")
            if price.amount(sample) < 0:
                raise ValueError("price is negative")
        except (ExpressionRefused, ExpressionFailed) as refused:
            raise ValueError(f"price is no amount in CEL: {refused}") from refused
        return self


class Cancelling(Strict):
    """Who cancels at least so many hours before the slot gets so much of the price back."""

    hours_before: int = Field(ge=0, le=8784)
    percent: int = Field(ge=0, le=100)


class Entitlement(Strict):
    """Granted by a decision (`grants` of a procedure): so many tickets of these categories have its price."""

    code: Code
    name: Text
    tickets: dict[str, int] = Field(min_length=1, description="category → tickets per person and slot.")


class Offer(Strict):
    """Something that can be booked: admission, or an appointment (whose code is `appointment`, one per facility)."""

    code: Code
    kind: Literal["admission", "appointment"]
    name: Text
    hours: tuple[Hours, ...] = Field(min_length=1)
    slot: Literal["day", "year"] | Annotated[int, Field(ge=5, le=720)] = Field(
        description="minutes of a slot, or day, or year: a pass, good from a day on for 365 days, once on each."
    )
    capacity: int = Field(ge=1, le=100_000)
    opens: Opens
    hold: int = Field(default=30, ge=5, le=1440, description="minutes to pay.")
    categories: tuple[Category, ...] = Field(min_length=1)
    cancel: tuple[Cancelling, ...] = Field(default=(), description="empty: cannot be cancelled by the buyer.")
    change: int | None = Field(default=None, ge=0, description="hours before the slot until which it can be changed.")
    entitlements: tuple[Entitlement, ...] = ()
    procedures: tuple[Code, ...] = Field(default=(), description="appointments: what one comes for.")
    by: tuple[Literal["counter", "video"], ...] = ("counter",)
    video: str = Field(
        default="",
        pattern=r"^(https://[^{}]*\{key\}[^{}]*)?$",
        description="address of a call; {key} is the booking's.",
    )
    needs_name: bool = False
    most: int | None = Field(
        default=None, ge=1, le=400, description="people in one order, groups (`people`) aside; a pass: 1."
    )

    @model_validator(mode="after")
    def _is_whole(self) -> "Offer":
        codes = [one.code for one in self.categories]
        if len(set(codes)) != len(codes):
            raise ValueError("two categories have the same code")
        if unknown := {code for one in self.entitlements for code in one.tickets} - set(codes):
            raise ValueError(f"entitlements name no category of this offer: {', '.join(sorted(unknown))}")
        if (self.kind == APPOINTMENT) != (self.code == APPOINTMENT):
            raise ValueError("an offer of kind appointment has the code appointment, and no other has it")
        if ("video" in self.by) != bool(self.video):
            raise ValueError("video is the address of the calls: needed where by has video, and only there")
        if self.slot == "year" and (self.kind == APPOINTMENT or self.most != 1 or not self.needs_name):
            raise ValueError("a pass (slot: year) is an admission of one person: most: 1 and needs_name: true")
        if self.kind == "admission" and (self.procedures or self.by != ("counter",)):
            raise ValueError("procedures and by are for appointments")
        return self

    @property
    def by_code(self) -> Mapping[str, Category]:
        """Category by code."""
        return {one.code: one for one in self.categories}

    def entitlement(self, code: str) -> Entitlement | None:
        """What is honoured under this code."""
        return next((one for one in self.entitlements if one.code == code), None)


class Facility(Strict):
    """One facility, or one counter with appointments."""

    code: Code
    kind: Literal["museum", "garden", "zoo", "hall", "sports", "counter"]
    name: Text
    summary: Text
    keywords: tuple[str, ...] = Field(default=(), description="words in any language under which people look for it.")
    note: Text | None = Field(default=None, description="what to know before coming.")
    place: Place
    office: str = Field(description="the office of town.yaml that runs it.")
    closed: Closed = Closed()
    closed_text: Text
    offers: tuple[Offer, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _offers_differ(self) -> "Facility":
        codes = [one.code for one in self.offers]
        if len(set(codes)) != len(codes):
            raise ValueError("two offers have the same code")
        return self

    def offer(self, code: str) -> Offer | None:
        """One offer."""
        return next((one for one in self.offers if one.code == code), None)
