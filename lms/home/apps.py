from django.apps import AppConfig
from django.db.models.signals import post_save

from lms import norwegian


class HomeConfig(AppConfig):
    name = "lms.home"
    verbose_name = "Forside"

    def ready(self):
        norwegian.register()
        from lms.home.models import Centre  # noqa: PLC0415 - models exist once all apps are loaded
        from modules.freshness import renew_content  # noqa: PLC0415

        post_save.connect(renew_content, sender=Centre, dispatch_uid="renew_content_centre")
