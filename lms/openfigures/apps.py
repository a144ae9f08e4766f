from django.apps import AppConfig


class OpenFiguresConfig(AppConfig):
    name = "lms.openfigures"
    verbose_name = "Åpne tall"
