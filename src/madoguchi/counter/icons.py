"""The sign of the site as pictures: what `counter/icon.svg` draws, for browsers and services that read no SVG."""

import io
from functools import cache
from typing import Final

from PIL import Image, ImageDraw

BLUE, WHITE = "#0017c1", "#ffffff"
_GRID: Final = 32
_FINER: Final = 4
"""Drawn so many times larger and made smaller, so that edges are smooth."""
ICO: Final = (16, 32, 48)


def _drawn(size: int) -> Image.Image:
    """A door in a counter, no emblem of any government, on a square of so many pixels."""
    one = size * _FINER / _GRID
    made = Image.new("RGBA", (size * _FINER, size * _FINER))
    pen, width = ImageDraw.Draw(made), round(2.5 * one)
    pen.rounded_rectangle((0, 0, 32 * one - 1, 32 * one - 1), 6 * one, fill=BLUE)
    pen.rounded_rectangle(_box(one, 6.75, 6.75, 25.25, 30), 5.25 * one, outline=WHITE, width=width)
    pen.rectangle(_box(one, 4, 26.25, 28, 31), fill=BLUE)
    pen.rectangle(_box(one, 6, 23.75, 26, 26.25), fill=WHITE)
    pen.rectangle(_box(one, 11.25, 15.75, 20.75, 26.25), outline=WHITE, width=width)
    return made.resize((size, size), Image.Resampling.LANCZOS)


def _box(one: float, *corners: float) -> tuple[float, ...]:
    return tuple(corner * one for corner in corners)


@cache
def png(size: int = 512) -> bytes:
    """A PNG with so many pixels a side."""
    out = io.BytesIO()
    _drawn(size).save(out, format="png", optimize=True)
    return out.getvalue()


@cache
def ico() -> bytes:
    """A favicon.ico of three sizes."""
    out = io.BytesIO()
    _drawn(max(ICO)).save(out, format="ico", sizes=[(one, one) for one in ICO])
    return out.getvalue()
