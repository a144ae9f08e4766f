"""What a learner asks for in a course. Each view reads its input, asks one rule, and answers."""

from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from modules import access, enrolment, lessons, notebook, pathway, pilot, progress
from modules.checks import Check, answer_check
from modules.freshness import content_version
from modules.models import CoursePage, LessonPage


def posted(view):
    """Lets posts through to `view`. Whoever comes by a link, or back from signing in, is led to the page itself."""

    @wraps(view)
    def post_or_lead(request, course, module="", lesson="", part=None):
        if request.method == "POST":
            given = {"course": course, "module": module, "lesson": lesson, "part": part}
            return view(request, **{name: value for name, value in given.items() if value})
        if lesson:
            return redirect("lesson", course, module, lesson)
        return redirect("course", course)

    return post_or_lead


@require_safe
def course_index(request: HttpRequest) -> HttpResponse:
    """`/kurs/`: the courses there are."""
    courses = access.courses_for(request.user, get_language())
    return render(request, "modules/course_index.html", {"courses": courses})


@require_safe
def course(request: HttpRequest, course: str) -> HttpResponse:
    """A course: what it is, its path of modules, and where the learner is in it."""
    place = access.course_for(request.user, get_language(), course)
    context = pathway.course_context(place, request.user) | _page_for_editors(request, CoursePage, place.course.pk)
    return render(request, "modules/course.html", context)


def _page_for_editors(request, kind, pk) -> dict:
    """The page itself, for the bar that leads editors to its editor. Learners' pages do without that query."""
    return {"page": kind.objects.get(pk=pk)} if request.user.is_staff else {}


@require_safe
def module(request: HttpRequest, course: str, module: str) -> HttpResponse:
    """A module has its place on the course page."""
    outline = access.course_for(request.user, get_language(), course).course
    if found := next((item for item in outline.modules if item.slug == module), None):
        return redirect(f"{outline.url}#modul-{found.number}")
    raise Http404


@require_safe
def lesson(request: HttpRequest, course: str, module: str, lesson: str) -> HttpResponse:
    """A lesson, or the page that says why it is closed and what opens it."""
    place = access.lesson_for(request.user, get_language(), course, module, lesson)
    if place.closed and access.may_edit(request.user):
        page = LessonPage.objects.get(pk=place.lesson.pk)
        return render(request, "modules/lesson.html", lessons.preview_of(page) | {"page": page})
    if place.closed:
        return _closed(request, place)
    if place.attempt and "mangler" in request.GET and place.lesson.key not in place.standing.lessons:
        return _lesson_page(request, place, missing=progress.missing_checks(place.attempt, place.lesson))
    return _lesson_page(request, place)


def _lesson_page(request, place, *, status=200, changed=None, **more) -> HttpResponse:
    """The lesson; `changed` is the check or prompt that a post was about, shown in place of the stored one."""
    context = pathway.lesson_context(place) | _page_for_editors(request, LessonPage, place.lesson.pk)
    context["pieces"] = [_with(piece, changed) for piece in lessons.pieces_of(place, content_version())]
    if place.course.is_pilot:
        context |= {"pilot_form": pilot.FeedbackForm(), "pilot_url": pathway.lesson_action(place, "pilot_feedback")}
    return render(request, "modules/lesson.html", context | more, status=status)


def _with(piece, changed):
    own = piece.check or piece.prompt
    if changed is None or own is None or own.id != changed.id:
        return piece
    return lessons.Piece(piece.kind, **{piece.kind: changed})


def _closed(request, place) -> HttpResponse:
    return render(request, "modules/closed.html", pathway.closed_context(place, request), status=403)


@posted
@login_required
def enrol(request: HttpRequest, course: str) -> HttpResponse:
    """Enrols the learner and leads to where the course goes on."""
    place = access.course_for(request.user, get_language(), course)
    attempt_there = place.attempt is not None
    enrolment.enrol(request.user, place.course)
    if not attempt_there:
        messages.success(request, _("Du er påmeldt. Alt du gjør, blir lagret underveis."))
    after = access.course_for(request.user, get_language(), course)
    following = progress.next_lesson(after.course, after.standing)
    return redirect(following.url if following else place.course.url)


@posted
@login_required
def withdraw(request: HttpRequest, course: str) -> HttpResponse:
    """Takes the learner off the course; what was done stays."""
    place = access.course_for(request.user, get_language(), course)
    if place.attempt:
        enrolment.withdraw(place.attempt.enrolment)
        messages.success(request, _("Du er meldt av kurset. Det du har gjort, er lagret hvis du vil komme tilbake."))
    return redirect("my_page")


@posted
@login_required
def start_again(request: HttpRequest, course: str) -> HttpResponse:
    """Begins the course anew, when the learner asks for it."""
    place = access.course_for(request.user, get_language(), course)
    if place.attempt is None:
        raise Http404
    try:
        enrolment.start_again(place.attempt.enrolment)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(place.course.url)
    messages.success(request, _("Du begynner på nytt. Kursbeviset og notatene dine fra forrige gang er der fortsatt."))
    return redirect(place.course.lessons[0].url)


def _open_lesson(request, course, module, lesson):
    """The place when the lesson is open to the person; Http404 or the closed page otherwise."""
    place = access.lesson_for(request.user, get_language(), course, module, lesson)
    return place, _closed(request, place) if place.closed else None


