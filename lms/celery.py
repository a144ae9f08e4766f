"""The Celery app; its settings are the CELERY_* ones in `lms.settings`."""

import os
from pathlib import Path

from celery import Celery, signals
from django.db import connections

from lms.patience import JOBS, wait_no_longer
from lms.watching import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("refleks")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def leave_logging_alone(**_signal):
    """LOGGING in the settings holds for workers too: Celery's own lines quote what tasks were given."""


@signals.before_task_publish.connect
def send_request_id(headers, **_signal):
    """A task carries the id of the request that caused it."""
    headers["request_id"] = request_id.get()


@signals.task_prerun.connect
def take_request_id(task, **_signal):
    request_id.set(getattr(task.request, "request_id", "") or task.request.id or "")


@signals.task_postrun.connect
def drop_request_id(**_signal):
    request_id.set("")


@signals.worker_init.connect
@signals.beat_init.connect
def make_queue_folders(**_signal):
    """The folders of the embedded broker, which may be deleted at any time: nothing is lost with them."""
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if folder := app.conf.broker_transport_options.get(name):
            Path(folder).mkdir(parents=True, exist_ok=True)


@signals.worker_init.connect
def wait_for_locks_no_longer(**_signal):
    """Work that waits for a lock gives up and is tried again, before it is stopped for being late."""
    wait_no_longer(connections.settings, JOBS)
