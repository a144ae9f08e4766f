"""Pictures and files. They know nothing of learners. Video comes with its own issue."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image, SourceImageIOError

from media.uploads import check_document, check_picture


class Picture(AbstractImage):
    """A picture in the library. What it says in a lesson (alt text) is written where it is used (R005)."""

    admin_form_fields = Image.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("bilde")
        verbose_name_plural = _("bilder")

    def clean(self):
        """Refuses what is not the picture its name says, and drawings that carry more than shapes (S14, S15)."""
        super().clean()
        _check_new(self.file, check_picture)

    def generate_rendition_file(self, filter, *, source=None):
        """A size of the picture. Raises SourceImageIOError whatever is wrong with the file: lists then show a gap."""
        try:
            return super().generate_rendition_file(filter, source=source)
        except SourceImageIOError:
            raise
        except Exception as error:
            raise SourceImageIOError(type(error).__name__) from error


class PictureRendition(AbstractRendition):
    """A size of a picture."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_size")
        ]


class File(AbstractDocument):
    """A file that a lesson offers for download."""

    admin_form_fields = Document.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("fil")
        verbose_name_plural = _("filer")

    def clean(self):
        """Refuses a file whose content is not what its name says (S14, S15)."""
        super().clean()
        _check_new(self.file, check_document)


def _check_new(file, check) -> None:
    # What is stored has been looked at, and the forms that change its words have no field for it.
    if file._committed:
        return
    try:
        check(file)
    except ValidationError as refusal:
        raise ValidationError({"file": refusal}) from refusal
