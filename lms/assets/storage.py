"""Static files with their content in their name, so that browsers keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# What learners load. Compressing all of the editor's 1 500 files as well costs half a minute at the first start.
COMPRESSED = ("refleks/", "django_htmx/")


class FrontEndStorage(CompressedManifestStaticFilesStorage):
    """Compresses our own files only. A file missing from the manifest is served under its plain name."""

    manifest_strict = False

    def compress_files(self, paths):
        return super().compress_files(path for path in paths if path.startswith(COMPRESSED))
