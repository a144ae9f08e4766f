"""A site's first pages; editors go on from there in /cms/."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from lms.home.models import HomePage, InfoPage
from lms.home.texts import ACCESSIBILITY, FRONT, HELP, PRIVACY
from modules.models import CourseIndexPage


@transaction.atomic
def make_site(hostname: str, port: int) -> Site:
    """Front page, list of courses and the pages of information, published. Replaces Wagtail's welcome page.

    Raises ValidationError when there is a front page already.
    """
    if HomePage.objects.exists():
        raise ValidationError(_("Nettstedet er laget fra før."))
    locale = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)[0]
    root = Page.get_first_root_node()
    home = root.add_child(
        instance=HomePage(title="Refleks", slug="refleks", locale=locale, show_in_menus=False, **FRONT)
    )
    home.add_child(instance=CourseIndexPage(title="Kurs", slug="kurs", locale=locale))
    for title, slug, body in (
        ("Hjelp", "hjelp", HELP),
        ("Personvern", "personvern", PRIVACY),
        ("Tilgjengelighet", "tilgjengelighet", ACCESSIBILITY),
    ):
        home.add_child(instance=InfoPage(title=title, slug=slug, body=body, locale=locale))
    for page in home.get_descendants(inclusive=True).specific():
        page.save_revision().publish()
    Site.objects.exclude(is_default_site=True).delete()
    site, _created = Site.objects.update_or_create(
        is_default_site=True,
        defaults={"root_page": home, "hostname": hostname, "port": port, "site_name": "Refleks"},
    )
    Page.objects.filter(depth=2).exclude(pk=home.pk).exclude(sites_rooted_here__isnull=False).delete()
    return site
