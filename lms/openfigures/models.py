"""What was published, and the secret that belongs to it. A release holds protected numbers only, never exact ones."""

import secrets

from django.db import models


class Release(models.Model):
    """The numbers of a month's end as everybody got them. Once made it is never changed (P16)."""

    as_of = models.DateField(unique=True)
    made_at = models.DateTimeField()
    smallest = models.PositiveSmallIntegerField()
    numbers = models.JSONField()

    class Meta:
        ordering = ["-as_of"]
        default_permissions = ()

    def __str__(self):
        return f"{self.as_of:%Y-%m}"

    @property
    def month(self) -> str:
        """The month as it stands in addresses."""
        return f"{self.as_of:%Y-%m}"


def _new_key() -> str:
    return secrets.token_hex(32)


class StartKey(models.Model):
    """The one secret from which each number's start is worked out. It is kept for good: a number that began anew
    would be told twice, and two tellings say more than one."""

    key = models.CharField(max_length=64, default=_new_key, editable=False)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_start_key")]

    @classmethod
    def value(cls) -> bytes:
        """The secret, made when it is asked for first."""
        return bytes.fromhex(cls.objects.get_or_create(pk=1)[0].key)
