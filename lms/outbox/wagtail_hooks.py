"""The mail log in /cms/: what waits, what went, what was given up and can be tried again (R4)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from lms.outbox.delivery import retry_failed
from lms.outbox.models import OutgoingMail


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Mail is written by the product alone: in /cms/ it can be looked at, by those who may."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return "view" in actions and self.user_has_permission(user, "view")


class MailIndexView(IndexView):
    """The list, with one button for all that was given up."""

    template_name = "outbox/index.html"

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
    permission_policy = ReadOnlyPolicy(OutgoingMail)
    list_display = ["to", "subject", "state", "tries", "error", "created_at", "sent_at"]
    list_filter = ["state"]
    search_fields = ["to", "subject"]
    inspect_view_enabled = True
    inspect_view_fields = ["to", "subject", "state", "tries", "error", "created_at", "sent_at"]
    panels = [FieldPanel("subject", read_only=True)]


register_snippet(OutgoingMailViewSet)


@require_POST
def retry_mail(request):
    """Lets every mail that was given up try again."""
    if not request.user.has_perm("outbox.view_outgoingmail"):
        raise PermissionDenied
    failed = OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).values_list("pk", flat=True)
    count = retry_failed(list(failed))
    text = ngettext("%(count)s e-post prøver igjen.", "%(count)s e-poster prøver igjen.", count)
    messages.success(request, text % {"count": count})
    return redirect(OutgoingMailViewSet().url_namespace + ":list")


@hooks.register("register_admin_urls")
def mail_urls():
    return [path("epost/prov-igjen/", retry_mail, name="retry_mail")]
