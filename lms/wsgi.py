"""What gunicorn serves. All that a process needs is loaded here, once, before the web processes part (`--preload`)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

from lms.patience import PAGES, wait_no_longer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

application = get_wsgi_application()
# The addresses bring all views along: 1.7 seconds that the first visitor of each process would wait.
get_resolver().url_patterns  # noqa: B018 - looked at to be made
wait_no_longer(connections.settings, PAGES)
# Nobody may talk to the database over a connection of the process they come from.
connections.close_all()
# What is here stays: looking through it for garbage stopped a process for a tenth of a second now and then.
gc.collect()
gc.freeze()
