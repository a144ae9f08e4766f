"""Numbers for those who run the house, as Prometheus reads them: how requests were answered, and what waits."""

import os
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from certificates.issuing import waiting_attempts
from lms.outbox.models import Job, OutgoingMail
from lms.watching import answered

LOOPBACK = {"127.0.0.1", "::1"}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All numbers, for whoever has METRICS_TOKEN; without one, for this machine alone. Nobody else finds a page."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(WaitingWork())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(answered)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    # Behind a proxy everybody comes from this machine.
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers


class WaitingWork(Collector):
    """Asked anew each time: mails, jobs and certificates that wait, how long the oldest has, and what was given up."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = timezone.now()
        yield from _work("mails", OutgoingMail, now)
        yield from _work("jobs", Job, now)
        yield GaugeMetricFamily(
            "refleks_certificates_waiting",
            "Courses finished longer ago than CERTIFICATE_GRACE_DAYS without a certificate.",
            value=waiting_attempts(now).count(),
        )


def _work(name: str, model: type[Model], now: datetime) -> Iterator[GaugeMetricFamily]:
    rows = model._default_manager.order_by().values("state").annotate(count=Count("pk"), oldest=Min("due_at"))
    by_state = {row["state"]: row for row in rows}
    counts = GaugeMetricFamily(f"refleks_{name}", f"Rows of {name} by state.", labels=["state"])
    for state in model.State.values:
        counts.add_metric([state], by_state.get(state, {}).get("count", 0))
    yield counts
    waiting = by_state.get("waiting")
    age = max((now - waiting["oldest"]).total_seconds(), 0) if waiting else 0
    yield GaugeMetricFamily(
        f"refleks_{name}_oldest_seconds", f"How long the first of the {name} that are due has waited.", value=age
    )
