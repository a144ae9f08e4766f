"""Remembers what was made of the published content in this process, as it is: nothing is copied in or out."""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class MemoryCache(LocMemCache):
    """Django's local memory without the pickling: who gets a value shares it with everybody, and must not change it."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The very object that was kept under `key`, or `default`."""
        key = self.make_key(key, version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keeps `value` itself for `timeout` seconds (the setting's when none is given)."""
        with self._lock:
            self._set(self.make_key(key, version), value, timeout)
