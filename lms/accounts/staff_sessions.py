"""How long staff stay signed in: twelve hours in which they do nothing, everybody else thirty days (7.3.1)."""

import time

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

SEEN, SEEN_EVERY, IDLE = "staff_seen", 10 * 60, 12 * 3600  # seconds


def keep_short(request: HttpRequest, user) -> None:
    """Lets the session of `user` end after IDLE when they are staff. Written now and then: each time is a write."""
    session = request.session
    if not (user.is_authenticated and (user.is_staff or user.is_superuser)):
        return
    now = int(time.time())
    # allauth sets thirty days at the end of a sign-in.
    if abs(now - session.get(SEEN, 0)) > SEEN_EVERY or session.get_expiry_age() > IDLE:
        session[SEEN] = now
        session.set_expiry(IDLE)


def watch_staff_sessions() -> None:
    """From now on a sign-in of staff begins like this."""
    user_logged_in.connect(_signed_in, dispatch_uid="short_sessions_of_staff")


def _signed_in(request, user, **_signal) -> None:
    keep_short(request, user)
