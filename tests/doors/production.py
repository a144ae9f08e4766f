"""Run as a program with the environment of a real installation: prints, as JSON, what the product answers there."""

import json
import os
import sys
from typing import Any
from unittest import mock

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings

HOST = "refleks.example.org"
# Hashed names are the build's affair, and nothing is built here.
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def main() -> None:
    """Settings, then answers; what the answers write is undone."""
    call_command("check", deploy=True, fail_level="WARNING", verbosity=0, stdout=sys.stderr)
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": PLAIN}), transaction.atomic():
        facts = {"settings": _settings(), "answers": _answers(), "cookies": _cookies()}
        transaction.set_rollback(True)
    json.dump(facts, sys.stdout)


def _settings() -> dict[str, Any]:
    names = "DEBUG DEMO ALLOWED_HOSTS CELERY_ACCEPT_CONTENT SECURE_PROXY_SSL_HEADER ALLAUTH_TRUSTED_PROXY_COUNT"
    return {name: getattr(settings, name) for name in names.split()}


def _answers() -> dict[str, dict[str, Any]]:
    client = Client(SERVER_NAME=HOST, raise_request_exception=False)
    ask = client.get
    answers = {
        "sign-in": ask("/konto/login/", secure=True),
        "cms": ask("/cms/", secure=True),
        "missing": ask("/finnes-ikke/", secure=True),
        "alive": ask("/healthz", secure=True),
        "without TLS": ask("/konto/login/"),
        "alive without TLS": ask("/healthz"),
        "TLS claimed in a header": ask("/konto/login/", headers={"x-forwarded-proto": "https"}),
        "another host": ask("/konto/login/", secure=True, headers={"host": "evil.example"}),
        "another host in a header": ask("/konto/login/", secure=True, headers={"x-forwarded-host": "evil.example"}),
        "TRACE": client.trace("/", secure=True),
        "TRACE alive": client.trace("/healthz", secure=True),
        "PUT": client.put("/konto/login/", secure=True),
        "DELETE": client.delete("/kursbevis/", secure=True),
        "demo mailbox": ask("/demo/post/", secure=True),
        "fault": _fault(client),
    }
    return {name: _told(answer) for name, answer in answers.items()}


def _fault(client: Client) -> Any:
    with mock.patch("lms.home.views.render", side_effect=RuntimeError("hemmelig-ord")):
        return client.get("/farge-1e5b57.css", secure=True)


def _told(answer: Any) -> dict[str, Any]:
    return {"status": answer.status_code, "headers": dict(answer.headers), "body": answer.content.decode()}


def _cookies() -> dict[str, dict[str, Any]]:
    client = Client(SERVER_NAME=HOST)
    client.get("/konto/login/", secure=True)
    client.post("/konto/login/code/", {"email": "nobody@example.org"}, secure=True)
    return {name: {key: value for key, value in cookie.items() if value} for name, cookie in client.cookies.items()}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    django.setup()
    main()
