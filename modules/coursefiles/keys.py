"""Stable ids: what is called something in a file has the same key wherever and whenever it is imported.

Progress, answers and notebooks hang on these keys, so the way they are made never changes. An id that is a
UUID is the key itself: that is how pages that were made in the CMS keep theirs through files.
"""

from uuid import UUID, uuid5


def module_key(course: UUID, ref: str) -> UUID:
    """The translation key of the module that files call `ref`."""
    return as_uuid(ref) or uuid5(course, f"module:{ref}")


def lesson_key(course: UUID, ref: str) -> UUID:
    """The translation key of the lesson that files call `ref`."""
    return as_uuid(ref) or uuid5(course, f"lesson:{ref}")


def task_key(lesson: UUID, ref: str) -> UUID:
    """The block id of the check or prompt that the lesson's file calls `ref`."""
    return as_uuid(ref) or uuid5(lesson, ref)


def place_key(parent: UUID, place: str) -> UUID:
    """The id of something nothing hangs on: its place within `parent`."""
    return uuid5(parent, f"place:{place}")


def answer_key(check: UUID, text: str) -> UUID:
    """The id of an answer or a statement: its text, so that another order changes nothing."""
    return uuid5(check, f"answer:{text}")


def as_uuid(ref: str) -> UUID | None:
    """`ref` as a UUID when it is one in the usual form."""
    try:
        found = UUID(ref)
    except ValueError:
        return None
    return found if str(found) == ref else None


def kept_ref(ref: str) -> str:
    """What is stored as the id in files: nothing when it is the key itself."""
    return "" if as_uuid(ref) else ref
