"""Settings of the bench: the product's own, with the addresses of the reference views and the folder of their templates."""

from pathlib import Path

from lms.settings import *  # noqa: F403
from lms.settings import TEMPLATES

ROOT_URLCONF = "tests.bench.urls"
TEMPLATES[0]["DIRS"].append(Path(__file__).resolve().parent / "templates")