@posted
def complete(request: HttpRequest, course: str, module: str, lesson: str) -> HttpResponse:
    """Stores that a lesson is finished and leads to the next."""
    place, closed = _open_lesson(request, course, module, lesson)
    if closed:
        return closed
    try:
        finished = progress.complete_lesson(place.attempt, place.course, place.module, place.lesson, place.standing)
    except ValidationError:
        # Led back, so that "back" and "reload" never post again; the lesson itself says what is missing.
        return redirect(f"{place.lesson.url}?mangler=1#ferdig")
    return redirect(_after(request, place, finished))


def _after(request, place, finished) -> str:
    if finished.course:
        messages.success(request, _("Du har fullført kurset. Takk for at du tok deg tid."))
        if place.course.gives_certificate:
            return reverse("claim_certificate", args=[place.course.key])
        return place.course.url
    if finished.module:
        text = _("Modul %(number)s er ferdig. Ta gjerne en pause før du går videre.")
        messages.success(request, text % {"number": place.module.number})
    _previous, following = place.course.beside(place.lesson)
    return following.url if following else place.course.url


@posted
def answer(request: HttpRequest, course: str, module: str, lesson: str, part: UUID) -> HttpResponse:
    """Takes an answer to a knowledge check: the check alone for htmx, else back to its place in the lesson."""
    place, closed = _open_lesson(request, course, module, lesson)
    if closed:
        return closed
    content = lessons.check_in(place.lesson, part, content_version())
    if content is None:
        raise Http404
    url = lessons.part_url(place, "answer_check", part)
    try:
        check = Check(content, answer_check(place.attempt, place.lesson.key, content, request.POST), url)
    except ValidationError as refusal:
        check = Check(content, None, url, refusal.messages[0])
    if request.htmx:
        return render(request, "modules/check.html", {"check": check, "just_answered": True})
    if check.error:
        return _lesson_page(request, place, status=422, changed=check)
    return redirect(f"{place.lesson.url}#sjekk-{part}")


@posted
def save_note(request: HttpRequest, course: str, module: str, lesson: str, part: UUID) -> HttpResponse:
    """Saves what the learner wrote to a prompt: JSON for the autosave, else back to its place in the lesson."""
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if not request.user.is_authenticated and wants_json:
        where = reverse("lesson", args=[course, module, lesson])
        return JsonResponse({"login": f"{reverse('account_login')}?next={where}"}, status=401)
    place, closed = _open_lesson(request, course, module, lesson)
    if closed:
        return closed
    content = lessons.prompt_in(place.lesson, part, content_version())
    if content is None:
        raise Http404
    prompt = notebook.prompt_for(content, None, lessons.part_url(place, "save_note", part))
    prompt.text, prompt.version = request.POST.get("text", ""), _number(request.POST.get("version"))
    status = _save(request.user, place, prompt)
    if wants_json:
        return _note_json(prompt, status)
    if status == 200:
        messages.success(request, _("Notatet er lagret kl. %(time)s.") % {"time": _clock(prompt.saved_at)})
        return redirect(f"{place.lesson.url}#notat-{part}")
    return _lesson_page(request, place, status=status, changed=prompt)


def _save(user, place, prompt) -> int:
    """Saves the prompt's text and brings the prompt up to date; returns the status to answer with."""
    try:
        entry = notebook.save_entry(
            user,
            course_key=place.course.key,
            lesson_key=place.lesson.key,
            prompt=prompt,
            text=prompt.text,
            version=prompt.version,
        )
    except notebook.WrittenElsewhere as conflict:
        prompt.other_text, prompt.version = conflict.entry.text, conflict.entry.version
        return 409
    except ValidationError as refusal:
        prompt.error = refusal.messages[0]
        return 422
    prompt.version, prompt.saved_at = entry.version, entry.updated_at
    return 200


def _note_json(prompt, status) -> JsonResponse:
    if status == 409:
        return JsonResponse({"version": prompt.version, "other_text": prompt.other_text}, status=409)
    if status == 422:
        return JsonResponse({"error": prompt.error}, status=422)
    saved = _("kl. %(time)s") % {"time": _clock(prompt.saved_at)}
    return JsonResponse({"version": prompt.version, "saved": saved})


def _clock(moment) -> str:
    return date_format(timezone.localtime(moment), "H.i")


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else 0


@login_required
@require_safe
def notebook_page(request: HttpRequest) -> HttpResponse:
    """The learner's own notebook, to read and print."""
    entries = notebook.entries_of(request.user)
    groups = pathway.notebook_groups(entries, get_language())
    return render(request, "modules/notebook.html", {"groups": groups})


@posted
@login_required
def pilot_feedback(request: HttpRequest, course: str, module: str, lesson: str) -> HttpResponse:
    """Takes a tester's words on a lesson of a pilot course."""
    place, closed = _open_lesson(request, course, module, lesson)
    if closed:
        return closed
    if not place.course.is_pilot:
        raise Http404
    form = pilot.FeedbackForm(request.POST)
    if not form.is_valid():
        return _lesson_page(request, place, status=422, pilot_form=form)
    pilot.give_feedback(request.user, place.lesson, form.cleaned_data["text"])
    messages.success(request, _("Takk. Tilbakemeldingen er sendt til dem som lager kurset."))
    return redirect(place.lesson.url)
