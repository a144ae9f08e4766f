"""The learner in the small course, as the tests of courses have them."""

from tests.modules.conftest import attempt, finish, outline

__all__ = ["attempt", "finish", "outline"]
