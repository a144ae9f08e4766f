"""The mails about an application: to its contact person for each answer, to those who answer once (B14)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mentoring.access import DECIDE, holders_of
from mentoring.models import Application

Status: Any = Application.Status
# A centre has a handful of people who answer; a mistake in the roles does not become a mailing.
MOST_TOLD = 20
# Subject, sentences, and what the button says.
Words = tuple[str, list[str], str]


def tell_contact(application: Application, reason: str = "") -> None:
    """Tells the contact person how the application stands, once for each standing. `reason` is told as it is."""
    contact = application.contact
    write = WORDS.get(application.status)
    if write is None or not contact.is_active:
        return
    with translation.override(settings.LANGUAGE_CODE):
        _send(contact, application, write(application, reason), _leads_to(application), str(application.status))


def tell_deciders(application: Application) -> None:
    """Tells those who may answer that a new application waits: which package and workplace, and nothing else of it.

    The contact person is not told, nor more than `MOST_TOLD` people.
    """
    people = holders_of(DECIDE).exclude(pk=application.contact_id)[:MOST_TOLD]
    url = reverse("application:inspect", args=[application.pk])
    with translation.override(settings.LANGUAGE_CODE):
        sentences = [
            _("%(workplace)s har søkt om «%(package)s».") % _names(application),
            _("Søknaden venter på svar. Ønskene deres og hvem som er kontaktperson, står på siden."),
        ]
        words = _("Ny søknad om gruppe"), sentences, _("Les søknaden og svar")
        for person in people:
            _send(person, application, words, url, "new")


def _send(person: Any, application: Application, words: Words, path: str, occasion: str) -> None:
    subject, sentences, button = words
    context = {
        "subject": subject,
        "name": person.name,
        "sentences": sentences,
        "button": button,
        "url": settings.SITE_URL + path,
    }
    mail = EmailMultiAlternatives(
        f"{subject}: {application.workplace}",
        render_to_string("mentoring/mail/application.txt", context),
        to=[person.email],
        headers={"X-Refleks-Key": f"{person.public_id}:application-{occasion}:{application.pk}"},
    )
    mail.attach_alternative(render_to_string("mentoring/mail/application.html", context), "text/html")
    mail.send()


def _leads_to(application: Application) -> str:
    if application.status == Status.OFFERED and application.group_id:
        return reverse("members", args=[application.group_id])
    return reverse("application", args=[application.pk])


def _names(application: Application) -> dict[str, str]:
    return {"workplace": application.workplace, "package": application.package.name}


def _applied(application: Application, _reason: str) -> Words:
    sentences = [
        _("Vi har fått søknaden fra %(workplace)s om «%(package)s».") % _names(application),
        _("Senteret leser den og svarer deg på e-post. Du trenger ikke gjøre noe mer nå."),
        _("Til dere har fått svar, kan du endre søknaden eller trekke den."),
    ]
    return _("Søknaden er sendt"), sentences, _("Se søknaden")


def _offered(application: Application, reason: str) -> Words:
    sentences = [
        _("%(workplace)s har fått plass på «%(package)s».") % _names(application),
        *([reason] if reason else []),
        _("Nå inviterer du dem som skal være med. Du kan invitere på e-post eller dele en lenke."),
        _("Når alle er med, setter mentoren opp møtene. Alle får innkalling på e-post."),
    ]
    return _("Dere har fått plass"), sentences, _("Gå videre og inviter deltakerne")


def _waiting(application: Application, reason: str) -> Words:
    sentences = [
        _("%(workplace)s står på venteliste til «%(package)s».") % _names(application),
        *([reason] if reason else []),
        _("Ventelisten går etter når søknaden kom. Vi skriver til deg når det blir en plass."),
        _("Mens dere venter, kan du endre søknaden eller trekke den. Plassen på listen blir den samme."),
    ]
    return _("Dere står på venteliste"), sentences, _("Se hvor dere står på listen")


def _other_offer(application: Application, reason: str) -> Words:
    sentences = [
        _("Takk for søknaden fra %(workplace)s om «%(package)s». Vi tror noe annet passer bedre for dere.")
        % _names(application),
        reason,
        _("Ta kontakt med senteret hvis du lurer på noe."),
    ]
    return _("Et annet tilbud til dere"), sentences, _("Se søknaden")


def _refused(application: Application, reason: str) -> Words:
    sentences = [
        _("Takk for søknaden fra %(workplace)s om «%(package)s». Dessverre kan vi ikke gi dere plass denne gangen.")
        % _names(application),
        _("Grunnen er: %(reason)s") % {"reason": reason},
        _("Nettkursene er åpne for alle, og hver av dere kan ta dem på egen hånd. Dere kan også søke igjen senere."),
    ]
    return _("Svar på søknaden"), sentences, _("Se søknaden")


def _withdrawn(application: Application, reason: str) -> Words:
    sentences = [
        _("Søknaden fra %(workplace)s om «%(package)s» er trukket.") % _names(application),
        _("Grunnen som er skrevet: %(reason)s") % {"reason": reason},
        _("Dere kan søke igjen når det passer."),
    ]
    return _("Søknaden er trukket"), sentences, _("Se søknaden")


WORDS: dict[str, Callable[[Application, str], Words]] = {
    Status.APPLIED: _applied,
    Status.OFFERED: _offered,
    Status.WAITING: _waiting,
    Status.OTHER_OFFER: _other_offer,
    Status.REFUSED: _refused,
    Status.WITHDRAWN: _withdrawn,
}
