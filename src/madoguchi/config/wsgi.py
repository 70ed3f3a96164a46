"""The WSGI entry: open data, the line before an opening, kept pages, applications, static files, then Django."""

import os

from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - the applications must be loaded first
from django.contrib.staticfiles.storage import staticfiles_storage  # noqa: E402

from madoguchi.applications import quick as applications  # noqa: E402
from madoguchi.bookings import quick as bookings  # noqa: E402
from madoguchi.bookings.line.front import Waiting  # noqa: E402
from madoguchi.config.boot import keep_what_is_loaded, refuse_unsafe_start  # noqa: E402
from madoguchi.config.masking import mask_access_log  # noqa: E402
from madoguchi.config.monitoring.requests import measured  # noqa: E402
from madoguchi.config.outages import Outages  # noqa: E402
from madoguchi.design.middleware import Guarded  # noqa: E402
from madoguchi.opendata.serving.front import Reading  # noqa: E402
from madoguchi.platform.packing import Packed  # noqa: E402
from madoguchi.platform.passing import Passing  # noqa: E402
from madoguchi.platform.same_pages import SamePages  # noqa: E402


def _is_hashed(path: str, url: str) -> bool:
    """Files with a hash in their name never change."""
    return url.removeprefix(settings.STATIC_URL) in set(getattr(staticfiles_storage, "hashed_files", {}).values())


refuse_unsafe_start()
static = WhiteNoise(
    django, root=settings.STATIC_ROOT if settings.STATIC_ROOT.is_dir() else None, prefix=settings.STATIC_URL,
    immutable_file_test=_is_hashed, max_age=300,
)  # fmt: skip
pages = SamePages(Passing(static, applications.answer, bookings.answer))
application = measured(Guarded(Packed(Outages(Reading(Waiting(pages))))))
at_once = measured(Guarded(pages.from_memory))  # form pages only: no step in between is about them
mask_access_log()
keep_what_is_loaded()
