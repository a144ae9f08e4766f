"""The roles again, now that there are packages, rounds, applications and a mentor register."""

from django.db import migrations

from lms.accounts.roles import install_roles


def install(apps, schema_editor):
    install_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_roles"),
        ("mentoring", "0006_contact_in_the_log"),
        ("reports", "0001_initial"),
    ]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
