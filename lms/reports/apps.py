from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "lms.reports"
    verbose_name = "Rapporter"

    def ready(self):
        from lms.reports.cms import make_exports_harmless  # noqa: PLC0415 - Wagtail's views want all apps loaded

        make_exports_harmless()
