"""The project: settings, addresses, background work, and the front of the house."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
