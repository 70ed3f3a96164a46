"""Pictures encoded anew, so that nothing hidden in them travels on. Pure; runs in a child (quarantine)."""

import io
from typing import Final

from PIL import Image, ImageOps

from madoguchi.platform.quarantine import MB, Limits

LARGEST_SIDE: Final = 2400
QUALITY: Final = 88
LIMITS: Final = Limits(memory=640 * MB)
"""The largest picture that is taken is decoded whole, perhaps twice."""


def encoded_anew(content: bytes) -> bytes:
    """The picture upright on white, not too large, without the place and the device that a photograph tells."""
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
        small = image if image.mode in {"L", "RGB", "RGBA"} else image.convert("RGBA")
        small.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        upright = ImageOps.exif_transpose(small).convert("RGBA")
    page = Image.new("RGB", upright.size, "white")
    page.paste(upright, mask=upright)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
