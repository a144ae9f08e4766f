"""The roles again, now that there are other figures to register."""

from django.db import migrations

from lms.accounts.roles import install_roles


def install(apps, schema_editor):
    install_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_the_year_as_a_document"), ("accounts", "0004_roles_for_groups")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
