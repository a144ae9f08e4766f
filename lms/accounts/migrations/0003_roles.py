"""The roles of `lms.accounts.roles`. Wagtail's own two groups go when nobody is in them: one set of roles is enough."""

from django.db import migrations

from lms.accounts.roles import install_roles


def install(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    groups.filter(name__in=["Editors", "Moderators"], user__isnull=True).delete()
    install_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_municipalities"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("certificates", "0001_initial"),
        ("home", "0001_initial"),
        ("mentoring", "0001_initial"),
        ("modules", "0001_initial"),
        ("outbox", "0001_initial"),
        ("simple_translation", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
