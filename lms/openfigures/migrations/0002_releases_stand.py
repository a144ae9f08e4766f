"""The database itself refuses to change a release (P16)."""

from django.db import migrations

STAND = {
    "postgresql": [
        """
CREATE FUNCTION openfigures_releases_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a release is never changed';
END $$
""",
        """
CREATE TRIGGER openfigures_releases_stand BEFORE UPDATE ON openfigures_release
    FOR EACH ROW EXECUTE FUNCTION openfigures_releases_stand()
""",
    ],
    "sqlite": [
        """
CREATE TRIGGER openfigures_releases_stand BEFORE UPDATE ON openfigures_release
BEGIN
    SELECT RAISE(ABORT, 'a release is never changed');
END
"""
    ],
}
GO = {
    "postgresql": [
        "DROP TRIGGER openfigures_releases_stand ON openfigures_release",
        "DROP FUNCTION openfigures_releases_stand()",
    ],
    "sqlite": ["DROP TRIGGER openfigures_releases_stand"],
}


def let_them_stand(apps, schema_editor):
    for statement in STAND.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


def let_them_go(apps, schema_editor):
    for statement in GO.get(schema_editor.connection.vendor, []):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("openfigures", "0001_initial")]

    operations = [migrations.RunPython(let_them_stand, let_them_go)]
