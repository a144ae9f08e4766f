import datetime

import pytest
from django.utils import timezone

from certificates.models import Certificate
from certificates.tasks import find_waiting_certificates, issue_waiting_certificate
from modules.models import Attempt


@pytest.mark.parametrize(("days", "count"), [(8, 1), (6, 0)])
def test_tasks_issue_after_the_days_of_grace(completed, settings, days, count):
    settings.CERTIFICATE_GRACE_DAYS = 7
    Attempt.objects.update(completed_at=timezone.now() - datetime.timedelta(days=days))

    work = find_waiting_certificates()
    for _time in range(2):
        issue_waiting_certificate(completed.pk)

    assert work == [("certificates.tasks.issue_waiting_certificate", [completed.pk])] * count
    assert Certificate.objects.count() == count
