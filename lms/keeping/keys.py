"""The keys of this installation: kept apart from its backups, since each is worth nothing without the other."""

import hmac
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from modules.encryption import key_names
from modules.models import NotebookEntry

NAME_LENGTH = 8


def save_keys(folder: Path) -> None:
    """Writes the keys as files that `SECRET_KEY_FILE` and the like can name.

    Raises ValidationError when other keys lie there.
    """
    words = {
        "secret_key": settings.SECRET_KEY,
        "secret_key_fallbacks": " ".join(settings.SECRET_KEY_FALLBACKS),
        "notebook_keys": " ".join(settings.NOTEBOOK_KEYS),
    }
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, value in words.items():
        path = folder / name
        if path.exists() and not hmac.compare_digest(path.read_bytes().strip(), value.encode()):
            raise ValidationError(_("Det ligger andre nøkler i %(folder)s. Velg en ny mappe.") % {"folder": folder})
        path.touch(mode=0o600)
        path.write_text(value + "\n")


def used_key_names(database: BaseDatabaseWrapper) -> list[str]:
    """The names of the keys that the notebook entries of this database are written with."""
    table = database.ops.quote_name(NotebookEntry._meta.db_table)
    with database.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT SUBSTR(text, 1, {NAME_LENGTH}) FROM {table} WHERE text <> ''")  # noqa: S608
        return sorted(name for (name,) in cursor.fetchall())


def refuse_without_keys(names: tuple[str, ...]) -> None:
    """Raises ValidationError when a key that the notebooks need is not in NOTEBOOK_KEYS."""
    if missing := sorted(set(names) - set(key_names())):
        raise ValidationError(
            _("Notatbøkene er skrevet med nøkkelen %(names)s, som ikke er i NOTEBOOK_KEYS.")
            % {"names": ", ".join(missing)}
        )
