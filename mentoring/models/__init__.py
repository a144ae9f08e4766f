"""What a group is made of: its package, its people, its meetings and their notes."""

from mentoring.models.groups import (
    Application,
    ApplicationEvent,
    DigestStop,
    GroupEvent,
    GroupLetter,
    Invitation,
    LearningGroup,
    Membership,
    Notice,
)
from mentoring.models.meetings import (
    Attendance,
    BroughtPrompt,
    CalendarFeed,
    MakeUp,
    Meeting,
    MeetingReply,
    Poll,
    PollAnswer,
    PollOption,
)
from mentoring.models.notes import GlassBreak, Note, NoteComment, NoteReading
from mentoring.models.packages import GroupKind, MentorQualification, Package, Round, Step

__all__ = [
    "Application",
    "ApplicationEvent",
    "Attendance",
    "BroughtPrompt",
    "CalendarFeed",
    "DigestStop",
    "GlassBreak",
    "GroupEvent",
    "GroupKind",
    "GroupLetter",
    "Invitation",
    "LearningGroup",
    "MakeUp",
    "Meeting",
    "MeetingReply",
    "Membership",
    "MentorQualification",
    "Note",
    "NoteComment",
    "NoteReading",
    "Notice",
    "Package",
    "Poll",
    "PollAnswer",
    "PollOption",
    "Round",
    "Step",
]
