"""PostgreSQL keeps the rows of who read whose note as they are for 24 months (P6). SQLite, for one machine, does not."""

from django.db import migrations

STAND = """
CREATE FUNCTION mentoring_readings_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '24 months' THEN
            RETURN OLD;
        END IF;
    ELSIF NEW.glass_break_id IS NULL AND
        (NEW.id, NEW.note_id_read, NEW.author_id, NEW.reader_id, NEW.at, NEW.digest) =
        (OLD.id, OLD.note_id_read, OLD.author_id, OLD.reader_id, OLD.at, OLD.digest) THEN
        RETURN NEW; -- what it points at is gone
    END IF;
    RAISE EXCEPTION 'who read a note stands for 24 months';
END $$;
CREATE TRIGGER mentoring_readings_stand BEFORE UPDATE OR DELETE ON mentoring_notereading
    FOR EACH ROW EXECUTE FUNCTION mentoring_readings_stand();
"""
GO = """
DROP TRIGGER mentoring_readings_stand ON mentoring_notereading;
DROP FUNCTION mentoring_readings_stand();
"""


def let_them_stand(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(STAND)


def let_them_go(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(GO)


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0008_letters_once_and_digest_stopped")]

    operations = [migrations.RunPython(let_them_stand, let_them_go)]
