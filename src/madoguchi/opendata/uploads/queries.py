"""What waits among the files handed in."""

from uuid import UUID

from django.db.models import Count, F, IntegerField, QuerySet
from django.db.models.expressions import Func

from madoguchi.people.actor import Actor
from madoguchi.people.models import Role

from ..models.datasets import Dataset
from ..models.uploads import Upload
from .actions import REVIEWERS


def visible(by: Actor) -> QuerySet[Upload]:
    """The files of my offices; of all offices for the reform office."""
    files = Upload.objects.defer("content")
    return files if Role.REFORM in by.roles else files.filter(office__in=by.offices_with(REVIEWERS))


def upload_with(pk: UUID) -> Upload | None:
    """A file that was handed in, without its bytes."""
    return Upload.objects.defer("content").select_related("by", "version__dataset").filter(pk=pk).first()


def datasets_for(upload: Upload) -> QuerySet[Dataset]:
    """Those of its office that are made of files."""
    return Dataset.objects.filter(source=Dataset.Source.UPLOAD, office=upload.office).order_by("title")


def to_review(by: Actor) -> QuerySet[Upload]:
    """The files in which a finding waits for me: not my own, and with nothing in them that a machine cannot read."""
    if by.officer is None:
        return Upload.objects.none()
    found = Func(F("report__findings"), function="jsonb_array_length", output_field=IntegerField())
    waiting = visible(by).filter(state=Upload.State.WAITING, report__stops=False).exclude(by=by.officer)
    return waiting.annotate(found=found, lifted=Count("lifts")).filter(found__gt=F("lifted"))
