"""What the fields of the export are called. Models that no form shows have no Norwegian names of their own.

"Model.field" wins over "field".
"""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "Consent.given_at": _("du sa ja"),
    "Consent.withdrawn_at": _("det tok slutt"),
    "Leadership.asked_at": _("arbeidsplassen ble spurt"),
    "WorkplaceNotice.kind": _("beskjed"),
    "Application.kind": _("hva slags gruppe"),
    "Attendance.status": _("oppmøte"),
    "LearningGroup.kind": _("hva slags gruppe"),
    "LearningGroup.started_at": _("startet"),
    "MakeUp.reason": _("hva du gjorde i stedet"),
    "Note.text": _("notatet"),
    "NoteComment.text": _("kommentaren"),
    "Notice.kind": _("beskjed"),
    "answer": _("svar"),
    "answer_in_words": _("svaret ditt"),
    "answered_at": _("svarte"),
    "application": _("søknad"),
    "approved_at": _("ble godkjent"),
    "asked_at": _("ble bedt om"),
    "at": _("tidspunkt"),
    "began_at": _("fullførte første leksjon"),
    "certificate": _("kursbevis"),
    "check_id": _("spørsmålets nummer"),
    "completed_at": _("fullført"),
    "completed_version": _("versjon av kurset"),
    "content": _("fil"),
    "course": _("kurs"),
    "created_at": _("opprettet"),
    "current_time_zone": _("tidssone"),
    "detail": _("hva"),
    "email": _("e-postadresse"),
    "enrolment": _("kurs"),
    "erased_at": _("teksten er slettet"),
    "group": _("gruppe"),
    "groups": _("roller"),
    "handed_in_at": _("levert"),
    "invited_at": _("invitert"),
    "ip": _("IP-adresse"),
    "is_right": _("riktig"),
    "kind": _("hendelse"),
    "last_login": _("sist logget inn"),
    "last_seen_at": _("sist brukt"),
    "last_used_at": _("sist brukt"),
    "lesson": _("leksjon"),
    "lesson_key": _("leksjonens nummer"),
    "meeting": _("møte"),
    "module": _("modul"),
    "module_key": _("modulens nummer"),
    "number": _("gang"),
    "preferred_language": _("språk"),
    "primary": _("hovedadresse"),
    "proposed": _("forslag"),
    "public_id": _("nummer"),
    "question": _("spørsmål"),
    "reader": _("hvem"),
    "reason": _("grunn"),
    "received_at": _("mottatt"),
    "returned_at": _("sendt tilbake"),
    "saved_at": _("lagret"),
    "sent_at": _("sendt"),
    "started_at": _("begynt"),
    "status": _("status"),
    "text": _("tekst"),
    "theme": _("utseende"),
    "tries": _("ganger svart"),
    "type": _("slag"),
    "updated_at": _("lagret"),
    "user_agent": _("nettleser"),
    "verified": _("bekreftet"),
    "workplace": _("arbeidsplass"),
    "with_name": _("med navnet ditt"),
}


def label_of(field: models.Field | str) -> str:
    """The Norwegian name of a field, or of a column in words."""
    if isinstance(field, str):
        return str(LABELS[field])
    own = f"{field.model.__name__}.{field.name}"
    return str(LABELS.get(own) or LABELS.get(field.name, field.verbose_name))
