from django.db import migrations, models
from django.db.models import Min, OuterRef, Subquery


def fill(apps, schema_editor):
    """The first finished lesson of each attempt there is."""
    completions = apps.get_model("modules", "LessonCompletion").objects.filter(attempt=OuterRef("pk"))
    first = completions.order_by().values("attempt").annotate(first=Min("completed_at")).values("first")
    apps.get_model("modules", "Attempt").objects.filter(began_at=None).update(began_at=Subquery(first))


class Migration(migrations.Migration):
    dependencies = [("modules", "0002_lesson_text_template")]
    operations = [
        migrations.AddField("attempt", "began_at", models.DateTimeField(null=True, blank=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
