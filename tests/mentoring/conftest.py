"""What tests of groups share."""

import pytest


@pytest.fixture
def outbox(settings):
    """Mails become rows, as in the product: Django's test runner would keep them in memory, and know no keys."""
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
