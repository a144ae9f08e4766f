"""Certificates in the editors' room: find one, see its story, revoke, replace, issue with a reason (R043, R044)."""

from collections.abc import Callable

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy

from certificates.codes import tidy_code
from certificates.forms import ExceptionForm, PackageExceptionForm, ReasonForm, ReplaceForm
from certificates.issuing import (
    issue_certificate,
    issue_package_certificate,
    replace_certificate,
    revoke_certificate,
)
from certificates.models import Certificate

REVOKE, ISSUE = "certificates.revoke_certificate", "certificates.issue_certificate"
Status = Certificate.Status
STATUS_QUERIES = {
    Status.ERASED: Q(erased_at__isnull=False),
    Status.REPLACED: Q(erased_at=None, replaced_at__isnull=False),
    Status.REVOKED: Q(erased_at=None, replaced_at=None, revoked_at__isnull=False),
    Status.VALID: Q(erased_at=None, replaced_at=None, revoked_at=None),
}


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Certificates are looked at; they change only by the actions below."""

    def user_has_permission(self, user, action):
        return action == "view" and (user.has_perm(REVOKE) or user.has_perm(ISSUE))

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


class CertificateFilters(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=Status.choices, method="with_status")

    class Meta:
        model = Certificate
        fields = ("status", "issued_on")

    def with_status(self, certificates, _name, value):
        return certificates.filter(STATUS_QUERIES[value])


class CertificateList(IndexView):
    any_permission_required = ("view",)

    def get_base_queryset(self):
        return super().get_base_queryset().select_related("learner")

    def search_queryset(self, queryset):
        # A code may be searched for as it is printed.
        if self.search_query and len(code := tidy_code(self.search_query)) > 3 and "@" not in self.search_query:
            words = Q(holder_name__folded__icontains=self.search_query) | Q(
                learner__name__folded__icontains=self.search_query
            )
            return queryset.filter(words | Q(code__startswith=code) | Q(learner__email__icontains=self.search_query))
        return super().search_queryset(queryset)

    @property
    def header_buttons(self):
        if not self.request.user.has_perm(ISSUE):
            return []
        return [
            HeaderButton(_("Utsted med begrunnelse"), url=reverse("certificate:issue"), icon_name="plus"),
            HeaderButton(_("Utsted for en pakke"), url=reverse("certificate:issue_package"), icon_name="plus"),
        ]


class CertificateInspection(InspectView):
    any_permission_required = ("view",)
    page_title = _("Kursbevis")

    @property
    def header_buttons(self):
        certificate, user = self.object, self.request.user
        if not user.has_perm(REVOKE) or certificate.status in {Status.REPLACED, Status.ERASED}:
            return []
        actions = [(_("Erstatt"), "replace", "redirect")]
        if certificate.status == Status.VALID:
            actions.append((_("Trekk tilbake"), "revoke", "warning"))
        return [
            HeaderButton(label, url=reverse(f"certificate:{name}", args=[certificate.pk]), icon_name=icon)
            for label, name, icon in actions
        ]

    def get_context_data(self, **kwargs):
        events = self.object.events.select_related("by")
        return super().get_context_data(**kwargs) | {"certificate": self.object, "events": events}


class CertificateViewSet(ModelViewSet):
    model = Certificate
    icon = "circle-check"
    menu_label = _("Kursbevis")
    menu_order = 300
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_template_name = "certificates/cms/inspect.html"
    index_view_class = CertificateList
    inspect_view_class = CertificateInspection
    exclude_form_fields = ()
    filterset_class = CertificateFilters
    search_fields = ("code", "holder_name__folded", "learner__name__folded", "learner__email")
    search_backend_name = None
    list_display = (
        "__str__",
        Column("learner.email", label=_("E-postadresse"), accessor="learner.email"),
        Column("status", label=_("Status"), accessor="get_status_display"),
        Column("issued_on", label=_("Utstedt"), accessor="issued_on", sort_key="issued_on"),
        Column("shown_code", label=_("Kode"), accessor="shown_code"),
    )

    @property
    def permission_policy(self):
        return ReadOnlyPolicy(self.model)

    def get_urlpatterns(self):
        readable = [entry for entry in super().get_urlpatterns() if entry.name in {"index", "index_results", "inspect"}]
        return [
            *readable,
            path("issue/", issue, name="issue"),
            path("issue-package/", issue_package, name="issue_package"),
            path("revoke/<int:pk>/", revoke, name="revoke"),
            path("replace/<int:pk>/", replace, name="replace"),
        ]

    def register_admin_url_finder(self):
        """Nothing links here by object: there is no edit page."""


@permission_required(REVOKE, raise_exception=True)
def revoke(request, pk):
    """Takes a certificate back."""
    certificate = get_object_or_404(Certificate, pk=pk)

    def act(facts):
        return revoke_certificate(certificate, by=request.user, reason=facts["reason"])

    form = ReasonForm(request.POST or None)
    return _answer(request, form, act, _("Trekk tilbake kursbevis"), _("Kursbeviset er trukket tilbake."), certificate)


@permission_required(REVOKE, raise_exception=True)
def replace(request, pk):
    """Issues the certificate in another name."""
    certificate = get_object_or_404(Certificate, pk=pk)

    def act(facts):
        return replace_certificate(certificate, by=request.user, name=facts["name"], reason=facts["reason"])

    form = ReplaceForm(request.POST or None, initial={"name": certificate.learner.name})
    return _answer(request, form, act, _("Erstatt kursbevis"), _("Kursbeviset er erstattet av dette."), certificate)


@permission_required(ISSUE, raise_exception=True)
def issue(request):
    """Issues a certificate though something is missing."""

    def act(facts):
        name = facts["name"] or facts["attempt"].enrolment.learner.name
        return issue_certificate(facts["attempt"], name=name, by=request.user, exception_reason=facts["reason"])

    form = ExceptionForm(request.POST or None)
    return _answer(request, form, act, _("Utsted kursbevis med begrunnelse"), _("Kursbeviset er utstedt."))


@permission_required(ISSUE, raise_exception=True)
def issue_package(request):
    """Issues the certificate of a package though something is missing."""

    def act(facts):
        membership = facts["membership"]
        name = facts["name"] or membership.member.name
        return issue_package_certificate(membership, name=name, by=request.user, exception_reason=facts["reason"])

    form = PackageExceptionForm(request.POST or None)
    return _answer(request, form, act, _("Utsted kursbevis for en pakke"), _("Kursbeviset er utstedt."))


def _answer(request, form, act: Callable[[dict], Certificate], title, done, certificate=None):
    if form.is_valid():
        try:
            result = act(form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done)
            return redirect("certificate:inspect", result.pk)
    back = reverse("certificate:inspect", args=[certificate.pk]) if certificate else reverse("certificate:index")
    facts = {"form": form, "certificate": certificate, "back_url": back}
    facts |= {"page_title": title, "header_title": title, "header_icon": CertificateViewSet.icon}
    return render(request, "certificates/cms/form.html", facts)
