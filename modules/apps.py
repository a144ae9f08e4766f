from django.apps import AppConfig


class ModulesConfig(AppConfig):
    name = "modules"
    verbose_name = "Kurs"

    def ready(self):
        from modules import freshness  # noqa: PLC0415 - Wagtail's signals exist once all apps are loaded

        freshness.watch_publishing()
