"""The cache that all processes share. A cache that is down costs a little time, never a page (R3, D24)."""

import logging
import os
import random
import secrets
import time
from io import BytesIO
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.filebased import FileBasedCache

log = logging.getLogger("refleks.cache")
REST_SECONDS = 5.0
CULL_ONCE_IN = 1000
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
# Until when a cache that did not answer is left alone, by its name; one process, one list.
_resting: dict[str, float] = {}


class SteadyCache(BaseCache):
    """Asks the caches named in OPTIONS["WAYS"], the first that answers. Limits hold on the next one meanwhile.

    When none answers, nothing is found and nothing can be added: pages are made anew, and whoever counts attempts
    (allauth, the check of certificates) takes that for too many and says so calmly. Closed, not open (S6).
    """

    def __init__(self, _location: str, params: dict[str, Any]):
        super().__init__(params)
        self._ways: list[str] = params["OPTIONS"]["WAYS"]

    def _ask(self, what: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        for name in self._ways:
            if _resting.get(name, 0) > time.monotonic():
                continue
            try:
                return getattr(caches[name], what)(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whatever it is, no page falls over its cache
                _resting[name] = time.monotonic() + REST_SECONDS
                log.warning("The cache %s does not answer (%s)", name, type(error).__name__)
        return otherwise

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("add", False, key, value, timeout=timeout, version=version)

    def get(self, key, default=None, version=None):
        return self._ask("get", default, key, default=default, version=version)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("set", None, key, value, timeout=timeout, version=version)

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("touch", False, key, timeout=timeout, version=version)

    def delete(self, key, version=None):
        return self._ask("delete", False, key, version=version)

    def has_key(self, key, version=None):
        return self._ask("has_key", False, key, version=version)

    def clear(self):
        """Empties all of them: what one forgets another must not remember."""
        for name in self._ways:
            caches[name].clear()


class FolderCache(FileBasedCache):
    """Files in a folder, where `add` lets one process in and no other: a limit counts what comes at once, too.

    Asks the disk for a third of what Django's does: for a page of a millisecond that is a lot.
    """

    def _cull(self):
        # Django lists the whole folder each time, which soon costs more than the page that asked.
        if random.randrange(CULL_ONCE_IN) == 0:  # noqa: S311 - no secret
            super()._cull()

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._cull()
        os.replace(self._written(value, timeout), self._key_to_file(key, version))  # noqa: PTH105

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._cull()
        name, fresh = self._key_to_file(key, version), self._written(value, timeout)
        try:
            # What is there and over is deleted by whoever looks at it.
            return _linked(fresh, name) or (not self.has_key(key, version) and _linked(fresh, name))
        finally:
            os.remove(fresh)  # noqa: PTH107 - here and below: paths as objects cost as much as the disk

    def _written(self, value: Any, timeout: Any) -> str:
        """The name of a file of its own, whole, that nobody knows of yet."""
        content = BytesIO()
        self._write_content(content, timeout, value)
        name = f"{self._dir}/{secrets.token_hex(8)}.new"
        try:
            handle = os.open(name, NEW_FILE, 0o600)
        except FileNotFoundError:
            self._createdir()
            handle = os.open(name, NEW_FILE, 0o600)
        try:
            os.write(handle, content.getvalue())
        except OSError:
            os.remove(name)  # noqa: PTH107
            raise
        finally:
            os.close(handle)
        return name


def _linked(fresh: str, name: str) -> bool:
    try:
        os.link(fresh, name)
    except FileExistsError:
        return False
    return True
