"""Settings of the tests: the product's own, in a folder of their own, untouched by the developer's environment."""

import os
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("VAR") or BASE / "var")
# Whatever the shell says about the product must not reach the tests; only the stage with PostgreSQL says which.
FOREIGN = """
    SITE_URL HOSTS PORT DEBUG SECRET_KEY SECRET_KEY_FALLBACKS NOTEBOOK_KEYS VALKEY_URL S3_BUCKET S3_ENDPOINT S3_REGION
    S3_ADDRESSING S3_ACCESS_KEY S3_SECRET_KEY SMTP_URL MAIL_FROM TRUSTED_PROXIES CERTIFICATE_GRACE_DAYS MAIL_LOG_DAYS
    DEMO_PASSWORD LOG_LEVEL METRICS_TOKEN ERASURE_LIST BUILT S3_PUBLIC_ENDPOINT NOTE_DRAFT_DAYS NOTES_MONTHS SURVEY_MEAN_FROM SMALLEST_CELL MUNICIPALITIES_FROM
    COUNT_LIVE_UP_TO
"""
for name in FOREIGN.split():
    os.environ.pop(name, None)
    os.environ.pop(f"{name}_FILE", None)
if HOME.name != "test":
    HOME = HOME / "test"
# Tests that run side by side clear their caches under nobody's feet.
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    HOME = HOME / worker
for folder in ("test", "static"):
    (HOME / folder).mkdir(parents=True, exist_ok=True)
os.environ |= {"DEMO": "1", "VAR": str(HOME)}

from lms.settings import *  # noqa: E402, F403
from lms.settings import DATABASES  # noqa: E402

# Fonts and style sheets are built once, by `make`.
PLACES = [folder / "assets" for folder in (HOME.parent, HOME.parent.parent, BASE / "var")]
BUILT = next((place for place in PLACES if place.exists()), HOME / "assets")
STATICFILES_DIRS = [BUILT / "static"]
PRINT_FONTS = BUILT / "print-fonts"
# Hashed names are the build's affair; a test must not need `collectstatic`.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
# Passwords are not what most tests are about; the real hasher takes a third of a second for each.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# tests/conftest.py puts back what migrations made; Django's own way is slow.
DATABASES["default"].setdefault("TEST", {})["SERIALIZE"] = False
