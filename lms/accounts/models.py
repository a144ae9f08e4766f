"""People. The e-mail address is the name one signs in with; `public_id` is what others may see."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MunicipalityQuerySet(models.QuerySet):
    """The municipalities by the days on which they hold."""

    def holding(self, day=None):
        """Those that hold on `day`, by default today in Norway. A newer list may be loaded before it begins (I26)."""
        day = day or timezone.localdate()
        return self.filter(models.Q(valid_to=None) | models.Q(valid_to__gte=day), valid_from__lte=day)


class Municipality(models.Model):
    """A Norwegian municipality. Numbers are strings and have a time in which they hold (I26)."""

    number = models.CharField(_("kommunenummer"), max_length=4, primary_key=True)
    name = models.CharField(_("kommune"), max_length=60)
    county_number = models.CharField(_("fylkesnummer"), max_length=2)
    county_name = models.CharField(_("fylke"), max_length=60)
    valid_from = models.DateField(_("gjelder fra"))
    valid_to = models.DateField(_("gjelder til"), null=True, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["county_name", "name"]
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    """Makes users by e-mail address, kept in lower case."""

    def create_user(self, email, password=None, **fields):
        """A user with this address. Without a password the person signs in by mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person: name, e-mail and sector, and what they choose to add (R009, P2).

    `is_staff` means "has some permission", `is_mentor` "leads groups": both need a second factor, and follow by
    themselves (`lms.accounts.roles`). `erased_at` is set when the person asked to be deleted: what is
    left then is a nameless row that keeps the numbers right (R121).
    """

    class Sector(models.TextChoices):
        HEALTH_AND_CARE = "health_and_care", _("Helse- og omsorgstjeneste i kommunen")
        KINDERGARTEN = "kindergarten", _("Barnehage")
        SCHOOL_SFO = "school_sfo", _("Skole, SFO/AKS eller skolehelsetjeneste")
        RESPITE = "respite", _("Avlastning")
        CHILDRENS_HOUSING = "childrens_housing", _("Barnebolig")
        PRIVATE_PROVIDER = "private_provider", _("Privat virksomhet, BPA eller støttekontakt")
        SPECIALIST_HEALTH = "specialist_health", _("Spesialisthelsetjenesten")
        EDUCATION_RESEARCH = "education_research", _("Utdanning og forskning (også studenter)")
        USER_ORGANISATION = "user_organisation", _("Brukerorganisasjon")
        OTHER_PUBLIC = "other_public", _("Annen offentlig tjeneste, for eksempel NAV")
        RELATIVE = "relative", _("Pårørende")

    class Profession(models.TextChoices):
        ASSISTANT = "assistant", _("Assistent")
        CHILD_COORDINATOR = "child_coordinator", _("Barnekoordinator")
        CHILD_WELFARE_OFFICER = "child_welfare_officer", _("Barnevernspedagog")
        KINDERGARTEN_TEACHER = "kindergarten_teacher", _("Barnehagelærer")
        PERSONAL_ASSISTANT = "personal_assistant", _("BPA-assistent")
        OCCUPATIONAL_THERAPIST = "occupational_therapist", _("Ergoterapeut")
        PHYSIOTHERAPIST = "physiotherapist", _("Fysioterapeut")
        CLINICAL_NUTRITIONIST = "clinical_nutritionist", _("Klinisk ernæringsfysiolog")
        LEADER = "leader", _("Leder")
        PHYSICIAN = "physician", _("Lege")
        TEACHER = "teacher", _("Lærer")
        CARE_WORKER = "care_worker", _("Miljøarbeider")
        MUSIC_THERAPIST = "music_therapist", _("Musikkterapeut")
        SUPPORT_PEDAGOGUE = "support_pedagogue", _("Støttepedagog")
        RELATIVE = "relative", _("Pårørende")
        PSYCHOLOGIST = "psychologist", _("Psykolog")
        SOCIAL_WORKER = "social_worker", _("Sosionom")
        SPECIAL_NEEDS_TEACHER = "special_needs_teacher", _("Spesialpedagog")
        STUDENT = "student", _("Student")
        NURSE = "nurse", _("Sykepleier")
        SOCIAL_EDUCATOR = "social_educator", _("Vernepleier")
        OTHER = "other", _("Annet")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-postadresse"))
    name = models.CharField(_("navn"), max_length=120)
    sector = models.CharField(_("sektor"), max_length=20, choices=Sector.choices, blank=True)
    profession = models.CharField(_("yrke"), max_length=30, choices=Profession.choices, blank=True)
    municipality = models.ForeignKey(
        Municipality, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("kommune")
    )
    workplace = models.CharField(_("arbeidssted"), max_length=120, blank=True)
    is_staff = models.BooleanField(_("arbeider i redaksjonen"), default=False)
    is_mentor = models.BooleanField(_("leder grupper"), default=False, db_default=False, editable=False)
    is_active = models.BooleanField(_("aktiv"), default=True)
    date_joined = models.DateTimeField(_("ble med"), default=timezone.now)
    erased_at = models.DateTimeField(_("slettet"), null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("bruker")
        verbose_name_plural = _("brukere")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False),
                name="erased_user_is_inactive",
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0] if self.name else self.email


class InactivityNotice(models.Model):
    """That somebody was told their account is not in use (P8). Gone as soon as they sign in, or are erased."""

    person = models.OneToOneField(User, models.CASCADE, related_name="inactivity_notice")
    first_at = models.DateTimeField(_("første varsel"))
    second_at = models.DateTimeField(_("andre varsel"), null=True, blank=True)

    class Meta:
        verbose_name = _("varsel om konto som ikke er i bruk")
        verbose_name_plural = _("varsler om kontoer som ikke er i bruk")

    def __str__(self):
        return str(self.person)
