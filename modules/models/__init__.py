"""The course as pages, and what a learner has done in it as dated facts."""

from modules.models.learning import (
    Attempt,
    CheckAnswer,
    Enrolment,
    LessonCompletion,
    ModuleCompletion,
    NotebookEntry,
    PilotFeedback,
)
from modules.models.pages import (
    ContentVersion,
    CourseIndexPage,
    CoursePage,
    GlossaryTerm,
    LessonPage,
    ModulePage,
    PilotTester,
)

__all__ = [
    "Attempt",
    "CheckAnswer",
    "ContentVersion",
    "CourseIndexPage",
    "CoursePage",
    "Enrolment",
    "GlossaryTerm",
    "LessonCompletion",
    "LessonPage",
    "ModuleCompletion",
    "ModulePage",
    "NotebookEntry",
    "PilotFeedback",
    "PilotTester",
]
