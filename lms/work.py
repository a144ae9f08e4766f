"""The background work there is, by the name of its task."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Work:
    """Background work: what it is called in /cms/, and how often it comes round by itself, in seconds."""

    title: str
    every: int | None = None


# Each piece of it is a row in `lms.outbox`, claimed once, tried again, and visible in /cms/.
WORK = {
    "modules.tasks.settle_progress": Work(_("Se etter moduler som er blitt ferdige"), every=3600),
    "certificates.tasks.find_waiting_certificates": Work(_("Se etter kursbevis som skal utstedes"), every=3600),
    "certificates.tasks.issue_waiting_certificate": Work(_("Utsted et kursbevis")),
    "certificates.tasks.issue_waiting_package_certificate": Work(_("Utsted et kursbevis for en pakke")),
    "mentoring.tasks.settle_applications": Work(_("Se etter søknader der gruppen er fullført"), every=3600),
    "mentoring.tasks.find_due_reminders": Work(_("Se etter møter det skal minnes om"), every=3600),
    "mentoring.tasks.remind_of_meeting": Work(_("Minn om et møte")),
    "mentoring.tasks.find_due_digests": Work(_("Se etter mentorer som skal få ukens e-post"), every=3600),
    "mentoring.tasks.send_weekly_digest": Work(_("Send ukens e-post til en mentor")),
    "mentoring.tasks.check_clocks": Work(_("Se etter om klokken er endret ved lov"), every=24 * 3600),
    "mentoring.tasks.forget_old_invitations": Work(_("Slett gamle invitasjoner til grupper"), every=24 * 3600),
    "mentoring.tasks.purge_reported_notes": Work(_("Slett meldte tekster etter 72 timer"), every=3600),
    "mentoring.tasks.forget_old_notes": Work(_("Slett refleksjonsnotater som er gamle nok"), every=24 * 3600),
    "lms.accounts.tasks.forget_expired": Work(
        _("Slett økter, logger og påbegynte kontoer som er gamle nok"), every=24 * 3600
    ),
    "lms.accounts.tasks.find_inactive_people": Work(_("Varsle om kontoer som ikke er brukt på to år"), every=24 * 3600),
    "lms.accounts.tasks.erase_inactive_person": Work(_("Slett en konto som ikke er brukt på to år")),
    "lms.workplaces.tasks.find_due_deadlines": Work(_("Se etter kursfrister det skal minnes om"), every=3600),
    "lms.workplaces.tasks.remind_of_deadline": Work(_("Minn ansatte om en kursfrist")),
    "lms.workplaces.tasks.forget_old_employees": Work(
        _("Slett gamle rader på arbeidsplassers lister"), every=24 * 3600
    ),
    "lms.openfigures.tasks.publish_figures": Work(_("Publiser månedens åpne tall"), every=3600),
    "lms.tallies.tasks.renew_enrolments": Work(_("Tell påmeldingene på nytt, der det er mange"), every=900),
    "lms.tallies.tasks.renew_lessons": Work(_("Tell fullførte leksjoner på nytt, der det er mange"), every=24 * 3600),
    "lms.outbox.tasks.forget_old": Work(_("Slett gamle rader i loggene"), every=24 * 3600),
}
