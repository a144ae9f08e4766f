"""What must be there before the product starts: a place for files. Tables are migrated by Django's own command."""

from django.conf import settings
from django.core.files.storage import default_storage


def make_bucket() -> bool:
    """Makes the bucket where the object store does not have it yet. Returns whether it was made."""
    if not settings.S3_BUCKET:
        return False
    client = default_storage.connection.meta.client
    if settings.S3_BUCKET in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
        return False
    client.create_bucket(Bucket=settings.S3_BUCKET)
    return True
