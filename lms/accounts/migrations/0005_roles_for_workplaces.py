"""The roles again, now that there are workplaces."""

from django.db import migrations

from lms.accounts.roles import install_roles


def install(apps, schema_editor):
    install_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_roles_for_groups"), ("workplaces", "0001_initial"), ("reports", "0003_roles")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
