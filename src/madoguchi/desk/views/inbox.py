"""The inbox, and the officer's own page."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from madoguchi.cases.queries import today
from madoguchi.catalogue.queries import current
from madoguchi.people.access import acting
from madoguchi.people.models import Officer, Post
from madoguchi.people.town import town

from .. import queries

FILTERS = ("q", "procedure", "step", "channel", "late")


def inbox(request: HttpRequest) -> HttpResponse:
    """Cases by urgency; every page costs the same number of queries."""
    actor, day = acting(request), today()
    tab = request.GET.get("tab", "office")
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    cases = queries.narrowed(queries.listed(actor, tab), asked, day)
    closed = tab == "closed"
    page = list(
        queries.after(cases.select_related("assignee"), request.GET.get("after", "")[:80], closed=closed)[
            : queries.PAGE + 1
        ]
    )
    rows = [queries.row(case, day) for case in page[: queries.PAGE]]
    more = request.GET.copy()
    if len(page) > queries.PAGE:
        more["after"] = queries.mark_of(page[queries.PAGE - 1], closed=closed)
    context = {
        "tab": tab,
        "tabs": queries.tabs(),
        "rows": rows,
        "asked": asked,
        "count": queries.counted(cases),
        "next": f"?{more.urlencode()}" if len(page) > queries.PAGE else "",
        "late": queries.counted(queries.listed(actor, "office").filter(due_on__lt=day)),
        "waiting": queries.counted(queries.listed(actor, "approval")),
        "received_today": queries.counted(queries.listed(actor, "office").filter(received_at__date=day)),
        "procedures": [(code, queries.row_name(code)) for code in current()],
        "steps": queries.steps_of_all(),
    }
    return render(request, "desk/inbox.html", context)


def me(request: HttpRequest) -> HttpResponse:
    """My posts; while I am away, my deputy decides (代決)."""
    officer = acting(request).officer
    if officer is None:
        raise PermissionDenied("only officers have posts")
    if request.method == "POST":
        refused = _set_absence(request, officer)
        if not refused:
            messages.success(request, _("不在の予定を保存しました。"))
            return redirect("desk:me")
        return _me(request, officer, refused, 422)
    return _me(request, officer)


def _me(request: HttpRequest, officer: Officer, refused: str = "", status: int = 200) -> HttpResponse:
    posts = list(Post.objects.filter(officer=officer).select_related("deputy"))
    colleagues = Officer.objects.filter(posts__office__in=[post.office for post in posts]).exclude(pk=officer.pk)
    context = {
        "posts": [
            (post, town().offices[post.office].in_language(queries.language()))
            for post in posts
            if post.office in town().offices
        ],
        "colleagues": colleagues.distinct().order_by("name"),
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "desk/me.html", context, status=status)


@transaction.atomic
def _set_absence(request: HttpRequest, officer: Officer) -> str:
    post = get_object_or_404(
        Post.objects.select_for_update(), pk=_number(request.POST.get("post", "")), officer=officer
    )
    try:
        post.absent_from = date.fromisoformat(request.POST["from"]) if request.POST.get("from") else None
        post.absent_until = date.fromisoformat(request.POST["until"]) if request.POST.get("until") else None
    except ValueError:
        return _("日付を選び直してください。")
    deputy = _number(request.POST.get("deputy", ""))
    post.deputy = Officer.objects.filter(pk=deputy, posts__office=post.office).first() if deputy else None
    try:
        post.full_clean()
    except ValidationError as fault:
        return " ".join(fault.messages)
    post.save()
    return ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
