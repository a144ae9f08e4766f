"""Erasing a person: everything they wrote and are called goes, the numbers stay without them (R121, P10).

What each field becomes is said in `personal-data.toml`; `erase_person` does it.
"""

import json
from collections.abc import Iterable
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import ModelLogEntry, PageSubscription, Revision
from wagtail.users.models import UserProfile

from certificates.issuing import erase_certificates
from certificates.models import Certificate
from lms.accounts.erasure_list import Erasure, note_erasure
from lms.accounts.group_erasure import NAMELESS, erase_from_groups, why_not_erase
from lms.accounts.models import InactivityNotice, User
from lms.accounts.workplace_erasure import erase_from_workplaces
from lms.outbox.backend import KEY_HEADER
from lms.outbox.delivery import FORGET
from lms.outbox.models import OutgoingMail
from modules.models import CheckAnswer, CoursePage, NotebookEntry, PilotFeedback, PilotTester


def erase_person(user: User, *, keep_certificates: bool) -> None:
    """Takes everything of `user` out of the database but a nameless row for the numbers, and says goodbye by mail.

    Certificates keep the name and go on being checked when `keep_certificates`, else they lose name and file.
    All or nothing. Raises ValidationError when the person is erased already, or leads a group that is under way.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if person.erased_at:
            raise ValidationError(_("Denne kontoen er allerede slettet."))
        if reason := why_not_erase(person):
            raise ValidationError(reason)
        email, public_id = person.email, person.public_id
        _erase(person, keep_certificates)
        _say_goodbye(person, email, keep_certificates)
        # Inside the transaction: when the list cannot be written, nobody is erased and then brought back by a backup.
        note_erasure(public_id, keep_certificates=keep_certificates)
    user.refresh_from_db()


def erase_again(erasures: Iterable[Erasure]) -> int:
    """Erases those whom a restored backup has brought back; they had their goodbye. Returns how many there were."""
    count = 0
    for erasure in erasures:
        with transaction.atomic():
            for person in User.objects.select_for_update().filter(public_id=erasure.public_id, erased_at=None):
                _erase(person, erasure.keep_certificates)
                count += 1
    return count


def _erase(person: User, keep_certificates: bool) -> None:
    addresses, confirmed = addresses_of(person), confirmed_addresses_of(person)
    _erase_learning(person)
    erase_from_groups(person, confirmed)
    erase_from_workplaces(person, confirmed)
    _erase_sign_in(person, addresses)
    # Not for an address that somebody only says is theirs: that invitation is another's.
    _erase_invitations(confirmed)
    _erase_cms(person)
    OutgoingMail.objects.filter(_any_of("to", addresses)).delete()
    if not keep_certificates:
        erase_certificates(person)
    _make_nameless(person)


def addresses_of(user: User) -> list[str]:
    """Every address of the person, in lower case."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({user.email.lower(), *(email.lower() for email in known)})


def confirmed_addresses_of(user: User) -> list[str]:
    """Those of them that the person has shown to be theirs."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({user.email.lower(), *(email.lower() for email in confirmed)})


def _any_of(field: str, addresses: Iterable[str]) -> models.Q:
    condition = models.Q(pk__in=[])
    for address in addresses:
        condition |= models.Q(**{f"{field}__iexact": address})
    return condition


def _erase_learning(user: User) -> None:
    NotebookEntry.objects.filter(learner=user).delete()
    CheckAnswer.objects.filter(attempt__enrolment__learner=user).delete()
    PilotFeedback.objects.filter(author=user).update(author=None)


def _erase_sign_in(user: User, addresses: list[str]) -> None:
    own = UserSession.objects.filter(user=user)
    Session.objects.filter(pk__in=own.values("session_key")).delete()
    own.delete()
    InactivityNotice.objects.filter(person=user).delete()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    # Signed-in sessions are known by whose they are. What is left are the few that never came so far: only those have
    # to be opened.
    others = Session.objects.filter(~Exists(UserSession.objects.filter(session_key=OuterRef("session_key"))))
    gone = [session.pk for session in others.iterator() if _is_about(session, user, addresses)]
    Session.objects.filter(pk__in=gone).delete()


def _is_about(session: Session, user: User, addresses: list[str]) -> bool:
    data = session.get_decoded()
    if data.get("_auth_user_id") == str(user.pk):
        return True
    # A sign-in or sign-up that was never finished knows the address too.
    text = json.dumps(data, default=str).lower()
    return any(json.dumps(address)[1:-1] in text for address in addresses)


def _erase_invitations(addresses: list[str]) -> None:
    PilotTester.objects.filter(_any_of("email", addresses)).delete()
    # Each saved version of a course has its list of testers.
    for revision in Revision.objects.filter(content_type=ContentType.objects.get_for_model(CoursePage)).iterator():
        testers = revision.content.get("testers", [])
        kept = [tester for tester in testers if tester.get("email", "").lower() not in addresses]
        if len(kept) != len(testers):
            revision.content["testers"] = kept
            revision.save(update_fields=["content"])


def _erase_cms(user: User) -> None:
    for profile in UserProfile.objects.filter(user=user):
        profile.avatar.delete(save=False)
        profile.delete()
    for model in (PageSubscription, EditingSession, FormState):
        model.objects.filter(user=user).delete()
    _blank_log(User, [user.pk])
    _blank_log(Certificate, list(Certificate.objects.filter(learner=user).values_list("pk", flat=True)))


def _blank_log(model: type[models.Model], keys: list[int]) -> None:
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=[str(key) for key in keys]
    )
    entries.update(label=NAMELESS, data={})


def _say_goodbye(user: User, email: str, keep_certificates: bool) -> None:
    with translation.override("nb"):
        has_certificates = keep_certificates and Certificate.objects.filter(learner=user, erased_at=None).exists()
        text = render_to_string("accounts/mail/erased.txt", {"keep_certificates": has_certificates})
        # The outbox drops a mail with such a key, address and all, as soon as it is sent.
        headers = {KEY_HEADER: f"{FORGET}{uuid4()}"}
        EmailMessage(_("Kontoen din er slettet"), text, to=[email], headers=headers).send()


def _make_nameless(user: User) -> None:
    user.groups.clear()
    user.user_permissions.clear()
    user.set_unusable_password()
    user.public_id = uuid4()
    user.email = f"erased-{uuid4()}@invalid"
    user.name = NAMELESS
    user.profession = user.workplace = ""
    user.municipality = user.last_login = None
    user.is_active = user.is_staff = user.is_superuser = user.is_mentor = False
    user.erased_at = timezone.now()
    user.save()
