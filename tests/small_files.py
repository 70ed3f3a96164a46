"""Real files that are small: PDF and pictures, and what is stored as if it had just arrived."""

import io
from functools import cache

import pikepdf
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from madoguchi.applications.files.uploads import store


@cache
def small_pdf(text="図面"):
    """A real one-page PDF that says something, so that two of them differ."""
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = text
        pdf.save(held, static_id=True)
    return held.getvalue()


@cache
def small_image(kind="png", size=(8, 8)):
    """A real picture."""
    held = io.BytesIO()
    Image.new("RGB", size, "navy").save(held, format=kind)
    return held.getvalue()


def small_file(kind):
    """A real file of an accepted kind."""
    return small_pdf() if kind == "pdf" else small_image(kind)


def uploaded(kind="pdf", *, content=None, name=None):
    """A file stored as if it had just arrived."""
    content = small_file(kind) if content is None else content
    file = SimpleUploadedFile(name or f"書類.{kind}", content)
    return store(name or f"書類.{kind}", file, limit=settings.UPLOAD_MAX_BYTES)
