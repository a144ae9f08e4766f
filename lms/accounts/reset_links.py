"""The link in the mail about a forgotten password."""

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator


class ResetLinks(PasswordResetTokenGenerator):
    """A link dies with the password, an address or the last sign-in, and when the person is shut out (S12)."""

    def _make_hash_value(self, user, timestamp):
        addresses = EmailAddress.objects.filter(user=user).order_by("email").values_list("email", flat=True)
        return f"{super()._make_hash_value(user, timestamp)}{'|'.join(addresses)}{user.is_active}"
