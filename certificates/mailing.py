"""The mail with a certificate. It is queued together with the certificate, so there is never one without the other."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from certificates.models import Certificate


def mail_certificate(certificate: Certificate) -> None:
    """Tells the learner that the certificate is ready, with the facts and the link. Once for each certificate (B14)."""
    learner = certificate.learner
    if not learner.is_active:
        return
    with translation.override(settings.LANGUAGE_CODE):
        context = {"certificate": certificate}
        mail = EmailMultiAlternatives(
            _("Kursbeviset ditt er klart"),
            render_to_string("certificates/mail/ready.txt", context),
            to=[learner.email],
            headers={"X-Refleks-Key": f"{learner.public_id}:certificate:{certificate.pk}"},
        )
        mail.attach_alternative(render_to_string("certificates/mail/ready.html", context), "text/html")
        mail.send()


def mail_revocation(certificate: Certificate) -> None:
    """Tells the learner that the certificate no longer stands. The reason is the administrator's own note and stays."""
    learner = certificate.learner
    if not learner.is_active:
        return
    with translation.override(settings.LANGUAGE_CODE):
        EmailMultiAlternatives(
            _("Kursbeviset ditt er trukket tilbake"),
            render_to_string("certificates/mail/revoked.txt", {"certificate": certificate}),
            to=[learner.email],
            headers={"X-Refleks-Key": f"{learner.public_id}:certificate-revoked:{certificate.pk}"},
        ).send()
