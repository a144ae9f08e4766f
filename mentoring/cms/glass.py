"""Breaking the glass in /cms/: one administrator asks, another agrees, and for an hour the first may read (P4)."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from mentoring import glass, reading_log
from mentoring.cms.acting import Question, ask
from mentoring.forms.glass import AskForm
from mentoring.models import GlassBreak
from mentoring.notes import plain_html

ICON = "key"
may_break_glass = permission_required(glass.PERMISSION, raise_exception=True)


class GlassMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(glass.PERMISSION)


@may_break_glass
@require_safe
def glass_breaks(request: HttpRequest) -> HttpResponse:
    """`/cms/innsyn/`: what was asked for and agreed to, the newest first. No text of any note."""
    found = GlassBreak.objects.select_related("membership__member", "membership__group", "asked_by", "approved_by")
    title = _("Innsyn i notater")
    facts = {"page_title": title, "header_title": title, "header_icon": ICON}
    return render(request, "mentoring/cms/glass_breaks.html", facts | {"glass_breaks": found[:200]})


@may_break_glass
def ask_for_glass(request: HttpRequest) -> HttpResponse:
    """Asks, with a reason."""

    def act(said: dict[str, Any]) -> str:
        return reverse("glass_break", args=[glass.ask(said["membership"], request.user, said["reason"]).pk])

    question = Question(
        title=_("Be om innsyn i notater"),
        told=[
            _(
                "Dette er for nødssituasjoner. En annen administrator må godkjenne, og så kan du lese det som er "
                "levert, i én time. Forfatteren får e-post med navnet ditt og begrunnelsen med en gang."
            )
        ],
        button=_("Be om innsyn"),
        done=_("Forespørselen venter på en annen administrator."),
        back_url=reverse("glass_breaks"),
        icon=ICON,
        is_serious=True,
    )
    return ask(request, question, AskForm(request.POST or None), act)


@may_break_glass
@require_safe
def glass_break(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: who asked whom for what, who agreed, what was read, and the notes to read while the hour runs."""
    found = _found(pk)
    context = {
        "glass_break": found,
        "closes_at": glass.closes_at(found),
        "is_open": glass.is_open(found),
        "notes": glass.readable(found, request.user).defer("text"),
        "readings": glass.readings_through(found),
        "may_agree": found.approved_at is None
        and request.user.pk not in {found.asked_by_id, found.membership.member_id},
    }
    title = _("Innsyn i notatene til %(name)s") % {"name": found.membership.member.name}
    facts = {"page_title": title, "header_title": title, "header_icon": ICON}
    return render(request, "mentoring/cms/glass_break.html", facts | context)


@may_break_glass
def approve_glass(request: HttpRequest, pk: int) -> HttpResponse:
    """Agrees, after one more question."""
    found = _found(pk)
    told = _("%(asked)s ber om å lese det %(author)s har levert, i én time. Begrunnelse: %(reason)s") % {
        "asked": found.asked_by.name,
        "author": found.membership.member.name,
        "reason": found.reason,
    }
    question = Question(
        title=_("Godkjenn innsyn"),
        told=[told, _("Forfatteren får e-post med begge navnene deres og begrunnelsen med en gang.")],
        button=_("Godkjenn i én time"),
        done=_("Innsynet er åpent i én time."),
        back_url=reverse("glass_break", args=[pk]),
        icon=ICON,
        is_serious=True,
    )
    form = Form(request.POST if request.method == "POST" else None)
    return ask(request, question, form, lambda _said: glass.approve(found, request.user) and None)


@may_break_glass
@require_safe
def read_through_glass(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """The note, while the hour runs, for who asked; the row of the reading names the broken glass."""
    found = _found(pk)
    read = glass.readable(found, request.user).filter(pk=note).first()
    if read is None:
        raise Http404
    reading_log.record_reading(read, request.user, found)
    title = read.membership.member.name
    facts = {"page_title": title, "header_title": title, "header_icon": ICON, "glass_break": found}
    context = {"note": read, "text": plain_html(read.text), "closes_at": glass.closes_at(found)}
    return render(request, "mentoring/cms/glass_note.html", facts | context)


def _found(pk: int) -> GlassBreak:
    there = GlassBreak.objects.select_related("membership__member", "membership__group", "asked_by", "approved_by")
    return get_object_or_404(there, pk=pk)


@hooks.register("register_admin_urls")
def glass_urls() -> list[Any]:
    return [
        path("innsyn/", glass_breaks, name="glass_breaks"),
        path("innsyn/be/", ask_for_glass, name="ask_for_glass"),
        path("innsyn/<int:pk>/", glass_break, name="glass_break"),
        path("innsyn/<int:pk>/godkjenn/", approve_glass, name="approve_glass"),
        path("innsyn/<int:pk>/les/<int:note>/", read_through_glass, name="read_through_glass"),
    ]


@hooks.register("register_admin_menu_item")
def glass_menu_item() -> MenuItem:
    return GlassMenuItem(gettext_lazy("Innsyn i notater"), reverse("glass_breaks"), icon_name=ICON, order=290)
