"""Issuing, revoking, replacing and erasing certificates. What is issued stays; each change leaves an event (P7)."""

import datetime
import hashlib
import logging
from collections.abc import Callable, Iterable
from typing import Any, cast

import typst
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from certificates.eligibility import Requirement, certificate_of, course_of, unmet_by_name, unmet_requirements
from certificates.mailing import mail_certificate, mail_revocation
from certificates.members import MemberCase, completed_on, package_certificate_of, standing_of, unmet_in_name
from certificates.models import (
    Certificate,
    CertificateEvent,
    CertificateFile,
    CertificateSettings,
    new_code,
)
from certificates.rendering import render_certificate, tidy_name
from mentoring.attendance import CAME, Mark
from mentoring.models import Attendance, MakeUp, Meeting, Membership, Note
from modules.models import Attempt, CoursePage
from modules.outline import CourseOutline

log = logging.getLogger("refleks.certificates")


def issue_certificate(
    attempt: Attempt, *, name: str, by: AbstractBaseUser | None = None, exception_reason: str = ""
) -> Certificate:
    """Issues the certificate of `attempt` in `name` and mails it, or returns the one there is already (R2, R041).

    `by` is the administrator when it is not the learner or the clock; with `exception_reason` they may waive
    unfinished modules (R044). Raises ValidationError with everything that is missing. Safe under any number of
    parallel calls: all of them get the same certificate.
    """
    existing = certificate_of(attempt)
    if existing and not existing.revoked_at:
        return existing
    reason = exception_reason.strip() if by else ""
    unmet = unmet_requirements(attempt, name=name)
    _refuse_unless_waived(unmet, reason)
    certificate = _drawn_up(attempt, tidy_name(name), reason if unmet else "")
    return _issued(certificate, by, reason, lambda: certificate_of(attempt))


def issue_package_certificate(
    membership: Membership, *, name: str, by: AbstractBaseUser | None = None, exception_reason: str = ""
) -> Certificate:
    """Issues the certificate of the package that a member has gone through with a group (R029, R041).

    As `issue_certificate`: the one there is already, one under parallel calls, ValidationError with everything that
    is missing, and an administrator's recorded reason for modules, meetings and notes (R044).
    """
    existing = package_certificate_of(membership)
    if existing and not existing.revoked_at:
        return existing
    reason = exception_reason.strip() if by else ""
    case = standing_of([membership])[membership.pk]
    unmet = unmet_in_name(case, name)
    _refuse_unless_waived(unmet, reason)
    certificate = _drawn_up_for(case, tidy_name(name), reason if unmet else "")
    return _issued(certificate, by, reason, lambda: package_certificate_of(membership))


def revoke_certificate(certificate: Certificate, *, by: AbstractBaseUser, reason: str) -> Certificate:
    """Takes a certificate back; its check page says so from now on (R043).

    Raises ValidationError without a reason, or when the certificate no longer stands.
    """
    _require(reason)
    with transaction.atomic():
        certificate = _locked(certificate)
        if certificate.status != Certificate.Status.VALID:
            raise ValidationError(_("Bare et gyldig kursbevis kan trekkes tilbake."))
        certificate.revoked_at, certificate.revoked_reason = timezone.now(), reason.strip()
        certificate.save(update_fields=["revoked_at", "revoked_reason"])
        _record(certificate, CertificateEvent.Kind.REVOKED, by, reason)
        mail_revocation(certificate)
    return certificate


def replace_certificate(certificate: Certificate, *, name: str, by: AbstractBaseUser, reason: str) -> Certificate:
    """Issues the same certificate in another name with a new code; the old one loses name and file (P11, B9).

    Somebody else than the learner can also replace a revoked one, which undoes a mistaken revocation. Returns the
    new certificate. Raises ValidationError without a reason, for a name that cannot be printed, or when the old
    one no longer stands.
    """
    _require(reason)
    _refuse_replacement(certificate, by)
    _refuse(unmet_by_name(name))
    successor = _copied(certificate, tidy_name(name))
    pdf = _rendered(successor)
    with transaction.atomic():
        certificate = _locked(certificate)
        _refuse_replacement(certificate, by)
        certificate.replaced_at = timezone.now()
        _strip(certificate, "replaced_at")
        _file_away(successor, pdf, by, reason)
        certificate.replaced_by = successor
        certificate.save(update_fields=["replaced_by"])
        _record(certificate, CertificateEvent.Kind.REPLACED, by, reason)
    return successor


def erase_certificates(learner: AbstractBaseUser) -> int:
    """Takes name and file off all certificates of a person who is erased; the rows stay, so that counts hold (R121).

    A person who wants certificates to go on working keeps them by this not being called. Returns how many.
    """
    with transaction.atomic():
        certificates = list(Certificate.objects.select_for_update().filter(learner=learner, erased_at=None))
        for certificate in certificates:
            certificate.erased_at = timezone.now()
            # Reasons are free text and may name the person.
            certificate.exception_reason = ""
            certificate.revoked_reason = _("slettet") if certificate.revoked_at else ""
            _strip(certificate, "erased_at", "exception_reason", "revoked_reason")
            certificate.events.update(reason="")
            _record(certificate, CertificateEvent.Kind.ERASED, None, "")
    return len(certificates)


