"""Certificates after a change of name: the person decides whether theirs are issued anew (P11)."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certificates.issuing import replace_certificate
from certificates.models import Certificate
from lms.accounts.models import User


def standing(user: User) -> QuerySet[Certificate]:
    """The person's certificates that have a name: neither replaced nor erased."""
    return Certificate.objects.filter(learner=user, replaced_at=None, erased_at=None)


def in_another_name(user: User) -> list[Certificate]:
    """The person's valid certificates that carry another name than the person does now."""
    return list(standing(user).filter(revoked_at=None).exclude(holder_name=user.name))


def reissue(user: User) -> int:
    """Replaces those certificates, all or none; returns how many.

    Raises ValidationError when the name cannot be printed.
    """
    with transaction.atomic():
        certificates = in_another_name(user)
        for certificate in certificates:
            replace_certificate(certificate, name=user.name, by=user, reason=_("Nytt navn"))
    return len(certificates)
