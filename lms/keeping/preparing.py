"""What must be there before the product starts: places for files and for the queue. Django's own command migrates."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage


def make_folders() -> None:
    """Makes the folders that the queue on disk wants to find; a real broker needs none."""
    if not settings.VALKEY_URL:
        for folder in set(settings.CELERY_BROKER_TRANSPORT_OPTIONS.values()):
            Path(folder).mkdir(parents=True, exist_ok=True)


def make_bucket() -> bool:
    """Makes the bucket where the object store does not have it yet. Returns whether it was made."""
    if not settings.S3_BUCKET:
        return False
    client = default_storage.connection.meta.client
    if settings.S3_BUCKET in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
        return False
    client.create_bucket(Bucket=settings.S3_BUCKET)
    return True
