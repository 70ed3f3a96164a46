"""The officer's own page: posts, absence and deputy (代決), second factors."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from madoguchi.foundation.dates import DateRefused, plausible_day
from madoguchi.people.access import acting
from madoguchi.people.models import APPROVERS, CASE_WORKERS, Officer, Post
from madoguchi.platform.calendar import today
from madoguchi.town.offices import office_name


class Refused(Exception):
    """The absence cannot be kept so; the text says why."""


def me(request: HttpRequest) -> HttpResponse:
    """My posts; while I am away, my deputy decides."""
    officer = acting(request).officer
    if officer is None:
        raise PermissionDenied("only officers have posts")
    if request.method != "POST":
        return _me(request, officer)
    post = get_object_or_404(Post, pk=_number(request.POST.get("post", "")), officer=officer)
    try:
        set_absence(post, request.POST)
    except Refused as refused:
        return _me(request, officer, str(refused), post.pk)
    messages.success(request, _("不在の予定を保存しました。"))
    return redirect("desk:me")


def _me(request: HttpRequest, officer: Officer, refused: str = "", at: int = 0) -> HttpResponse:
    posts = Post.objects.filter(officer=officer).select_related("deputy").order_by("office", "role")
    # What was typed belongs to one post only.
    shown = [_shown(post, request.POST if post.pk == at else None) for post in posts]
    deputised = Post.objects.filter(deputy=officer).select_related("officer")
    context = {
        "posts": shown,
        "deputised": [(post, office_name(post.office), post.is_absent(today())) for post in deputised],
        "refused": refused,
    }
    return render(request, "desk/me.html", context, status=422 if refused else 200)


def _shown(post: Post, typed: QueryDict | None) -> dict[str, object]:
    stored = {
        "from": post.absent_from.isoformat() if post.absent_from else "",
        "until": post.absent_until.isoformat() if post.absent_until else "",
        "deputy": str(post.deputy_id or ""),
    }
    return {
        "post": post,
        "office": office_name(post.office),
        "approves": post.role in APPROVERS,
        "colleagues": colleagues(post),
        "absent": post.is_absent(today()),
        "typed": {name: typed.get(name, "") for name in stored} if typed is not None else stored,
    }


def colleagues(post: Post) -> list[Officer]:
    """Who can stand in: those who work on the office's cases."""
    found = Officer.objects.filter(posts__office=post.office, posts__role__in=CASE_WORKERS, is_active=True)
    return list(found.exclude(pk=post.officer_id).distinct().order_by("name"))


@transaction.atomic
def set_absence(post: Post, typed: QueryDict) -> None:
    """Keep days and deputy. Raises Refused."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    post.absent_from, post.absent_until = _day(typed.get("from", "")), _day(typed.get("until", ""))
    chosen = _number(typed.get("deputy", ""))
    post.deputy = next((one for one in colleagues(post) if one.pk == chosen), None)
    if typed.get("deputy") and post.deputy is None:
        raise Refused(_("代決者を選び直してください。"))
    try:
        post.full_clean()
    except ValidationError as fault:
        raise Refused(" ".join(fault.messages)) from fault
    post.save(update_fields=["absent_from", "absent_until", "deputy"])


def _day(text: str) -> date | None:
    try:
        return plausible_day(text, today())
    except DateRefused:
        raise Refused(_("日付を選び直してください。")) from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
