from django.apps import AppConfig


class TalliesConfig(AppConfig):
    name = "lms.tallies"
    verbose_name = "Tellinger"
