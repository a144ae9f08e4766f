"""The forms of sign-in that differ from allauth's own: whom we ask for what, in which order."""

from allauth.account import forms as allauth_forms
from django.core.validators import MaxLengthValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User

EMAIL_LENGTH = User._meta.get_field("email").max_length


class SignupForm(allauth_forms.SignupForm):
    """Name, address and sector; the rest is for those who want to. No password: a mailed code signs in."""

    field_order = ["name", "email", "sector", "profession", "municipality", "workplace"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _describe(self.fields["email"])
        self.fields["email"].help_text = _("Vi sender en kode hit når du skal logge inn.")

    def try_save(self, request):
        """Gives the same answer when somebody else has taken the address meanwhile."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class LoginForm(allauth_forms.LoginForm):
    """Signing in with a password, for those who have made one: sign-up itself asks for none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _describe(self.fields["login"])
        self.fields["password"].label = _("Passord")
        self.fields["password"].help_text = ""

    def _setup_password_field(self):
        # allauth takes the field away where sign-up makes no passwords.
        pass


class AddEmailForm(allauth_forms.AddEmailForm):
    """One more address to sign in with, so that nobody loses their course with a job."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _describe(self.fields["email"])
        self.fields["email"].help_text = _("Vi sender en kode til adressen. Den blir din når du har skrevet inn koden.")


def _describe(field) -> None:
    field.label = _("E-postadresse")
    field.max_length = EMAIL_LENGTH
    field.validators.append(MaxLengthValidator(EMAIL_LENGTH))
    field.error_messages["required"] = _("Skriv e-postadressen din.")
    field.widget.attrs = {"autocomplete": "email", "maxlength": EMAIL_LENGTH}
