"""A letter from the mentor to the group: written, looked over with the number of recipients, sent once (B14, D12)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentoring.calendar_format import one_line
from mentoring.joining import present_members
from mentoring.models import GroupLetter, LearningGroup, Membership, Notice
from mentoring.notices import mail_key, note_once

KIND: Any = Notice.Kind.LETTER
MOST_A_DAY = 10


def recipients(group: LearningGroup) -> list[Membership]:
    """Who gets a letter: the present members, by name."""
    return list(present_members(group))


def send_letter(
    group: LearningGroup, by: Any, subject: str, text: str, token: UUID, *, answer_to_mentor: bool = False
) -> GroupLetter:
    """Sends a letter to the present members and returns it; the same form sent again is the same letter.

    Answers go to the site's own address unless the mentor wants them. Raises ValidationError when there is nobody to
    write to or nothing to say, and for the eleventh letter within a day.
    """
    subject, text = one_line(subject), text.replace("\x00", "").strip()
    if not subject or not text:
        raise ValidationError(_("Et brev har både emne og tekst."))
    if before := _sent_with(token, group):
        return before
    to = recipients(group)
    if not to:
        raise ValidationError(_("Det er ingen deltakere å skrive til ennå."))
    _refuse_flood(group)
    try:
        with transaction.atomic():
            letter = GroupLetter.objects.create(group=group, by=by, subject=subject[:120], text=text, token=token)
            answers = [by.email] if answer_to_mentor else None
            mails = [_mail(letter, member, answers) for member in to if _is_new(letter, member)]
            get_connection().send_messages(mails)
    except IntegrityError:
        # The same form a moment ago, in another tab or by a second press.
        if before := _sent_with(token, group):
            return before
        raise
    return letter


def _refuse_flood(group: LearningGroup) -> None:
    since = timezone.now() - timedelta(days=1)
    if GroupLetter.objects.filter(group=group, sent_at__gt=since).count() >= MOST_A_DAY:
        raise ValidationError(_("Gruppen har fått ti brev det siste døgnet. Vent til i morgen med det neste."))


def _sent_with(token: UUID, group: LearningGroup) -> GroupLetter | None:
    letter = GroupLetter.objects.filter(token=token).first()
    if letter and letter.group_id != group.pk:
        raise ValidationError(_("Dette skjemaet er brukt i en annen gruppe. Åpne det på nytt her."))
    return letter


def _is_new(letter: GroupLetter, membership: Membership) -> bool:
    return note_once(membership, KIND, str(letter.pk))


def _mail(letter: GroupLetter, membership: Membership, answers: list[str] | None) -> EmailMultiAlternatives:
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "letter": letter,
            "group": letter.group,
            "mentor": letter.by,
            "answers": bool(answers),
            "url": settings.SITE_URL + reverse("group", args=[letter.group_id]),
        }
        mail = EmailMultiAlternatives(
            letter.subject,
            render_to_string("mentoring/mail/letter.txt", context),
            to=[membership.member.email],
            reply_to=answers,
            headers={"X-Refleks-Key": mail_key(membership, KIND, str(letter.pk))},
        )
        mail.attach_alternative(render_to_string("mentoring/mail/letter.html", context), "text/html")
    return mail
