"""What stood in a version was the procedure's file alone: its flow and the common questions are kept with it from now on.

A version whose flow is no longer on disk stays as it is and is read up when it is used. The identity (`digest`) of a
version that is there stays: cases, links and the API name it.
"""

from django.db import migrations

from madoguchi.catalogue.load import merged
from madoguchi.catalogue.resolved import resolve
from madoguchi.platform.definitions import DefinitionRefused


def keep_all(apps, schema_editor):
    for version in apps.get_model("catalogue", "Version").objects.exclude(definition__has_key="format").iterator():
        try:
            version.definition = resolve(version.definition)
        except DefinitionRefused:
            continue
        version.wordings = merged(version.wordings)
        version.save(update_fields=["definition", "wordings"])


def keep_the_file_alone(apps, schema_editor):
    for version in apps.get_model("catalogue", "Version").objects.filter(definition__has_key="format").iterator():
        version.definition = version.definition["procedure"]
        version.save(update_fields=["definition"])


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_search_terms")]
    operations = [migrations.RunPython(keep_all, keep_the_file_alone)]
