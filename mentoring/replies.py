"""Whether members say that they come. Said on the site alone: answers by mail reach nobody (I15)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.models import Meeting, MeetingReply, Membership


def reply(meeting: Meeting, membership: Membership, answer: str) -> MeetingReply:
    """Writes that the member comes or does not, and returns it; the last word counts.

    Raises ValidationError when the meeting has no time, is not announced yet, is cancelled or over, or the answer is
    none of `MeetingReply.Answer`.
    """
    if answer not in MeetingReply.Answer.values:
        raise ValidationError(_("Velg om du kommer eller ikke."))
    with transaction.atomic():
        meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        if meeting.status == Meeting.Status.CANCELLED:
            raise ValidationError(_("Møtet er avlyst, så det er ikke noe å svare på."))
        if not meeting.starts_at:
            raise ValidationError(_("Møtet har ikke fått noe tidspunkt ennå."))
        if meeting.status == Meeting.Status.HELD or meeting.ends_at <= timezone.now():
            raise ValidationError(_("Møtet har vært. Det er ikke mulig å svare lenger."))
        if meeting.lacks:
            # R022: nobody is invited before it is known where; whether one comes may hang on that.
            raise ValidationError(_("Innkallingen er ikke sendt ennå. Du kan svare når den er kommet."))
        said, _new = MeetingReply.objects.update_or_create(
            meeting=meeting, membership=membership, defaults={"answer": answer}
        )
    return said
