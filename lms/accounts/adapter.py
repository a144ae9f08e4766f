"""What differs from allauth's own ways. Mail goes through Django, and so through the outbox."""

import unicodedata
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """Leads nobody out of the house, and says in our words what was wrong."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("Koden er ikke riktig. Se etter i e-posten, eller be om en ny kode."),
        "email_password_mismatch": _(
            "E-postadressen og passordet passer ikke sammen. Prøv igjen, eller få en kode på e-post."
        ),
        "incorrect_password": _("Passordet er ikke riktig."),
        "enter_current_password": _("Passordet er ikke riktig."),
        "too_many_login_attempts": _("Det har vært for mange forsøk. Vent noen minutter og prøv igjen."),
        "rate_limited": _("Det går litt for fort. Vent noen minutter og prøv igjen."),
        "duplicate_email": _("Denne e-postadressen er allerede din."),
        "max_email_addresses": _("Du kan ha høyst %d e-postadresser."),
        "cannot_remove_primary_email": _("Velg en annen adresse som hovedadresse før du fjerner denne."),
        "unverified_primary_email": _("Bekreft adressen med koden før du gjør den til hovedadresse."),
        "account_inactive": _("Denne kontoen er stengt."),
        "unknown_email": _("Vi kjenner ikke denne e-postadressen."),
        "invalid_or_expired_key": _("Lenken er brukt eller for gammel. Be om en ny."),
        "invalid_password_reset": _("Lenken er brukt eller for gammel. Be om en ny."),
        "invalid_login": _("Skriv e-postadressen din."),
        "same_as_current": _("Det er den samme som før. Skriv en annen."),
    }

    def is_safe_url(self, url: str) -> bool:
        """Only paths on this site are safe to go on to (S22): no scheme, no host, nothing a browser reads as one."""
        if not url or not url.startswith("/") or url.startswith("//") or "\\" in url:
            return False
        if any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in url):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail leads to this site as it is set up, whatever host a request says it came to."""
        return settings.SITE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path
