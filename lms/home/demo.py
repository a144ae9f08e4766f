"""The demo's content: an invented centre, its pages, the sample course, and people to sign in as."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from wagtail.models import Site

from certificates.models import CertificateSettings
from lms.accounts.demo import demo_people
from lms.accounts.models import User
from lms.home.demo_groups import make_groups
from lms.home.demo_workplaces import make_workplace
from lms.home.founding import make_site
from lms.home.models import Centre, HomePage
from modules.models import CoursePage

SAMPLE_COURSE = Path(settings.BASE_DIR) / "courses" / "grunnleggende-barnepalliasjon"


def load(out) -> bool:
    """Loads what is missing and returns whether anything was. What somebody has changed since is left alone."""
    fresh = not HomePage.objects.exists()
    if fresh:
        site = make_site("localhost", int(settings.PORT))
        make_centre(site)
    if not CoursePage.objects.exists():
        out.write("Loading the sample course")
        call_command("import_course", str(SAMPLE_COURSE), verbosity=0)
        fresh = True
    demo_people()
    if fresh:
        make_groups(_people())
        # The groups have brought people of their own.
        make_workplace(_people())
        call_command("load_report_figures", verbosity=0)
        call_command("publish_figures", verbosity=0)
    return fresh


def _people() -> dict[str, User]:
    users = get_user_model().objects.filter(email__endswith="@example.org")
    return {user.email.split("@")[0]: user for user in users}


def make_centre(site: Site) -> None:
    """An invented centre and signatory."""
    Centre.objects.update_or_create(
        site=site,
        defaults={
            "name": "Fjellro senter for barnepalliasjon",
            "contact_email": "hei@fjellro.example.org",
            "contact_phone": "55 55 01 23",
            "address": "Fjellroveien 1, 0000 Fjellro",
        },
    )
    CertificateSettings.objects.update_or_create(
        site=site,
        defaults={
            "issuer": "Fjellro senter for barnepalliasjon",
            "signatory_name": "Ingunn Åsheim",
            "signatory_title": "faglig leder",
        },
    )


def static_files_are_old() -> bool:
    """Whether the collected static files are of another build."""
    note = settings.STATIC_ROOT / ".build"
    return not note.exists() or note.read_text() != _build()


def note_static_files() -> None:
    """Remembers which build the collected files are of."""
    (settings.STATIC_ROOT / ".build").write_text(_build())


def _build() -> str:
    parts = [path.read_bytes() for path in sorted((settings.VAR / "assets" / "static").rglob("*")) if path.is_file()]
    parts.append((settings.BASE_DIR / "requirements" / "run.txt").read_bytes())
    return hashlib.sha256(b"".join(parts)).hexdigest()
