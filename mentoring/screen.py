"""What stands on the shared screen in a meeting: one prompt at a time, the package's first, then those brought."""

from dataclasses import dataclass

from mentoring.bringing import brought_to
from mentoring.lines import AgendaItem, agenda_of, lines_of
from mentoring.models import Meeting

# From so many signs a text is set smaller, so that it stays on the screen.
LONG, LONGER = 110, 380


@dataclass(frozen=True)
class Slide:
    """One prompt. `over` stands small above a text that a member brought; `name` only when they added it."""

    text: str
    over: str = ""
    name: str = ""
    brought: bool = False

    @property
    def size(self) -> str:
        """Empty for a short text, `is-long` or `is-longer` for one that needs a smaller type."""
        if len(self.text) <= LONG:
            return ""
        return "is-longer" if len(self.text) > LONGER else "is-long"


@dataclass(frozen=True)
class Show:
    """The screen at one prompt. `number` begins at 1; `slide` is None when there is nothing to show."""

    slide: Slide | None
    number: int
    count: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        return self.number + 1 if self.number < self.count else None


def slides_of(meeting: Meeting) -> list[Slide]:
    """All prompts of the meeting in order. At most one query."""
    own = [Slide(line) for line in lines_of(meeting.prompts)]
    return own + [Slide(row.text, row.question, row.name, brought=True) for row in brought_to(meeting)]


def show(meeting: Meeting, number: int) -> Show:
    """The prompt with this number; the nearest there is when that is none."""
    slides = slides_of(meeting)
    number = min(max(number, 1), len(slides)) if slides else 0
    return Show(slides[number - 1] if slides else None, number, len(slides))


def times_of(meeting: Meeting) -> list[AgendaItem]:
    """The parts of the agenda that say how long they are, for the clock; the whole meeting when none does."""
    items = [item for item in agenda_of(meeting.agenda) if item.minutes]
    return items or [AgendaItem(meeting.minutes, meeting.title)]
