from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("modules", "0003_attempt_began_at")]

    operations = [
        migrations.AddField(
            model_name="coursepage",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("1", "Generelt nivå"),
                    ("1-2", "Generelt og generalisert nivå"),
                    ("2", "Generalisert nivå"),
                    ("3", "Spesialisert nivå"),
                ],
                max_length=3,
                verbose_name="kompetansenivå",
            ),
        )
    ]
