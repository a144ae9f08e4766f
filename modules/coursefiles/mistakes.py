"""What is wrong in the files of a course: always a file, a line and a sentence, and all of them up to MOST."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

Complain = Callable[[int, str], None]
# So many are not mended before one looks again; nor does it take minutes to find them.
MOST = 200


@dataclass(frozen=True, order=True)
class Mistake:
    """A sentence about a line of a file; `path` is relative to the folder of the course."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


@dataclass
class Mistakes:
    """Collects mistakes while a course is read."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, path: str, line: int, sentence: str) -> None:
        """Keeps a mistake. Raises CourseRefused when there are MOST already."""
        mistake = Mistake(path, line, sentence)
        if mistake in self.found:
            return
        if len(self.found) == MOST:
            raise CourseRefused(self.found)
        self.found.append(mistake)

    def in_file(self, path: str) -> Complain:
        """A function that takes a line number and a sentence about the file `path`."""
        return lambda line, sentence: self.add(path, line, sentence)


class CourseRefused(ValidationError):
    """The files were not imported. `mistakes` holds what to mend, sorted by file and line."""

    def __init__(self, mistakes: list[Mistake]):
        self.mistakes = sorted(set(mistakes))
        super().__init__([str(mistake) for mistake in self.mistakes])


def sentences_in(error: ValidationError) -> list[str]:
    """The sentences of an error of a block or a model, each after the names of the fields that lead to it."""
    found: list[str] = []
    for own in getattr(error, "non_block_errors", None) or []:
        found += own.messages if isinstance(own, ValidationError) else [str(own)]
    for name, inner in _inner_errors(error):
        found += [f"{name}: {sentence}" if name else sentence for sentence in sentences_in(inner)]
    return found or list(dict.fromkeys(error.messages))


def _inner_errors(error: ValidationError) -> list[tuple[str, ValidationError]]:
    if rows := getattr(error, "cell_errors", None):
        return [("", inner) for row in rows.values() for inner in row.values()]
    inner = getattr(error, "block_errors", None) or {}
    if isinstance(inner, dict):
        pairs = [("" if isinstance(key, int) else str(key), value) for key, value in inner.items()]
    else:
        pairs = [("", value) for value in inner]
    if not pairs and hasattr(error, "error_dict"):
        pairs = [("" if key == "__all__" else key, ValidationError(value)) for key, value in error.error_dict.items()]
    return [(name, value) for name, value in pairs if value is not None]
