from django.db import migrations


def give_packages(apps, schema_editor):
    """Groups from before packages: each goes on with its course, in a package that asks for nothing more."""
    Package = apps.get_model("mentoring", "Package")
    for group in apps.get_model("mentoring", "LearningGroup").objects.filter(package=None).select_related("course"):
        group.package, _new = Package.objects.get_or_create(
            name=f"{group.course.title[:90]} med mentor",
            defaults={"course": group.course, "notes": "none", "gives_certificate": False},
        )
        group.status, group.started_at = "started", group.created_at
        group.save()


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0002_packages_meetings_notes")]
    operations = [migrations.RunPython(give_packages, migrations.RunPython.noop)]
