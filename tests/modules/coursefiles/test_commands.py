"""The two commands: what they print, and how they refuse."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from modules.models import CoursePage
from tests.modules.coursefiles.conftest import END, EVERY_BLOCK
from tests.small_course import course_index


def run(*args: str, **options) -> list[str]:
    out = StringIO()
    call_command(*args, stdout=out, skip_checks=True, **options)
    return out.getvalue().splitlines()


def test_import_course_says_what_it_did(db, files_folder):
    course_index()
    assert run("import_course", str(EVERY_BLOCK))[-8:] == [
        "Ny: course.toml",
        "Ny: 01-forste-modul/module.toml",
        "Ny: 01-forste-modul/01-tekst.md",
        "Ny: 01-forste-modul/02-kilder.md",
        "Ny: 02-andre-modul/module.toml",
        "Ny: 02-andre-modul/01-sjekker.md",
        "Ny: 02-andre-modul/02-slutt.md",
        "Uendrede sider: 0.",
    ]
    assert run("import_course", str(EVERY_BLOCK))[-1:] == ["Uendrede sider: 7."]
    assert run("import_course", str(EVERY_BLOCK), verbosity=0) == []


def test_check_measures_and_imports_nothing():
    assert run("import_course", str(EVERY_BLOCK), "--check") == [
        "Første modul (30 min): 168 ord, sjekker: 0, til ettertanke: 1, omtrent 7 min",
        "  01-forste-modul/01-tekst.md: 106 ord, sjekker: 0, til ettertanke: 1, omtrent 4 min",
        "  01-forste-modul/02-kilder.md: 62 ord, sjekker: 0, til ettertanke: 0, omtrent 3 min",
        "Andre modul (60 min): 42 ord, sjekker: 3, til ettertanke: 1, omtrent 8 min",
        "  02-andre-modul/01-sjekker.md: 36 ord, sjekker: 3, til ettertanke: 1, omtrent 7 min",
        "  02-andre-modul/02-slutt.md: 6 ord, sjekker: 0, til ettertanke: 0, omtrent 1 min",
        "Ingen feil. Ingenting er importert (--check).",
    ]


def test_unused_picture_is_told_of(folder):
    (folder / "pictures" / "gammel.svg").write_text("<svg/>")
    assert run("import_course", str(folder), "--check")[-2] == "Merknad: ingen leksjon bruker pictures/gammel.svg."


def test_import_course_refuses_when_there_are_mistakes(db, folder, replace, files_folder):
    course_index()
    replace(END, "title: Slutt", "tittel: Slutt")
    with pytest.raises(CommandError) as refusal:
        run("import_course", str(folder))
    assert str(refusal.value).splitlines() == [
        f"{END}:1: Nøkkelen «title» mangler.",
        f"{END}:3: «tittel» er ikke en nøkkel her.",
        "Antall feil: 2. Ingenting er importert.",
    ]
    assert refusal.value.returncode == 1
    assert CoursePage.objects.count() == 0


def test_export_course_writes_the_files(db, files_folder, tmp_path):
    course_index()
    run("import_course", str(EVERY_BLOCK))
    assert run("export_course", "every-block", str(tmp_path / "out")) == [f"10 filer skrevet til {tmp_path / 'out'}."]


def test_export_course_refuses_when_there_is_no_such_course(db, tmp_path):
    with pytest.raises(CommandError, match="Det finnes ikke noe kurs med adressen «borte»"):
        run("export_course", "borte", str(tmp_path / "out"))


def test_import_course_says_the_first_of_very_many_mistakes(folder):
    (folder / END).write_text("---\nid: m2-slutt\ntitle: Slutt\n---\n\n" + "::: fact\n" * 500)
    with pytest.raises(CommandError) as refusal:
        run("import_course", str(folder), "--check")
    *mistakes, last = str(refusal.value).splitlines()
    assert len(mistakes) == 200
    assert last == "Her er de første 200 feilene. Rett dem først. Ingenting er importert."
