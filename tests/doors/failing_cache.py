"""A cache that is down: whatever it is asked, it raises."""

from django.core.cache.backends.base import BaseCache


class FailingCache(BaseCache):
    asked = 0

    def __init__(self, _location, params):
        super().__init__(params)

    def _fail(self, *args, **kwargs):
        type(self).asked += 1
        raise ConnectionError("The cache is down.")

    add = get = set = touch = delete = has_key = clear = _fail
