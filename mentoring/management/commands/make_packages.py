"""`manage.py make_packages`: the ready packages, each once. What somebody has changed since is left alone."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from mentoring.models import Package
from mentoring.ready import KEYS, create_from_template, template_of
from modules.models import CoursePage


class Command(BaseCommand):
    help = "Makes the ready training packages that are not there yet."

    def add_arguments(self, parser):
        parser.add_argument("keys", nargs="*", help=f"Which ones; all when not said: {', '.join(KEYS)}")
        parser.add_argument("--course", help="Slug of the online course; the only one when not said")
        parser.add_argument("--shape", default="", help="2-2-1, 2-1-2 or 1-2-2, for the training package")

    def handle(self, *args, **options):
        for key in options["keys"] or KEYS:
            try:
                self._make(key, options)
            except ValidationError as error:
                raise CommandError("\n".join(error.messages)) from error

    def _make(self, key, options):
        template = template_of(key)
        name = template.facts["package"]["name"]
        if Package.objects.filter(name=name).exists():
            self.stdout.write(f"{name}: there already")
            return
        # "optional" is without a course unless one is named for this template alone.
        named = options["course"] and (template.course == "required" or len(options["keys"]) == 1)
        course = self._course(options["course"]) if template.course == "required" or named else None
        create_from_template(key, course, shape=options["shape"] if template.shapes else "")
        self.stdout.write(f"{name}: made")

    def _course(self, slug):
        courses = CoursePage.objects.live()
        found = list(courses.filter(slug=slug) if slug else courses)
        if len(found) != 1:
            slugs = ", ".join(courses.values_list("slug", flat=True))
            raise CommandError(f"Say which course with --course: {slugs}")
        return found[0]
