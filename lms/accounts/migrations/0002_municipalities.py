"""The municipalities of 2024. The source is named in the file."""

import datetime
from pathlib import Path

from django.db import migrations

from lms.accounts.municipalities import load_municipalities, read_municipalities

LIST = Path(__file__).resolve().parent.parent / "municipalities-2024.csv"


def load(apps, schema_editor):
    load_municipalities(
        apps.get_model("accounts", "Municipality"), read_municipalities(LIST), datetime.date(2024, 1, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
