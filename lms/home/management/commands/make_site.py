"""`manage.py make_site`: the first pages of a new installation, at the address that SITE_URL says."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lms.home.founding import make_site


class Command(BaseCommand):
    help = "Makes front page, list of courses and pages of information. Only for an installation that has none."

    def handle(self, *args, **options):
        address = urlsplit(settings.SITE_URL)
        try:
            site = make_site(address.hostname, address.port or (443 if address.scheme == "https" else 80))
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(
            _("Forsiden er laget for %(url)s. Fyll inn senter og utsteder i /cms/.") % {"url": site.root_url}
        )
