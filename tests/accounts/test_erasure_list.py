from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lms.accounts.erasure import erase_again, erase_person
from lms.accounts.erasure_list import Erasure, add_erasures, read_erasures
from lms.accounts.models import User
from lms.outbox.models import OutgoingMail
from modules.models import NotebookEntry


@pytest.fixture(autouse=True)
def erasures(settings, tmp_path):
    settings.ERASURE_LIST = tmp_path / "var" / "erasures.jsonl"
    return settings.ERASURE_LIST


def an_erasure(public_id: UUID, keep_certificates: bool = False) -> Erasure:
    return Erasure(public_id, keep_certificates, datetime(2026, 11, 22, 12, tzinfo=UTC))


def test_an_erasure_is_noted_with_nothing_but_id_and_time(learner, erasures):
    public_id = learner.public_id

    erase_person(learner, keep_certificates=True)

    (noted,) = read_erasures(erasures)
    assert (noted.public_id, noted.keep_certificates) == (public_id, True)
    assert timezone.now() - noted.at < timedelta(minutes=5)
    assert "learner" not in erasures.read_text()


def test_lines_are_added_to_what_is_there(erasures):
    first, second = an_erasure(UUID(int=1)), an_erasure(UUID(int=2), keep_certificates=True)
    add_erasures([first])
    add_erasures([second])
    assert read_erasures(erasures) == [first, second]
    assert erasures.stat().st_mode & 0o777 == 0o600


def test_somebody_whom_a_backup_brought_back_is_erased_again_without_a_mail(learner, other_learner, finished, settings):
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"

    assert erase_again([an_erasure(learner.public_id), an_erasure(UUID(int=3))]) == 1

    learner.refresh_from_db()
    assert (learner.name, learner.is_active, NotebookEntry.objects.count()) == ("Tidligere deltaker", False, 0)
    assert User.objects.get(pk=other_learner.pk).name == other_learner.name
    assert OutgoingMail.objects.count() == 0
    assert erase_again([an_erasure(learner.public_id)]) == 0


def test_erasing_refuses_when_the_list_cannot_be_written(learner, erasures):
    erasures.mkdir(parents=True)
    with pytest.raises(OSError, match="erasures"):
        erase_person(learner, keep_certificates=True)
    learner.refresh_from_db()
    assert learner.erased_at is None


@pytest.mark.parametrize(
    "line",
    [
        b'{"public_id": "0000',
        b'{"public_id": 5, "keep_certificates": true, "at": "2026-11-22 12:00:00+00:00"}',
        b'{"public_id": "00000000-0000-0000-0000-000000000001", "keep_certificates": true, "at": "2026-11-22 12:00:00"}',
        b'{"public_id": "00000000-0000-0000-0000-000000000001", "keep_certificates": "no", "at": "2026-11-22 12:00Z"}',
        b"[" * 100_000,
        b"5",
        b"\xff\xfe",
    ],
)
def test_reading_refuses_a_line_that_is_none(erasures, line):
    add_erasures([an_erasure(UUID(int=1))])
    with erasures.open("ab") as file:
        file.write(line)
    with pytest.raises(ValidationError) as refusal:
        read_erasures(erasures)
    assert refusal.value.messages[0].startswith(f"Slettelisten {erasures} kan ikke leses: linje 2. Bruk en kopi")


def test_what_comes_after_a_torn_line_is_whole(erasures):
    erasures.parent.mkdir(parents=True)
    erasures.write_text('{"public_id": "0000')

    add_erasures([an_erasure(UUID(int=1))])

    first, second, end = erasures.read_text().split("\n")
    assert (first, second + "\n", end) == ('{"public_id": "0000', an_erasure(UUID(int=1)).line(), "")


def test_a_list_whose_last_line_has_no_end_is_read_and_gets_one(erasures):
    first, second = an_erasure(UUID(int=1)), an_erasure(UUID(int=2))
    erasures.parent.mkdir(parents=True)
    erasures.write_text(first.line().strip())

    add_erasures([second])

    assert read_erasures(erasures) == [first, second]
