"""Courses in /cms/: the gate before pages, no deleting of what has learners, and warnings to authors."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from modules import access, authoring, views
from modules.models import CourseIndexPage, CoursePage, LessonPage, ModulePage, PilotFeedback

LEARNING_PAGES = (CourseIndexPage, CoursePage, ModulePage, LessonPage)


@hooks.register("before_serve_page")
def gate_pages(page, request, serve_args, serve_kwargs):
    """Whatever way leads to a course page, it goes through the same gate as its own address."""
    page = page.specific
    if not isinstance(page, LEARNING_PAGES):
        return None
    if isinstance(page, CourseIndexPage):
        return views.course_index(request)
    course, *rest = [ancestor.slug for ancestor in page.get_ancestors(inclusive=True).type(LEARNING_PAGES[1:])]
    view = (views.course, views.module, views.lesson)[len(rest)]
    return view(request, course, *rest)


@hooks.register("before_serve_document")
def gate_files(file, request):
    """A file goes where the lesson goes that offers it."""
    if not access.may_fetch(request.user, file):
        raise Http404


@hooks.register("before_delete_page")
def keep_pages_with_learners(request, page):
    """A page that learners have been in is taken down, not deleted."""
    if reason := authoring.why_not_deletable(page.specific):
        messages.error(request, reason)
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_bulk_action")
def keep_pages_with_learners_in_bulk(request, action_type, objects, action_class_instance):
    """The same for several pages at once."""
    if action_type != "delete" or not objects or not isinstance(objects[0], Page):
        return None
    for page in objects:
        if reason := authoring.why_not_deletable(page.specific):
            messages.error(request, reason)
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("after_copy_page")
def give_copies_their_own_ids(request, page, new_page):
    """A copied lesson, or one below a copied module or course, is a lesson of its own."""
    for lesson in LessonPage.objects.descendant_of(new_page, inclusive=True):
        authoring.give_new_ids(lesson)


@hooks.register("after_publish_page")
def warn_the_author(request, page):
    """Says what an author may want to mend, without standing in the way (R127, R012)."""
    if isinstance(page, LessonPage):
        for warning in authoring.warnings_for(page):
            messages.warning(request, warning)


@hooks.register("before_publish_page")
def tell_what_learners_see(request, page):
    """Before a lesson goes out: how many have it behind them, and that nothing is taken from them (R012)."""
    if isinstance(page, LessonPage) and (sentence := authoring.what_publishing_means(page)):
        messages.info(request, sentence)


class PilotFeedbackViewSet(SnippetViewSet):
    """What testers said, to read."""

    model = PilotFeedback
    icon = "comment"
    menu_label = gettext_lazy("Pilot")
    add_to_admin_menu = True
    list_display = ["lesson", "author", "text", "created_at"]
    list_filter = ["created_at"]
    panels = [FieldPanel("text", read_only=True)]
    inspect_view_enabled = True
    add_view_enabled = False

    def get_queryset(self, request):
        return PilotFeedback.objects.select_related("lesson", "author")

    def register_chooser_viewset(self):
        """None: nothing refers to feedback, and Wagtail's choosers show everything to all who come into /cms/."""


register_snippet(PilotFeedbackViewSet)
