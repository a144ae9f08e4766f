"""The Celery app; its settings are the CELERY_* ones in `lms.settings`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("refleks")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
