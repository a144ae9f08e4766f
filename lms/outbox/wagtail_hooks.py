"""Mail and jobs in /cms/: what waits, what is done, what was given up and can be tried again (R4)."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from lms.outbox import jobs
from lms.outbox.delivery import retry_failed
from lms.outbox.models import Job, OutgoingMail

SEE_LOGS = "outbox.view_outgoingmail"


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Mail and jobs are written by the product alone: in /cms/ they can be looked at, by those who see the mail log."""

    def user_has_permission(self, user, action):
        return action == "view" and user.has_perm(SEE_LOGS)

    def user_has_any_permission(self, user, actions):
        return "view" in actions and self.user_has_permission(user, "view")


class MailIndexView(IndexView):
    """The list, with one button for all that was given up."""

    def get_context_data(self, *args, **kwargs):
        failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).count()
        return super().get_context_data(*args, **kwargs) | {"failed": failed, "retry_url": reverse("retry_mail")}


class OutgoingMailViewSet(SnippetViewSet):
    """To whom, what about, when and whether; never what it said."""

    model = OutgoingMail
    icon = "mail"
    menu_label = gettext_lazy("E-post")
    add_to_admin_menu = True
    index_view_class = MailIndexView
    index_template_name = "outbox/index.html"
    permission_policy = ReadOnlyPolicy(OutgoingMail)
    list_display = ["to", "subject", "state", "tries", "error", "created_at", "sent_at"]
    list_filter = ["state"]
    search_fields = ["to", "subject"]
    inspect_view_enabled = True
    inspect_view_fields = ["to", "subject", "state", "tries", "error", "created_at", "sent_at"]
    panels = [FieldPanel("subject", read_only=True)]

    def register_chooser_viewset(self):
        """None: nothing refers to mail, and Wagtail's choosers show everything to all who come into /cms/."""


class JobIndexView(IndexView):
    """The list, with a button for all that was given up and one for each regular work."""

    def get_context_data(self, *args, **kwargs):
        failed = Job.objects.filter(state=Job.State.FAILED).count()
        regular = [(task, work.title) for task, work in settings.WORK.items() if work.every]
        return super().get_context_data(*args, **kwargs) | {"failed": failed, "regular": regular}


class JobViewSet(SnippetViewSet):
    """What was done when, and what could not be done."""

    model = Job
    icon = "tasks"
    menu_label = gettext_lazy("Bakgrunnsjobber")
    add_to_admin_menu = True
    index_view_class = JobIndexView
    index_template_name = "outbox/jobs.html"
    permission_policy = ReadOnlyPolicy(Job)
    list_display = [Column("title", label=gettext_lazy("Jobb")), "state", "tries", "error", "due_at", "done_at"]
    list_filter = ["state"]
    inspect_view_enabled = True
    inspect_view_fields = ["key", "state", "tries", "error", "created_at", "due_at", "started_at", "done_at"]
    panels = [FieldPanel("key", read_only=True)]

    def register_chooser_viewset(self):
        """None: nothing refers to jobs."""


register_snippet(OutgoingMailViewSet)
register_snippet(JobViewSet)


@require_POST
def retry_mail(request):
    """Lets every mail that was given up try again."""
    if not request.user.has_perm(SEE_LOGS):
        raise PermissionDenied
    failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).values_list("pk", flat=True)
    count = retry_failed(list(failed))
    text = ngettext("%(count)s e-post prøver igjen.", "%(count)s e-poster prøver igjen.", count)
    messages.success(request, text % {"count": count})
    return redirect(OutgoingMailViewSet().url_namespace + ":list")


@require_POST
def retry_jobs(request):
    """Lets every job that was given up try again."""
    if not request.user.has_perm(SEE_LOGS):
        raise PermissionDenied
    count = jobs.retry_failed()
    text = ngettext("%(count)s jobb prøver igjen.", "%(count)s jobber prøver igjen.", count)
    messages.success(request, text % {"count": count})
    return redirect(JobViewSet().url_namespace + ":list")


@require_POST
def run_job_now(request, task):
    """Does regular work now, whatever its hour."""
    if not request.user.has_perm(SEE_LOGS):
        raise PermissionDenied
    try:
        jobs.plan_now(task, timezone.now())
    except KeyError as error:
        raise Http404 from error
    messages.success(request, _("Jobben er lagt i køen. Last siden på nytt om litt."))
    return redirect(JobViewSet().url_namespace + ":list")


@hooks.register("register_admin_urls")
def mail_urls():
    return [
        path("epost/prov-igjen/", retry_mail, name="retry_mail"),
        path("jobber/prov-igjen/", retry_jobs, name="retry_jobs"),
        path("jobber/<str:task>/kjor/", run_job_now, name="run_job_now"),
    ]
