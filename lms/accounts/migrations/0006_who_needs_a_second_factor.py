"""Whoever has a permission is staff, and whoever leads groups is a mentor: both need a second factor (6.3.3)."""

from django.db import migrations, models
from django.db.models import Q


def set_flags(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects
    with_permissions = people.filter(Q(groups__permissions__isnull=False) | Q(user_permissions__isnull=False))
    mentors = people.filter(Q(led_groups__isnull=False) | Q(groups__name="Mentor"))
    people.filter(pk__in=list(with_permissions.values_list("pk", flat=True).distinct())).update(is_staff=True)
    people.filter(pk__in=list(mentors.values_list("pk", flat=True).distinct())).update(is_mentor=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_roles_for_workplaces"), ("mentoring", "0011_reported_notes")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="is_mentor",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="leder grupper"),
        ),
        migrations.RunPython(set_flags, migrations.RunPython.noop, elidable=True),
    ]
