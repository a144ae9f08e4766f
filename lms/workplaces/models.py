"""Workplaces, who leads them, the courses they ask of new employees, and who agreed to share (R050-R052)."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lms.workplaces.organisation_numbers import clean_organisation_number


def new_token() -> str:
    """192 bits by chance, for an address that nobody can guess."""
    return secrets.token_urlsafe(24)


class Workplace(models.Model):
    """A place where people work. Its municipality stays on the number it had when it was written (I26)."""

    name = models.CharField(_("navn"), max_length=120)
    organisation_number = models.CharField(
        _("organisasjonsnummer"),
        max_length=9,
        blank=True,
        validators=[clean_organisation_number],
        help_text=_(
            "Ni sifre, kan stå tomt. Vi ser etter at sifrene stemmer med hverandre. Vi slår ikke opp i "
            "Enhetsregisteret, så nummeret kan likevel tilhøre en annen eller ingen."
        ),
    )
    municipality = models.ForeignKey(
        "accounts.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kommune")
    )
    # One of the sectors of people; accounts stand above this app, so the form brings the choices.
    sector = models.CharField(_("sektor"), max_length=20, blank=True)
    contact_email = models.EmailField(
        _("arbeidsplassens e-postadresse"),
        help_text=_(
            "Dit spør vi om en leder virkelig leder arbeidsplassen, for eksempel postmottaket eller lederens egen "
            "leder. Aldri lederens egen adresse."
        ),
    )
    created_at = models.DateTimeField(_("opprettet"), auto_now_add=True)

    class Meta:
        verbose_name = _("arbeidsplass")
        verbose_name_plural = _("arbeidsplasser")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_number"],
                condition=~models.Q(organisation_number=""),
                name="organisation_number_once",
                violation_error_message=_("Det finnes en arbeidsplass med dette organisasjonsnummeret."),
            )
        ]

    def __str__(self):
        return self.name


class Leadership(models.Model):
    """That a person leads a workplace: given by an administrator, confirmed by the workplace, ended by either.

    Until it is confirmed, and from the moment it is ended, the person sees nothing.
    """

    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="leaderships", verbose_name=_("arbeidsplass"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="leaderships", verbose_name=_("leder")
    )
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("gitt av"))
    given_at = models.DateTimeField(_("gitt"), auto_now_add=True)
    confirm_email = models.EmailField(_("spurt på"))
    token = models.CharField(max_length=40, unique=True, default=new_token)
    asked_at = models.DateTimeField(_("spurt"))
    confirmed_at = models.DateTimeField(_("bekreftet"), null=True, blank=True)
    refused_at = models.DateTimeField(_("arbeidsplassen sa nei"), null=True, blank=True)
    ended_at = models.DateTimeField(_("avsluttet"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("avsluttet av"),
    )

    class Meta:
        verbose_name = _("leder av arbeidsplass")
        verbose_name_plural = _("ledere av arbeidsplasser")
        ordering = ["workplace__name", "-given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["workplace", "person"],
                condition=models.Q(ended_at=None),
                name="person_leads_workplace_once",
            ),
            models.CheckConstraint(
                condition=models.Q(refused_at=None) | models.Q(ended_at__isnull=False), name="refused_leader_is_ended"
            ),
        ]

    def __str__(self):
        return f"{self.person} – {self.workplace}"


class RequiredCourse(models.Model):
    """A course that a workplace asks of new employees, with a deadline: so many days after one was added, or a date."""

    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="required_courses")
    course = models.ForeignKey("modules.CoursePage", models.PROTECT, related_name="+", verbose_name=_("kurs"))
    course_key = models.UUIDField(editable=False)
    deadline_days = models.PositiveSmallIntegerField(_("antall dager"), null=True, blank=True)
    deadline_on = models.DateField(_("dato"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workplace", "course_key"],
                condition=models.Q(ended_at=None),
                name="course_required_once_per_workplace",
            ),
            models.CheckConstraint(
                condition=models.Q(deadline_days=None, deadline_on__isnull=False)
                | models.Q(deadline_days__isnull=False, deadline_on=None),
                name="deadline_is_days_or_date",
            ),
        ]


class Employee(models.Model):
    """Somebody on a leader's list, as the leader wrote them. `person` is the account that answered the invitation.

    `declined_at` is when the present answer "no" was given: to the invitation, or by ceasing to share.
    """

    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="employees")
    email = models.EmailField(_("e-postadresse"))
    name = models.CharField(_("navn"), max_length=120, blank=True)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("lagt til"))
    invited_at = models.DateTimeField(_("invitert"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="employments"
    )
    declined_at = models.DateTimeField(_("svarte nei"), null=True, blank=True)
    removed_at = models.DateTimeField(_("tatt av listen"), null=True, blank=True)
    reminders_stopped_at = models.DateTimeField(_("påminnelser stoppet"), null=True, blank=True)

    class Meta:
        ordering = ["name", "email"]
        constraints = [models.UniqueConstraint(Lower("email"), "workplace", name="employee_once_per_workplace")]

    def __str__(self):
        return self.name or self.email


class Consent(models.Model):
    """That a person lets a workplace see how far they are; a row for each time, with its end (GDPR Art. 7).

    `wording` says which text they read.
    """

    class Ended(models.TextChoices):
        OWN_WISH = "own_wish", _("du sluttet å dele")
        REMOVED = "removed", _("arbeidsplassen tok deg av listen")

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="consents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents")
    wording = models.CharField(_("teksten du svarte på"), max_length=20)
    given_at = models.DateTimeField(_("gitt"))
    withdrawn_at = models.DateTimeField(_("trukket tilbake"), null=True, blank=True)
    ended_why = models.CharField(_("hvorfor det tok slutt"), max_length=10, choices=Ended.choices, blank=True)

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employee"], condition=models.Q(withdrawn_at=None), name="employee_shares_once_at_a_time"
            )
        ]


class WorkplaceNotice(models.Model):
    """That an employee was written to about a course: once for each kind and occasion."""

    class Kind(models.TextChoices):
        NEW_COURSE = "new_course", _("nytt kurs på listen")
        WEEK_BEFORE = "week_before", _("en uke før fristen")
        DAY_BEFORE = "day_before", _("dagen før fristen")
        OVERDUE = "overdue", _("fristen er ute")
        BY_HAND = "by_hand", _("lederen minner om kurset")

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="notices")
    required = models.ForeignKey(RequiredCourse, models.CASCADE, related_name="notices")
    kind = models.CharField(_("beskjed"), max_length=12, choices=Kind.choices)
    occasion = models.CharField(_("anledning"), max_length=40)
    at = models.DateTimeField(_("tidspunkt"), auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["employee", "required", "kind", "occasion"], name="employee_told_once")
        ]


class WorkplaceEvent(models.Model):
    """The log of a workplace: who did what, when. Names of employees stand in no row (P7)."""

    class Kind(models.TextChoices):
        LEADER_GIVEN = "leader_given", _("en leder ble registrert")
        LEADER_CONFIRMED = "leader_confirmed", _("arbeidsplassen bekreftet lederen")
        LEADER_REFUSED = "leader_refused", _("arbeidsplassen sa nei til lederen")
        LEADER_ENDED = "leader_ended", _("en leder ble avsluttet")
        COURSE_SET = "course_set", _("et kurs ble satt på listen")
        DEADLINE = "deadline", _("en frist ble endret")
        COURSE_ENDED = "course_ended", _("et kurs ble tatt av listen")
        INVITED = "invited", _("ansatte ble invitert")
        REMOVED = "removed", _("en ansatt ble tatt av listen")
        REMINDED = "reminded", _("ansatte ble minnet om kurset")
        EXPORT = "export", _("listen ble hentet ut")

    workplace = models.ForeignKey(Workplace, models.CASCADE, related_name="events")
    kind = models.CharField(_("hendelse"), max_length=20, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    detail = models.CharField(_("hva"), max_length=120, blank=True)
    at = models.DateTimeField(_("tidspunkt"), auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
