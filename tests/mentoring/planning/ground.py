"""What tests of planning share: a morning in March, a plan of two meetings, and what its pages say."""

import re
from datetime import UTC, datetime

from mentoring.models import Meeting

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOW = {"form": "physical", "place": "Rom 2", "link": ""}
SERIES = HOW | {"step": "propose", "first": "2026-03-10", "clock": "14:00", "rhythm": "4w"}
DATES = HOW | {"m1-day": "2026-03-10", "m1-clock": "14:00", "m2-day": "2026-04-07", "m2-clock": "14:00"}


def words_of(answer) -> str:
    return words_in(answer.content.decode())


def words_in(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def plan_of(group) -> str:
    return f"/grupper/{group.pk}/planlegg/"


def page_of(group, what="endre", number=1) -> str:
    return f"/grupper/{group.pk}/moter/{number}/{what}/"


def fields_of(group, **changed) -> dict:
    """What the form of meeting 1 sends when nothing is changed."""
    meeting = Meeting.objects.get(group=group, number=1)
    names = ("form", "place", "link", "minutes", "title", "agenda", "topics", "prompts", "before")
    return {name: getattr(meeting, name) for name in names} | {
        "day": meeting.day.isoformat() if meeting.day else "",
        "clock": f"{meeting.clock:%H:%M}" if meeting.clock else "",
    } | changed  # fmt: skip
