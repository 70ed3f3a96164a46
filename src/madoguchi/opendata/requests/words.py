"""What is told of requests."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from madoguchi.platform.calendar import today

from ..models.requests import DataRequest, State


def dataset_path(code: str) -> str:
    """The address of a dataset's page; of the list without a code."""
    try:
        return reverse("opendata:dataset", args=[code]) if code else reverse("opendata:datasets")
    except NoReverseMatch:
        return f"{reverse('counter:home')}datasets/{code}{'/' if code else ''}"


def shown_title(request: DataRequest) -> str:
    """The title once an office has read it, else only the number."""
    if request.state == State.RECEIVED:
        return _("要望 第%(number)s号（内容は担当課が確かめてから公開します）") % {"number": request.pk}
    return request.title


def is_late(request: DataRequest) -> bool:
    """Whether an answer is overdue."""
    return request.is_open and request.due < today()
