import datetime

import pytest
from django.utils import timezone

from certificates.models import Certificate
from certificates.tasks import issue_waiting_certificates
from modules.models import Attempt


@pytest.mark.parametrize(("days", "count"), [(8, 1), (6, 0)])
def test_task_issues_after_the_days_of_grace(completed, settings, days, count):
    settings.CERTIFICATE_GRACE_DAYS = 7
    Attempt.objects.update(completed_at=timezone.now() - datetime.timedelta(days=days))

    issue_waiting_certificates()
    issue_waiting_certificates()

    assert Certificate.objects.count() == count
