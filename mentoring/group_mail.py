"""Mails about a group as such: that one leads it now, that it is called off. Once for each time (B14)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mentoring.models import GroupEvent, LearningGroup


def tell_mentor(group: LearningGroup, event: GroupEvent) -> None:
    """Tells the mentor that they lead the group from `event` on."""
    if group.mentor is None or not group.mentor.is_active or group.mentor == event.by:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Du er mentor for %(group)s") % {"group": group.name}
        sentences = [
            _("Du leder nå gruppen %(group)s, som tar «%(package)s».")
            % {"group": group.name, "package": group.package.name},
            _(
                "På gruppesiden ser du hvem som er med og hvor langt de er kommet, setter tider for møtene, og finner "
                "veiledningen til hvert møte."
            ),
            _("Refleksjonsnotatene i gruppen leses bare av den som har skrevet dem, og av deg."),
        ]
        if group.contact:
            sentences.insert(
                2, _("Der finner du også kontaktpersonen deres, og ønskene fra søknaden hvis de skrev noen.")
            )
        url = settings.SITE_URL + reverse("group", args=[group.pk])
        _send(group.mentor, subject, sentences, (_("Åpne gruppen"), url), f"mentor-of:{group.pk}:{event.pk}")


def tell_cancelled(group: LearningGroup, people: Iterable[Any]) -> None:
    """Tells `people` that the group is called off."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Gruppen %(group)s er avlyst") % {"group": group.name}
        sentences = [
            _("Gruppen %(group)s er avlyst. Møtene som skulle komme, er også avlyst.") % {"group": group.name},
            _("Det du har gjort i nettkurset, er lagret, og du kan fortsette på egen hånd."),
        ]
        if group.course is None:
            sentences.pop()
        for person in people:
            button = (_("Gå til siden din"), settings.SITE_URL + reverse("my_page"))
            _send(person, subject, sentences, button, f"group-cancelled:{group.pk}")


def _send(person: Any, subject: str, sentences: list[str], button: tuple[str, str], key: str) -> None:
    # A name of more than one line is no head of a mail (S21).
    (words, url), subject = button, " ".join(subject.split())
    context = {"subject": subject, "name": person.name, "sentences": sentences, "button": words, "url": url}
    mail = EmailMultiAlternatives(
        subject,
        render_to_string("mentoring/mail/application.txt", context),
        to=[person.email],
        headers={"X-Refleks-Key": f"{person.public_id}:{key}"},
    )
    mail.attach_alternative(render_to_string("mentoring/mail/application.html", context), "text/html")
    mail.send()
