"""Jobs in /cms/: seen by administrators, tried again, run now."""

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.outbox.models import Job, OutgoingMail
from lms.outbox.wagtail_hooks import JobViewSet, OutgoingMailViewSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed():
    return Job.objects.create(
        key="a",
        task="lms.outbox.tasks.forget_old",
        state=Job.State.FAILED,
        tries=3,
        error="OSError",
        due_at=timezone.now(),
    )


def index():
    return reverse(JobViewSet().url_namespace + ":list")


def test_the_list_shows_what_was_given_up_and_what_can_be_run(admin, signed_in, failed):
    page = signed_in(admin).get(index()).content.decode()

    assert "1 jobb er gitt opp." in page
    assert "OSError" in page
    assert reverse("run_job_now", args=["modules.tasks.settle_progress"]) in page


def test_the_mail_log_shows_how_many_were_given_up(admin, signed_in):
    OutgoingMail.objects.create(to="a@example.org", state=OutgoingMail.State.FAILED, due_at=timezone.now())

    page = signed_in(admin).get(reverse(OutgoingMailViewSet().url_namespace + ":list")).content.decode()

    assert "1 e-post er gitt opp." in page


def test_a_job_that_was_given_up_tries_again(admin, signed_in, failed):
    signed_in(admin).post(reverse("retry_jobs"))

    assert Job.objects.get().state == Job.State.WAITING


def test_regular_work_is_run_now(admin, signed_in):
    signed_in(admin).post(reverse("run_job_now", args=["modules.tasks.settle_progress"]))

    assert Job.objects.get().task == "modules.tasks.settle_progress"


def test_run_now_refuses_when_the_work_is_unknown(admin, signed_in):
    assert signed_in(admin).post(reverse("run_job_now", args=["os.remove"])).status_code == 404


@pytest.mark.parametrize("name", ["retry_jobs", "run_job_now"])
def test_jobs_are_refused_when_the_person_is_an_editor(editor, signed_in, failed, name):
    address = reverse(name, args=["modules.tasks.settle_progress"] if name == "run_job_now" else [])

    assert signed_in(editor).post(address).status_code == 302
    assert Job.objects.get().state == Job.State.FAILED
    assert "OSError" not in signed_in(editor).get(index(), follow=True).content.decode()