def waiting_attempts(now: datetime.datetime) -> QuerySet[Attempt]:
    """Attempts completed more than CERTIFICATE_GRACE_DAYS days before `now` that nobody has claimed, oldest first."""
    issued = Certificate.objects.filter(
        learner=OuterRef("enrolment__learner"),
        course_key=OuterRef("enrolment__course_key"),
        attempt_number=OuterRef("number"),
        group=None,
    )
    return (
        Attempt.objects.filter(
            ~Exists(issued),
            completed_at__lt=now - datetime.timedelta(days=settings.CERTIFICATE_GRACE_DAYS),
            enrolment__learner__is_active=True,
            enrolment__withdrawn_at=None,
            enrolment__course__gives_certificate=True,
        )
        .select_related("enrolment__learner", "enrolment__course__locale")
        .order_by("completed_at")
    )


def issue_if_waiting(attempt_id: int, now: datetime.datetime) -> Certificate | None:
    """Issues the certificate of an attempt that waits at `now`, in the name of the account. May run twice.

    Returns None when it no longer waits, or when something is missing: whoever lacks something keeps waiting.
    """
    attempt = waiting_attempts(now).filter(pk=attempt_id).first()
    if attempt is None:
        return None
    try:
        return issue_certificate(attempt, name=attempt.enrolment.learner.name)
    except ValidationError as refusal:
        log.info("No certificate for attempt %s: %s", attempt_id, ", ".join(error.code for error in refusal.error_list))
        return None


def waiting_memberships(now: datetime.datetime, **only: Any) -> list[Membership]:
    """Members who lack nothing, have not claimed, and for whom nothing has changed in CERTIFICATE_GRACE_DAYS days.

    `only` narrows them, as `filter` does.
    """
    recently = now - datetime.timedelta(days=settings.CERTIFICATE_GRACE_DAYS)
    issued = Certificate.objects.filter(learner=OuterRef("member"), group=OuterRef("group"))
    own = {"membership": OuterRef("pk")}
    candidates = Membership.objects.filter(
        ~Exists(issued),
        ~Exists(Attendance.objects.filter(**own, at__gte=recently)),
        ~Exists(MakeUp.objects.filter(**own, at__gte=recently)),
        ~Exists(Note.objects.filter(**own, handed_in_at__gte=recently)),
        Exists(Attendance.objects.filter(**own)) | Exists(MakeUp.objects.filter(**own)),
        left_at=None,
        member__is_active=True,
        group__package__gives_certificate=True,
        **only,
    )
    members = list(candidates.select_related("member", "group__package__course__locale"))
    cases = standing_of(members)
    return [member for member in members if not cases[member.pk].unmet and _finished_before(cases[member.pk], recently)]


def issue_package_if_waiting(membership_id: int, now: datetime.datetime) -> Certificate | None:
    """Issues the certificate of a member who waits at `now`, in the name of the account. May run twice.

    Returns None when they no longer wait.
    """
    waiting = waiting_memberships(now, pk=membership_id)
    if not waiting:
        return None
    membership = waiting[0]
    try:
        return issue_package_certificate(membership, name=membership.member.name)
    except ValidationError as refusal:
        log.info("No certificate for member %s: %s", membership_id, ", ".join(e.code for e in refusal.error_list))
        return None


def _finished_before(case: MemberCase, moment: datetime.datetime) -> bool:
    return case.attempt is None or case.attempt.completed_at is None or case.attempt.completed_at < moment


def _drawn_up(attempt: Attempt, name: str, exception_reason: str) -> Certificate:
    """The certificate with its words, not saved yet."""
    # Without a course there was a refusal before.
    course = cast(CourseOutline, course_of(attempt))
    signed = _signed(attempt.enrolment.course)
    return Certificate(
        learner=attempt.enrolment.learner,
        course_key=course.key,
        attempt_number=attempt.number,
        holder_name=name,
        course_title=course.title,
        course_version=attempt.completed_version or course.version,
        language=course.locale,
        minutes=course.minutes,
        modules=_module_words(course),
        completed_on=timezone.localdate(attempt.completed_at),
        issued_on=timezone.localdate(),
        issuer=signed.issuer,
        signatory_name=signed.signatory_name,
        signatory_title=signed.signatory_title,
        exception_reason=exception_reason,
    )


