"""Puts the pictures and files of a course into the library, and names them when it is written back."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Collection

from media.models import File, Picture
from modules.coursefiles.checking import FILE_NAME, files_in
from modules.coursefiles.reading import CourseFile
from modules.coursefiles.streams import FileIds, FileNames, Stream

MODELS: dict[str, type[Picture] | type[File]] = {"picture": Picture, "download": File}


class Shelf:
    """The library as one import sees it. `written` are new files, for when the import comes to nothing."""

    def __init__(self, slug: str, language: str, streams: Iterable[Stream]):
        self.prefix = title_prefix(slug, language)
        self.written: list[tuple[Any, str]] = []
        self.replaced = False
        self.own_names = {
            (kind, item.get_file_hash()): item.pk
            for kind, model in MODELS.items()
            for item in model.objects.filter(pk__in=ids_in(streams, kind)).exclude(title__startswith=self.prefix)
        }

    def put_all(self, course: CourseFile) -> FileIds:
        """Stores what lessons use and gives its ids; what is there already with the same content is left alone."""
        wanted = dict.fromkeys((piece.kind, name) for lesson in course.lessons for piece, name in files_in(lesson))
        return {(kind, name): self._put(kind, name, course.file(name).read_bytes()) for kind, name in wanted}

    def forget_written(self) -> None:
        """Deletes the files this import wrote."""
        for storage, name in self.written:
            storage.delete(name)

    def _put(self, kind: str, name: str, content: bytes) -> int:
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        item = MODELS[kind].objects.filter(title=f"{self.prefix}{name}").order_by("pk").first()
        if item is None and (kind, digest) in self.own_names:
            return self.own_names[kind, digest]
        if item is None:
            item = MODELS[kind](title=f"{self.prefix}{name}", collection=Collection.get_first_root_node())
        elif item.get_file_hash() == digest:
            return item.pk
        self._store(item, name, content)
        return item.pk

    def _store(self, item: Picture | File, name: str, content: bytes) -> None:
        """Gives `item` a new content. The old file goes when, and only when, the import holds."""
        old_storage, old_name = item.file.storage, item.file.name if item.pk else ""
        item.file = ContentFile(content, name=name)
        item.full_clean()
        item._set_image_file_metadata() if isinstance(item, Picture) else item._set_document_file_metadata()
        item.save()
        self.written.append((item.file.storage, item.file.name))
        if old_name:
            self.replaced = True
        if old_name and old_name != item.file.name:
            transaction.on_commit(lambda: old_storage.delete(old_name))
        if isinstance(item, Picture):
            for rendition in item.renditions.all():
                rendition.delete()


def title_prefix(slug: str, language: str) -> str:
    """What the titles of a course's pictures begin with. Language versions have pictures of their own."""
    return f"{slug}/" if language == settings.LANGUAGE_CODE else f"{slug}.{language}/"


def ids_in(streams: Iterable[Stream], kind: str) -> set[int]:
    """The ids of the pictures or files in these bodies."""
    values = [block["value"] for stream in streams for block in stream if block["type"] == kind]
    return {value["image"]["image"] if kind == "picture" else value["file"] for value in values} - {None}


def named_files(streams: list[Stream], slug: str, language: str) -> tuple[FileNames, dict[str, Picture | File]]:
    """A name for each picture and file in these bodies, and what lies behind each name."""
    prefix, names, items = title_prefix(slug, language), {}, {}
    for kind, model in MODELS.items():
        for item in model.objects.filter(pk__in=ids_in(streams, kind)).order_by("pk"):
            name = _free_name(_name_of(item, prefix), set(items))
            names[kind, item.pk], items[name] = name, item
    return names, items


def _name_of(item: Picture | File, prefix: str) -> str:
    own = item.title.removeprefix(prefix) if item.title.startswith(prefix) else ""
    name = own if FILE_NAME.fullmatch(own) else Path(item.file.name).name
    return re.sub(r"[^\w.-]", "-", name).lstrip("._-")


def _free_name(name: str, taken: set[str]) -> str:
    path, number, found = Path(name), 2, name
    while found in taken:
        found, number = f"{path.stem}-{number}{path.suffix}", number + 1
    return found
