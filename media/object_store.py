"""Files in an object store that browsers reach by another address than we do."""

from typing import Any

from storages.backends.s3 import S3Storage


class ObjectStore(S3Storage):
    """S3 with signed addresses for browsers.

    With `public_endpoint_url` they are signed for that host: the name of the host is part of the signature, so a
    proxy in front of the store could not put it right.
    """

    def __init__(self, public_endpoint_url: str = "", **options: Any) -> None:
        super().__init__(**options)
        self._outside = S3Storage(**options | {"endpoint_url": public_endpoint_url}) if public_endpoint_url else None

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """The signed address of a file, good for as long as `querystring_expire` says."""
        return self._outside.url(name, *args, **kwargs) if self._outside else super().url(name, *args, **kwargs)