def _drawn_up_for(case: MemberCase, name: str, exception_reason: str) -> Certificate:
    """The certificate of a package with its words: the course, the meetings that count, nothing of the group.

    The group's name may say where somebody works, and whoever has the code can read what is printed.
    """
    group, package, course = case.group, case.group.package, case.course
    signed = _signed(package.course)
    meetings = [_meeting_words(mark) for mark in case.meetings.every if mark.counted]
    return Certificate(
        learner=case.membership.member,
        group=group,
        course_key=course.key if course else None,
        attempt_number=case.attempt.number if case.attempt else 1,
        holder_name=name,
        package_name=package.name,
        course_title=course.title if course else package.name,
        course_version=_version_words(case),
        language=course.locale if course else settings.LANGUAGE_CODE,
        minutes=(course.minutes if course else 0) + sum(meeting["minutes"] for meeting in meetings),
        modules=_module_words(course) if course else [],
        meetings=meetings,
        completed_on=completed_on(case),
        issued_on=timezone.localdate(),
        issuer=signed.issuer,
        signatory_name=signed.signatory_name,
        signatory_title=signed.signatory_title,
        exception_reason=exception_reason,
    )


def _signed(course: CoursePage | None) -> CertificateSettings:
    site = course.get_site() if course else Site.objects.filter(is_default_site=True).first()
    return CertificateSettings.for_site(site) if site else CertificateSettings()


def _version_words(case: MemberCase) -> str:
    if case.course is None:
        return ""
    return (case.attempt and case.attempt.completed_version) or case.course.version


def _module_words(course: CourseOutline) -> list[dict[str, Any]]:
    return [{"title": module.title, "minutes": module.minutes} for module in course.modules]


def _meeting_words(mark: Mark) -> dict[str, Any]:
    # One that was made up because it was called off has no day on which it was.
    was = mark.status in CAME or mark.meeting.status == Meeting.Status.HELD
    day = mark.meeting.day.isoformat() if mark.meeting.day and was else ""
    how = "made_up" if mark.made_up else str(mark.status)
    return {"title": mark.meeting.title, "date": day, "minutes": mark.meeting.minutes, "how": how}


def _copied(certificate: Certificate, name: str) -> Certificate:
    kept = (
        *("learner_id", "course_key", "attempt_number", "course_title", "course_version", "language", "minutes"),
        *("modules", "completed_on", "issuer", "signatory_name", "signatory_title", "exception_reason"),
        *("group_id", "package_name", "meetings"),
    )
    facts = {field: getattr(certificate, field) for field in kept}
    return Certificate(code=new_code(), holder_name=name, issued_on=timezone.localdate(), **facts)


def _issued(
    certificate: Certificate,
    by: AbstractBaseUser | None,
    reason: str,
    standing_one: Callable[[], Certificate | None],
) -> Certificate:
    pdf = _rendered(certificate)
    try:
        with transaction.atomic():
            _file_away(certificate, pdf, by, reason)
    except IntegrityError:
        # Somebody was quicker: the constraint has decided, and theirs is the answer.
        if winner := standing_one():
            return winner
        raise
    return certificate


def _rendered(certificate: Certificate) -> bytes:
    try:
        return render_certificate(certificate)
    except typst.TypstError as error:
        # The fonts hold the characters one by one, but not together.
        raise ValidationError(_("Vi klarte ikke å trykke navnet. Skriv det på en annen måte.")) from error


def _file_away(certificate: Certificate, pdf: bytes, by: AbstractBaseUser | None, reason: str) -> None:
    certificate.save(force_insert=True)
    CertificateFile.objects.create(certificate=certificate, content=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    _record(certificate, CertificateEvent.Kind.ISSUED, by, reason)
    mail_certificate(certificate)


def _strip(certificate: Certificate, *changed: str) -> None:
    certificate.holder_name = ""
    certificate.save(update_fields=["holder_name", *changed])
    CertificateFile.objects.filter(certificate=certificate).delete()


def _record(certificate: Certificate, kind: Any, by: AbstractBaseUser | None, reason: str) -> None:
    CertificateEvent.objects.create(certificate=certificate, kind=kind, by=by, reason=reason.strip())


def _locked(certificate: Certificate) -> Certificate:
    return Certificate.objects.select_for_update().get(pk=certificate.pk)


def _require(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Skriv grunnen. Den lagres sammen med kursbeviset.")})


def _refuse_unless_waived(unmet: list[Requirement], reason: str) -> None:
    _refuse(missing for missing in unmet if not (reason and missing.can_be_waived))


def _refuse(unmet: Iterable[Requirement]) -> None:
    if errors := [ValidationError(missing.sentence, code=missing.code) for missing in unmet]:
        raise ValidationError(errors)


def _refuse_replacement(certificate: Certificate, by: AbstractBaseUser) -> None:
    if certificate.status in {Certificate.Status.REPLACED, Certificate.Status.ERASED}:
        raise ValidationError(_("Kursbeviset er allerede erstattet eller slettet."))
    if certificate.revoked_at and by == certificate.learner:
        raise ValidationError(_("Kursbeviset ditt er trukket tilbake. Ta kontakt med senteret."))
