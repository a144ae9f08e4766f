"""Mail to the group: letters, the log of what was told, and the link that stops reminders."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mentoring import access, letters
from mentoring.forms.letters import LetterForm
from mentoring.models import GroupEvent, GroupLetter, Notice
from mentoring.notices import told_words
from mentoring.stopping import Subscription, digest_path, subscription_of

read_or_post = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422
ON_A_PAGE = 100


@login_required
@read_or_post
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/<id>/brev/`: writes a letter, looks it over with who gets it, sends it once."""
    group = access.led_group_for(request.user, pk)
    form = LetterForm(request.POST or None)
    context: dict[str, Any] = {"group": group, "form": form, "recipients": letters.recipients(group)}
    step = request.POST.get("step", "look")
    if request.method != "POST" or step == "write" or not form.is_valid():
        refused = request.method == "POST" and step != "write"
        if not refused and form.is_bound:
            context["form"] = LetterForm(initial={name: form.data.get(name, "") for name in form.fields})
        context["sent"] = GroupLetter.objects.filter(group=group).select_related("by")[:20]
        return render(request, "mentoring/letter.html", context, status=REFUSED if refused else 200)
    if step == "send" and (sent := _sent(request, group, form)):
        return sent
    return render(request, "mentoring/letter_look.html", context | form.cleaned_data)


def _sent(request: HttpRequest, group, form: LetterForm) -> HttpResponse | None:
    said = form.cleaned_data
    try:
        found = letters.send_letter(
            group,
            request.user,
            said["subject"],
            said["text"],
            said["token"],
            answer_to_mentor=said["answer_to_mentor"],
        )
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return None
    count = Notice.objects.filter(kind=Notice.Kind.LETTER, occasion=str(found.pk), membership__group=group).count()
    words = ngettext("Brevet er sendt til %(count)s deltaker.", "Brevet er sendt til %(count)s deltakere.", count)
    messages.success(request, words % {"count": count})
    return redirect("group", group.pk)


@login_required
@require_safe
def group_log(request: HttpRequest, pk: int) -> HttpResponse:
    """`/grupper/<id>/logg/`: who was told what and when, and what was done in the group. For the mentor."""
    group = access.led_group_for(request.user, pk)
    notices = Notice.objects.filter(membership__group=group).select_related("membership__member")
    events = GroupEvent.objects.filter(group=group).select_related("by", "about").order_by("-at", "-pk")
    context = {"group": group, "notices": _page(request, notices, "varsler"), "events": _page(request, events, "side")}
    context["told"] = told_words(group, context["notices"])
    context |= {"digest_path": digest_path(request.user), "digest_stopped": Subscription(mentor=request.user).stopped}
    return render(request, "mentoring/group_log.html", context)


def _page(request: HttpRequest, rows: Any, name: str) -> Any:
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get(name))


# The signed address is the right; a mail program has no form of ours (RFC 8058).
@csrf_exempt
@never_cache
@read_or_post
def stop_reminders(request: HttpRequest, signed: str) -> HttpResponse:
    """`/grupper/stopp/<signed>/`: asks on GET, stops or starts on POST, also by the button of a mail program."""
    subscription = subscription_of(signed)
    if subscription is None:
        raise Http404
    response = _stopping(request, subscription, signed)
    response["X-Robots-Tag"] = "noindex"
    return response


def _stopping(request: HttpRequest, subscription: Subscription, signed: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "mentoring/stop_reminders.html", {"subscription": subscription})
    if "start" in request.POST:
        subscription.start()
    else:
        subscription.stop()
    if "List-Unsubscribe" in request.POST:
        return HttpResponse(_("Stoppet."), content_type="text/plain; charset=utf-8")
    return redirect("stop_reminders", signed)
