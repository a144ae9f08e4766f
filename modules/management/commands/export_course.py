"""`manage.py export_course <slug> <folder>`: writes a published course as files."""

from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from modules.coursefiles.writing import write_course
from modules.models import CoursePage


class Command(BaseCommand):
    help = "Writes a published course to an empty folder, in the form that import_course reads."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the last part of the course's address")
        parser.add_argument("path", type=Path, help="an empty folder, or one to be made")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="which language version")

    def handle(self, *, slug: str, path: Path, language: str, verbosity: int, **options):
        course = CoursePage.objects.filter(slug=slug, locale__language_code=language).first()
        if not course:
            raise CommandError(_("Det finnes ikke noe kurs med adressen «%(slug)s».") % {"slug": slug})
        try:
            written = write_course(course, path)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if verbosity:
            self.stdout.write(_("%(number)s filer skrevet til %(path)s.") % {"number": len(written), "path": path})
