"""The roles again, now that there are numbers to see."""

from django.db import migrations

from lms.accounts.roles import install_roles


def install(apps, schema_editor):
    install_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_the_year"), ("accounts", "0004_roles_for_groups")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
