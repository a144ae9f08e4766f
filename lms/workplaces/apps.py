from django.apps import AppConfig


class WorkplacesConfig(AppConfig):
    name = "lms.workplaces"
    label = "workplaces"
    verbose_name = "Arbeidsplasser"
