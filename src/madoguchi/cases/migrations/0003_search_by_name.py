"""Searching the applicant's name stays fast at any size: a trigram index on the capitals of `title`."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_events_append_only")]
    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="case",
            index=GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="case_by_name"),
        ),
    ]
