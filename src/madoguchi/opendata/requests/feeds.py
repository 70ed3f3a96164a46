"""Atom feeds (RFC 4287): new versions of datasets, and steps of requests."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.town.offices import town

from ..models.datasets import Version
from ..models.requests import Step
from .words import dataset_path, shown_title

MOST = 50


def _feed(title: str, page: str, own: str) -> Atom1Feed:
    """A feed about a page; its own address is its id, so that no two feeds are one (RFC 4287, 4.2.6)."""
    language = get_language() or "ja"
    return Atom1Feed(
        title=f"{title}｜{town().in_language(language)}", link=settings.PUBLIC_URL + page, description="",
        language="en" if language == "en" else "ja", feed_url=settings.PUBLIC_URL + own,
        feed_guid=settings.PUBLIC_URL + own,
        author_name=town().in_language(language),
    )  # fmt: skip


def _answer(feed: Atom1Feed) -> HttpResponse:
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _tag(kind: str, number: int, at: datetime) -> str:
    """An entry's id that never changes (RFC 4151), whatever its address."""
    host = settings.PUBLIC_URL.partition("//")[2].partition("/")[0].partition(":")[0]
    return f"tag:{host},{timezone.localdate(at):%Y-%m-%d}:{kind}/{number}"


def versions(request: HttpRequest) -> HttpResponse:
    """The newest versions of public datasets."""
    feed = _feed(_("オープンデータの更新"), dataset_path(""), reverse("asking:feed"))
    found = Version.objects.filter(dataset__is_public=True).select_related("dataset").order_by("-frozen_at", "-pk")
    for one in found[:MOST]:
        title = one.dataset.title_in(get_language() or "ja")
        feed.add_item(
            title=_("%(title)s（第%(number)s版）") % {"title": title, "number": one.number},
            link=settings.PUBLIC_URL + dataset_path(one.dataset.code), unique_id=_tag("version", one.pk, one.frozen_at),
            description=_("%(rows)s行のデータです。") % {"rows": f"{one.rows:,}"},
            pubdate=one.frozen_at, updateddate=one.frozen_at,
        )  # fmt: skip
    return _answer(feed)


def requests(request: HttpRequest) -> HttpResponse:
    """The newest steps of requests, without a word that no office has read."""
    feed = _feed(_("データの要望"), reverse("asking:requests"), reverse("asking:requests-feed"))
    for one in Step.objects.select_related("request").order_by("-at", "-pk")[:MOST]:
        feed.add_item(
            title=f"{shown_title(one.request)}：{one.get_state_display()}",
            link=settings.PUBLIC_URL + reverse("asking:request", args=[one.request_id]),
            unique_id=_tag("request-step", one.pk, one.at), description=one.reason,
            pubdate=one.at, updateddate=one.at,
        )  # fmt: skip
    return _answer(feed)
