"""The form with which pictures come into the library."""

from django.core.files.uploadedfile import UploadedFile
from wagtail.images.forms import BaseImageForm

from media.uploads import check_picture, refusing_unreadable, repainted


class PictureForm(BaseImageForm):
    """Paints a new picture anew before it is stored, so that the library has pixels and nothing else (S14)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            field.to_python = _refusing(field.to_python)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile) or file.name.lower().endswith(".svg"):
            return file
        return repainted(file)


def _refusing(read):
    # Wagtail asks how large a picture is and does not expect that nobody can tell.
    def read_or_refuse(data):
        with refusing_unreadable():
            if isinstance(data, UploadedFile):
                # Before the library follows it, however deep it is.
                check_picture(data)
            return read(data)

    return read_or_refuse
