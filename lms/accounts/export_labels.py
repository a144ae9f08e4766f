"""What the fields of the export are called. Models that no form shows have no Norwegian names of their own."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "answer": _("svar"),
    "answer_in_words": _("svaret ditt"),
    "answered_at": _("svarte"),
    "at": _("tidspunkt"),
    "certificate": _("kursbevis"),
    "check_id": _("spørsmålets nummer"),
    "began_at": _("fullførte første leksjon"),
    "completed_at": _("fullført"),
    "completed_version": _("versjon av kurset"),
    "content": _("fil"),
    "course": _("kurs"),
    "created_at": _("opprettet"),
    "current_time_zone": _("tidssone"),
    "email": _("e-postadresse"),
    "enrolment": _("kurs"),
    "group": _("gruppe"),
    "groups": _("roller"),
    "ip": _("IP-adresse"),
    "is_right": _("riktig"),
    "kind": _("hendelse"),
    "last_login": _("sist logget inn"),
    "last_seen_at": _("sist brukt"),
    "last_used_at": _("sist brukt"),
    "lesson": _("leksjon"),
    "lesson_key": _("leksjonens nummer"),
    "module": _("modul"),
    "module_key": _("modulens nummer"),
    "number": _("gang"),
    "preferred_language": _("språk"),
    "primary": _("hovedadresse"),
    "public_id": _("nummer"),
    "question": _("spørsmål"),
    "reason": _("grunn"),
    "started_at": _("begynt"),
    "text": _("tekst"),
    "theme": _("utseende"),
    "tries": _("ganger svart"),
    "type": _("slag"),
    "updated_at": _("lagret"),
    "user_agent": _("nettleser"),
    "verified": _("bekreftet"),
}


def label_of(field: models.Field | str) -> str:
    """The Norwegian name of a field, or of a column in words."""
    if isinstance(field, str):
        return str(LABELS[field])
    return str(LABELS.get(field.name, field.verbose_name))
