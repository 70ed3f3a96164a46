"""At the desk: a file is handed in, its faults and findings are shown, findings lifted, the table published."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from madoguchi.people.access import acting
from madoguchi.platform.refusing import ActionRefused

from ..models.datasets import Dataset
from ..models.uploads import Upload
from ..publishing.themes import THEMES
from ..requests.words import dataset_path
from . import actions
from .queries import datasets_for, to_review, upload_with, visible

MOST = 100


def index(request: HttpRequest) -> HttpResponse:
    """My offices' files, and a form for another."""
    return _index(request)


def take_in(request: HttpRequest) -> HttpResponse:
    """Hand a file in."""
    try:
        made = _taken_in(request)
    except ActionRefused as no:
        return _index(request, str(no), 409 if no.conflict else 422)
    return redirect("uploads:upload", made.pk)


def _index(request: HttpRequest, refused: str = "", status: int = 200) -> HttpResponse:
    actor = acting(request)
    offices = actor.offices_with(actions.PUBLISHERS)
    context = {
        "uploads": visible(actor).defer("content", "report").select_related("by")[:MOST],
        "to_review": to_review(actor).select_related("by")[:MOST],
        "offices": offices, "typed": request.POST, "refused": refused,
    }  # fmt: skip
    return render(request, "opendata/desk/uploads.html", context, status=status)


def _taken_in(request: HttpRequest) -> Upload:
    sent = request.FILES.get("file")
    if sent is None:
        raise ActionRefused(_("ファイルを選んでください。"))
    if getattr(sent, "dropped", None):
        raise ActionRefused(_("ファイルが大きすぎます。10MB以下に分けて登録してください。"))
    return actions.take_in(
        office=request.POST.get("office", ""), name=sent.name or "", content=sent.read(),
        facility_columns=request.POST.get("facility_columns", "").splitlines(), by=acting(request),
    )  # fmt: skip


def _mine(request: HttpRequest, pk: UUID) -> Upload:
    found = upload_with(pk)
    if found is None:
        raise Http404
    if not actions.may_see(found.office, acting(request)):
        raise PermissionDenied(f"the upload belongs to {found.office}")
    return found


def upload(request: HttpRequest, file: UUID) -> HttpResponse:
    """What was found in a file, and what may be done now."""
    return _page(request, _mine(request, file))


def _page(request: HttpRequest, found: Upload, refused: str = "", status: int = 200) -> HttpResponse:
    lifts = {one.group: one for one in found.lifts.select_related("by")}
    findings = [{**one, "lift": lifts.get(one["group"])} for one in found.report["findings"]]
    waits, actor = found.state == Upload.State.WAITING, acting(request)
    publishes = waits and actor.holds(found.office, actions.PUBLISHERS)
    all_lifted = all(one["lift"] for one in findings)
    context: dict[str, Any] = {
        "upload": found, "report": found.report, "findings": findings, "waits": waits, "refused": refused,
        "may_publish": publishes and not found.report["stops"] and all_lifted,
        "publishes": publishes, "all_lifted": all_lifted,
        "is_mine": actor.officer is not None and actor.officer.pk == found.by_id,
        "typed": request.POST, "key": request.POST.getlist("key"), "themes": THEMES.values(),
        "frequencies": Dataset.Frequency.choices,
        "datasets": datasets_for(found),
        "path": dataset_path(found.version.dataset.code) if found.version else "",
    }  # fmt: skip
    return render(request, "opendata/desk/upload.html", context, status=status)


def _refused(request: HttpRequest, found: Upload, no: ActionRefused) -> HttpResponse:
    return _page(request, _mine(request, found.pk), str(no), 409 if no.conflict else 422)


def lift(request: HttpRequest, file: UUID) -> HttpResponse:
    """Lift a finding, with the reason."""
    found = _mine(request, file)
    try:
        group, reason = request.POST.get("group", ""), request.POST.get("reason", "")
        actions.lift(upload=found, group=group, reason=reason, by=acting(request))
    except ActionRefused as no:
        return _refused(request, found, no)
    messages.success(request, _("理由を記録しました。"))
    return redirect("uploads:upload", found.pk)


def publish(request: HttpRequest, file: UUID) -> HttpResponse:
    """Publish as the next version of a dataset, or as a new one."""
    found, given = _mine(request, file), request.POST
    names = ("code", "title", "description", "theme", "frequency", "title_en", "title_easy")
    new = actions.Described(**{name: given.get(name, "") for name in names})
    chosen = next((one for one in datasets_for(found) if one.code == given.get("dataset")), None)
    try:
        actions.publish(
            upload=found, dataset=chosen, new=None if given.get("dataset") else new, key=given.getlist("key"),
            by=acting(request),
        )  # fmt: skip
    except ActionRefused as no:
        return _refused(request, found, no)
    messages.success(request, _("公開しました。"))
    return redirect("uploads:upload", found.pk)


def discard(request: HttpRequest, file: UUID) -> HttpResponse:
    """Give the file up."""
    found = _mine(request, file)
    try:
        actions.discard(upload=found, by=acting(request))
    except ActionRefused as no:
        return _refused(request, found, no)
    messages.success(request, _("登録を取りやめました。ファイルは残していません。"))
    return redirect("uploads:index")
