"""What editors upload, through the pages they upload it by: looked at by content, cleaned, harmless (S14, S15)."""

import io
from pathlib import PurePosixPath

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.models import UploadedFile

from media.models import File, Picture
from tests.doors import hostile_files as files

PICTURES, DOCUMENTS = "/cms/images", "/cms/documents"


@pytest.fixture
def desk(editor, signed_in, course):
    return signed_in(editor)


@pytest.fixture(autouse=True)
def no_files_left(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(desk, library: str, name: str, content: bytes, *, several: bool):
    """Posts a file as one of the two upload pages does."""
    file = SimpleUploadedFile("x", content)
    file._name = name  # as the browser sends it, not as Django would tidy it
    if several:
        return desk.post(f"{library}/multiple/add/", {"title": "Fil", "files[]": file, "collection": 1})
    return desk.post(f"{library}/add/", {"title": "Fil", "file": file, "collection": 1})


def stored() -> list[str]:
    """Every file there is, whatever table knows of it."""
    found = []
    folders = [""]
    while folders:
        folder = folders.pop()
        inside, names = default_storage.listdir(folder)
        folders += [f"{folder}{name}/" for name in inside]
        found += [f"{folder}{name}" for name in names]
    return found


several = pytest.mark.parametrize("several", [False, True], ids=["one", "several"])


@several
def test_a_picture_is_taken(desk, several):
    upload(desk, PICTURES, "bilde.png", files.picture(), several=several)

    assert [(item.title, item.width, item.height) for item in Picture.objects.all()] == [("Fil", 40, 30)]


@several
@pytest.mark.parametrize("what", files.NO_PICTURES)
def test_a_picture_is_refused_when_it_is_something_else(desk, what, several):
    answer = upload(desk, PICTURES, *files.NO_PICTURES[what], several=several)

    assert answer.status_code == 200
    assert (Picture.objects.count(), UploadedFile.objects.count(), stored()) == (0, 0, [])


SIZES = [
    {"width": "1", "height": "10000"},
    {"width": "10000", "height": "1"},
    {"viewBox": "0 0 24 24"},
    {"width": "100%", "viewBox": "-5 -5 0.5 0.5", "height": "20mm"},
    {},
]


@several
@pytest.mark.parametrize("size", SIZES)
def test_a_drawing_that_is_taken_can_be_shown(desk, size, several):
    upload(desk, PICTURES, "ring.svg", files.drawing(before="<?xml version='1.0'?>", **size), several=several)

    picture = Picture.objects.get()
    answers = [desk.get(address) for address in ("/cms/images/", f"/cms/images/{picture.pk}/")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "not-found" not in answers[0].content.decode()
    assert picture.get_rendition("fill-40x40").width > 0


@pytest.mark.parametrize("content", [b"", files.drawing(viewBox="0 0 0.4 0.4"), files.drawing("<g>" * 9000), b"GIF89a"])
def test_a_stored_picture_that_breaks_closes_no_list(desk, content):
    upload(desk, PICTURES, "ring.svg", files.drawing(), several=False)
    upload(desk, PICTURES, "bilde.png", files.picture(), several=False)
    drawing = Picture.objects.get(file__endswith=".svg")
    with default_storage.open(drawing.file.name, "wb") as stored_drawing:
        stored_drawing.write(content)

    answer = desk.get("/cms/images/")

    assert (answer.status_code, len(answer.context["images"])) == (200, 2)


@several
@pytest.mark.parametrize("what", files.CLEANED_PICTURES)
def test_a_picture_is_painted_anew(desk, what, several):
    upload(desk, PICTURES, *files.CLEANED_PICTURES[what], several=several)

    content = Picture.objects.get().file.read()
    assert [files.MARK in content, b"%PDF" in content, b"PK\x03\x04" in content] == [False] * 3
    assert Picture.objects.get().file_size == len(content)
    with Image.open(io.BytesIO(content)) as picture:
        assert (dict(picture.getexif()), picture.info.get("comment"), picture.info.get("exif")) == ({}, None, None)


def test_a_photo_stands_upright_when_its_place_is_gone(desk):
    upload(desk, PICTURES, "bilde.jpg", files.photo_with_place(), several=False)

    assert (Picture.objects.get().width, Picture.objects.get().height) == (30, 40)


def test_a_moving_picture_still_moves(desk):
    upload(desk, PICTURES, "bilde.gif", files.moving_gif(), several=False)

    with Image.open(Picture.objects.get().file) as picture:
        assert (picture.n_frames, picture.info["duration"]) == (3, 100)


def test_a_picture_is_cleaned_when_it_takes_the_place_of_another(desk):
    upload(desk, PICTURES, "bilde.png", files.picture(), several=False)
    picture = Picture.objects.get()
    fields = {"title": "Fil", "collection": 1, "file": SimpleUploadedFile("ny.jpg", files.photo_with_place())}

    desk.post(f"/cms/images/{picture.pk}/", fields)

    assert files.MARK not in Picture.objects.get().file.read()


def test_the_words_of_a_picture_can_be_changed_without_the_file(desk):
    upload(desk, PICTURES, "bilde.png", files.picture(), several=True)
    pk = Picture.objects.get().pk

    prefix = f"image-{pk}"
    fields = {f"{prefix}-title": "Ring", f"{prefix}-collection": 1, f"{prefix}-tags": "", f"{prefix}-description": ""}
    answer = desk.post(f"/cms/images/multiple/{pk}/", fields, headers={"x-requested-with": "XMLHttpRequest"})

    assert (answer.json()["success"], Picture.objects.get().title) == (True, "Ring")


@several
def test_a_file_is_taken(desk, several):
    upload(desk, DOCUMENTS, "ark.pdf", b"%PDF-1.7\n", several=several)

    assert [item.title for item in File.objects.all()] == ["Fil"]


@several
@pytest.mark.parametrize("what", files.NO_FILES)
def test_a_file_is_refused_when_it_is_something_else(desk, what, several):
    answer = upload(desk, DOCUMENTS, *files.NO_FILES[what], several=several)

    assert answer.status_code == 200
    assert (File.objects.count(), UploadedFile.objects.count(), stored()) == (0, 0, [])


@pytest.mark.parametrize("what", files.HARMLESS_FILES)
def test_a_file_that_is_taken_cannot_run_anything(desk, what):
    upload(desk, DOCUMENTS, *files.HARMLESS_FILES[what], several=False)

    answer = desk.get(File.objects.get().url)

    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["Content-Type"].split(";")[0] not in {"text/html", "image/svg+xml", "text/xml", "application/xml"}
    assert answer["Content-Type"] == "application/pdf" or answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", files.NAMES)
def test_a_name_stays_a_name(desk, name):
    upload(desk, PICTURES, f"{name}.png", files.picture(), several=False)
    upload(desk, DOCUMENTS, f"{name}.pdf", b"%PDF-1.7\n", several=False)

    kept = [*Picture.objects.all(), *File.objects.all()]
    places = [PurePosixPath(item.file.name) for item in kept]
    assert {str(place.parent) for place in places} <= {"original_images", "documents"}
    assert sorted(str(place) for place in places) == sorted(stored())
    assert [place for place in places if not place.name.isprintable() or set('<>"\\/') & set(place.name)] == []
    assert desk.get("/cms/images/").status_code == desk.get("/cms/documents/").status_code == 200


@pytest.mark.parametrize("folder", ["", "documents/", "wagtail_uploads/", "keys/"])
@pytest.mark.parametrize("way", ["", "original_images/../"])
def test_only_pictures_are_served_from_the_store(client, db, folder, way):
    default_storage.save(f"{folder}hemmelig.png", io.BytesIO(b"x"))

    assert client.get(f"/files/{way}{folder}hemmelig.png").status_code == 404


@pytest.mark.parametrize(
    "path", ["a\x00b.png", "images/" + "a" * 300 + ".png", "images/", "images/%2e%2e/x", "images/../../x"]
)
def test_odd_paths_are_missing_not_faults(client, db, path):
    assert client.get("/files/" + path).status_code == 404


def test_learners_upload_nothing(learner_client, course):
    for library in (PICTURES, DOCUMENTS):
        answer = upload(learner_client, library, "bilde.png", files.picture(), several=False)
        assert answer.url.startswith("/konto/login/")

    assert stored() == []
