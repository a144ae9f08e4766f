from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "lms.outbox"
