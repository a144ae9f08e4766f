"""Each mistake in the files of a course, with its file, line and sentence."""

import time

import pytest
from PIL import Image

from modules.coursefiles.checking import check_course, unused_files
from modules.coursefiles.mistakes import MOST, CourseRefused, Mistakes
from modules.coursefiles.reading import read_course
from tests.modules.coursefiles.conftest import CHECKS, END, SAMPLE, SOURCES, TEXT


def test_course_without_mistakes(mistakes_in):
    assert mistakes_in() == []


def test_sample_course_has_no_mistakes():
    mistakes = Mistakes()
    course = read_course(SAMPLE, mistakes)
    check_course(course, mistakes)
    assert [str(mistake) for mistake in mistakes.found] == []
    assert unused_files(course) == []


UNKNOWN = "«{}» er ikke en nøkkel her."
CASES = [
    # the head and the blocks of a lesson
    (END, "title: Slutt", "title: Slutt\nfarge: rød", f"{END}:4: {UNKNOWN.format('farge')}"),
    (END, "title: Slutt\n", "", f"{END}:1: Nøkkelen «title» mangler."),
    (END, "title: Slutt", "title:", f"{END}:3: Nøkkelen «title» er tom."),
    (END, "title: Slutt", "title: Slutt\ntitle: Igjen", f"{END}:4: Nøkkelen «title» står to ganger."),
    (END, "summary: Det siste.", "summary: Det **siste**.", f"{END}:4: Her vises bare ren tekst: ingen utheving, lenker eller ordforklaringer."),
    (END, "title: Slutt", f"title: {'S' * 256}", f"{END}:3: title: Sørg for at denne verdien har 255 eller færre tegn (den har nå 256)."),
    (END, "id: 8888", "id: Æ888", f"{END}:2: En id har 2–60 tegn: små bokstaver a–z, tall og bindestrek."),
    (END, "Takk", "Ta\x00kk", f"{END}:7: Linjen har et usynlig tegn (U+0000)."),
    (END, "Takk for at du ble med.", "", f"{END}:1: Leksjonen er tom."),
    (END, "Takk", ":::\n\nTakk", f"{END}:7: Her lukkes en blokk som ikke er åpnet."),
    (TEXT, "::: fact", "::: boks", f"{TEXT}:30: Det finnes ingen blokk som heter «boks»."),
    (TEXT, "title: Kort sagt\n\n", "title: Kort sagt\n", f"{TEXT}:32: Her skal det stå «nøkkel: verdi». Sett en tom linje mellom nøklene og teksten."),
    (TEXT, "title: Kort sagt\n", "title: Kort sagt\nfarge: rød\n", f"{TEXT}:32: {UNKNOWN.format('farge')}"),
    (TEXT, "Klokken er ni.", "", f"{TEXT}:51: Blokken har ingen tekst."),
    (TEXT, "2. **Skriv", "3. **Skriv", f"{TEXT}:61: Her skal det stå «2. Tekst»."),
    (TEXT, "### Første del\n", "Løs tekst.\n\n### Første del\n", f"{TEXT}:66: Sett en overskrift med ### før teksten."),
    (TEXT, "## En overskrift\n\n", "", f"{TEXT}:19: Overskriftene hopper over et nivå: bruk ## før ###."),
    (TEXT, "[[tolk]]", "[[telt]]", f"{TEXT}:14: Ordet «telt» står ikke i ordlisten."),
    (TEXT, "Vi sov ikke.", "Vi **sov** ikke.", f"{TEXT}:41: Her vises bare ren tekst: ingen utheving, lenker eller ordforklaringer."),
    # tables, pictures and sources
    (SOURCES, "| Kommunen | Vedtak | Først |", "| Kommunen | Vedtak |", f"{SOURCES}:12: Raden har 2 celler, overskriften har 3."),
    (SOURCES, "| Kommunen | Vedtak | Først |", "|\\|", f"{SOURCES}:12: Raden skal begynne og slutte med |."),
    (SOURCES, "| Kommunen | Vedtak | Først |", "| Kommunen | Vedtak | Først \\|", f"{SOURCES}:12: Raden skal begynne og slutte med |."),
    (SOURCES, "| Kommunen | Vedtak | Først |", "|", f"{SOURCES}:12: Raden skal begynne og slutte med |."),
    (TEXT, "2. **Skriv", f"{'9' * 5000}. **Skriv", f"{TEXT}:61: Her skal det stå «2. Tekst»."),
    (SOURCES, "| --- | --- | --- |", "| Lege | a | b |", f"{SOURCES}:10: Sett en rad med | --- | under overskriftene."),
    (SOURCES, "| Fastlege |", "|  |", f"{SOURCES}:11: Overskriftene og den første cellen i raden kan ikke være tomme."),
    (SOURCES, "alt: En linje fra venstre mot høyre.\n", "", f"{SOURCES}:15: Et bilde har enten «alt:» med tekst eller «decorative: yes»."),
    (SOURCES, "decorative: yes", "decorative: ja", f"{SOURCES}:23: Skriv «decorative: yes», eller en tekst etter «alt:»."),
    (SOURCES, "file: prikk.svg\ndecorative: yes", "decorative: yes\nfile: prikk.svg", f"{SOURCES}:21: Nøklene skal stå i denne rekkefølgen: file, alt, decorative, caption."),
    (SOURCES, "file: linje.svg", "file: borte.svg", f"{SOURCES}:15: borte.svg: Filen finnes ikke i mappen pictures."),
    (SOURCES, "file: linje.svg", "file: ../course.toml", f"{SOURCES}:15: ../course.toml: Filen finnes ikke i mappen pictures."),
    (SOURCES, "file: sjekkliste.txt", "file: linje.svg", f"{SOURCES}:26: linje.svg: Filtypen er ikke tillatt. Bruk en av disse: pdf, docx, xlsx, pptx, odt, txt, csv."),
    (SOURCES, "year: 2016", "year: i fjor", f"{SOURCES}:34: Året skal skrives med fire sifre, for eksempel 2026."),
    (SOURCES, "url: https://example.org/retningslinje", "url: javascript:alert(1)", f"{SOURCES}:35: Nettadressen skal begynne med https:// eller http://."),
    (SOURCES, "checked: 2026-11-22", "checked: 22.11.2026", f"{SOURCES}:47: Datoen skal skrives som 2026-11-22."),
    (SOURCES, "| 2023 | regnet om", "| regnet om", f"{SOURCES}:63: Året skal skrives med fire sifre, for eksempel 2026."),
    (SOURCES, "- 8 000 | Fagartikkel | 2023 | regnet om", "- 8 000", f"{SOURCES}:63: Her skal det stå «- tall | kilde | år | merknad» (merknaden kan utelates)."),
    (SOURCES, "8 000", "8" * 61, f"{SOURCES}:60: figures: value: Sørg for at denne verdien har 60 eller færre tegn (den har nå 61)."),
    # checks
    (CHECKS, "kind: single", "kind: quiz", f"{CHECKS}:9: «kind» skal være single, multiple eller sort."),
    (CHECKS, "- [ ] Når", "- [x] Når", f"{CHECKS}:7: Bare ett svar kan være riktig når «kind» er single."),
    (CHECKS, "- [x] Når", "- [ ] Når", f"{CHECKS}:7: Ingen av svarene er merket som riktige."),
    (CHECKS, "> Nei. Det er en vanlig misforståelse.\n", "", f"{CHECKS}:12: Svaret mangler tilbakemelding på linjen under (> Tekst)."),
    (CHECKS, "- [ ] Når", "> Nei.\n- [ ] Når", f"{CHECKS}:12: Tilbakemeldingen står ikke under et svar."),
    (CHECKS, "- [ ] Når", "- Når", f"{CHECKS}:12: Et svar skal se slik ut: «- [ ] Tekst», og «- [x] Tekst» når det er riktig."),
    (CHECKS, "Hvile.", "Lek.", f"{CHECKS}:19: To av svarene er like."),
    (CHECKS, "= Livstruende", "= Annet", f"{CHECKS}:38: Et utsagn skal se slik ut: «- Tekst = Gruppe», med en av gruppene."),
    (CHECKS, "groups: Livstruende | Livsbegrensende", "groups: Livstruende", f"{CHECKS}:36: Skriv to til fire ulike grupper med | mellom."),
    # the course and its modules
    ("course.toml", "order = \"modules\"", "order = \"random\"", "course.toml:5: order: Verdien 'random' er ikke et gyldig valg."),
    ("course.toml", "language = \"nb\"", "language = \"xx\"", "course.toml:3: Språket skal være ett av nb, nn, en, se."),
    ("course.toml", "id = \"1", "id = \"A", "course.toml:1: Kursets id skal være en UUID med små bokstaver."),
    ("course.toml", "pilot = true", "pilot = \"ja\"", "course.toml:8: «pilot» skal være true eller false."),
    ("course.toml", "version = \"2026.1\"\n", "", "course.toml:1: Nøkkelen «version» mangler."),
    ("course.toml", "pilot", "pilott", "course.toml:8: «pilott» er ikke en nøkkel her."),
    ("course.toml", "meaning = \"Hvile for foreldrene.\"\n", "", "course.toml:15: Nøkkelen «meaning» mangler."),
    ("01-forste-modul/module.toml", "minutes = 30", "minutes = \"30\"", "01-forste-modul/module.toml:3: «minutes» skal være et helt tall."),
    ("01-forste-modul/module.toml", "minutes = 30", "minutes = 0", "01-forste-modul/module.toml:3: Minuttene skal være et helt tall mellom 1 og 3000."),
    ("01-forste-modul/module.toml", "id = \"m1\"", "id = \"m1\"\nid = \"m2\"", "01-forste-modul/module.toml:2: Filen er ikke gyldig TOML (Cannot overwrite a value (at line 2, column 10))."),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "mistake"), CASES)
def test_file_refuses_when(replace, mistakes_in, path, old, new, mistake):
    replace(path, old, new)
    assert mistakes_in() == [mistake]


NOT_TOML = "Filen er ikke gyldig TOML ("
TOO_LONG = "Linjen er for lang. Den kan ha opptil 2000 tegn."


@pytest.mark.parametrize("path", ["course.toml", "01-forste-modul/module.toml"])
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f"x = {'9' * 1990}", "«x» er ikke en nøkkel her."),
        (f"x = {'9' * 5000}", TOO_LONG),
        (f"{'a.' * 20000}a = 1", TOO_LONG),
        ("a = " + "[\n" * 2500, NOT_TOML),
        (f"x = {hex(2**4000)}\ny = {'z'}", NOT_TOML),
        ("#" * 1000 + "\n" + ("#" * 1000 + "\n") * 100, "Filen er for stor. Den kan være opptil 100 kB."),
    ],
)
def test_toml_refuses_what_would_break_or_take_long(folder, mistakes_in, path, line, sentence):
    file = folder / path
    file.write_text(f"{line}\n{file.read_text()}")

    assert [mistake for mistake in mistakes_in() if mistake.startswith(f"{path}:") and sentence in mistake]


@pytest.mark.parametrize("line", ["::: fact\n", "x\ny\n", "- a\nb\n"])
def test_reading_stops_when_there_are_too_many_mistakes(folder, mistakes_in, line):
    (folder / END).write_text("---\nid: m2-slutt\ntitle: Slutt\n---\n\n" + line * 20_000)

    with pytest.raises(CourseRefused) as refusal:
        mistakes_in()

    assert len(refusal.value.messages) == MOST


def test_lesson_refuses_when_it_is_too_large(folder, mistakes_in):
    (folder / END).write_text("---\nid: m2-slutt\ntitle: Slutt\n---\n\n" + "Takk.\n\n" * 80_000)

    assert mistakes_in() == [f"{END}:1: Filen er for stor. Den kan være opptil 500 kB."]


def test_many_blocks_are_read_in_a_moment(folder, mistakes_in):
    block = "::: quote\n\nTakk.\n:::\n"
    (folder / END).write_text("---\nid: m2-slutt\ntitle: Slutt\n---\n\n" + block * 10_000)
    begun = time.process_time()

    assert mistakes_in() == []
    assert time.process_time() - begun < 20


def test_all_mistakes_are_found_at_once(replace, mistakes_in):
    replace(TEXT, "[[tolk]]", "[[telt]]")
    replace(CHECKS, "kind: single", "kind: quiz")
    replace(SOURCES, "year: 2016", "year: 16")
    assert mistakes_in() == [
        f"{TEXT}:14: Ordet «telt» står ikke i ordlisten.",
        f"{SOURCES}:34: Året skal skrives med fire sifre, for eksempel 2026.",
        f"{CHECKS}:9: «kind» skal være single, multiple eller sort.",
    ]


def test_folder_refuses_when_it_is_no_course(tmp_path):
    mistakes = Mistakes()
    assert read_course(tmp_path, mistakes) is None
    assert [mistake.path for mistake in mistakes.found] == ["course.toml"]


def test_lesson_refuses_when_it_is_empty(folder, mistakes_in):
    (folder / END).write_text("\n")
    assert mistakes_in() == [f"{END}:1: Filen er tom."]


def test_lesson_refuses_when_it_has_no_head(folder, mistakes_in):
    (folder / END).write_text("Takk.\n")
    assert mistakes_in() == [f"{END}:1: Filen skal begynne med et hode mellom linjer med ---."]


def test_ids_refuse_when_two_are_the_same(replace, mistakes_in):
    replace(TEXT, "id: m1-tekst", "id: m1-kilder")
    replace(CHECKS, "id: flere-svar", "id: ett-svar")
    sentence = "Denne id-en er brukt et annet sted i kurset."
    assert mistakes_in() == [
        f"{path}: {sentence}" for path in (f"{TEXT}:2", f"{SOURCES}:2", f"{CHECKS}:7", f"{CHECKS}:19")
    ]


def test_glossary_refuses_when_a_word_is_there_twice(replace, mistakes_in):
    replace("course.toml", 'term = "avlastning"', 'term = "Tolk"')
    assert mistakes_in() == [
        f"{TEXT}:14: Ordet «avlastning» står ikke i ordlisten.",
        "course.toml:11: Ordet står to ganger i ordlisten.",
        "course.toml:15: Ordet står to ganger i ordlisten.",
    ]


def test_block_refuses_when_it_is_not_closed(replace, mistakes_in):
    replace(END, "Takk for at du ble med.", "::: fact\ntitle: Takk\n\nFor alt.")
    assert mistakes_in() == [f"{END}:7: Blokken «fact» blir ikke lukket med :::."]


def test_lesson_refuses_when_it_is_not_utf8(folder, mistakes_in):
    (folder / END).write_bytes("---\nid: m2-slutt\ntitle: Sløtt\n---\n\nTakk.\n".encode("latin-1"))
    assert mistakes_in() == [f"{END}:3: Filen er ikke lagret som UTF-8."]


def test_folder_refuses_what_it_does_not_know(folder, mistakes_in):
    (folder / "notater.txt").write_text("Husk")
    (folder / "01-forste-modul" / "03-utkast.docx").write_bytes(b"PK")
    sentence = "Navnet hører ikke hjemme her. Det skal være som 01-navn."
    assert mistakes_in() == [f"01-forste-modul/03-utkast.docx:1: {sentence}", f"notater.txt:1: {sentence}"]


def test_lessons_refuse_when_they_share_a_number_or_a_name(folder, mistakes_in):
    lesson = "---\nid: {}\ntitle: En til\n---\n\nTekst.\n"
    (folder / "02-andre-modul" / "03-slutt.md").write_text(lesson.format("m2-to"))
    (folder / "02-andre-modul" / "03-to.md").write_text(lesson.format("m2-tre"))
    same_name = "To leksjoner har samme navn etter nummeret, og det er adressen."
    assert mistakes_in() == [
        f"{END}:1: {same_name}",
        f"02-andre-modul/03-slutt.md:1: {same_name}",
        "02-andre-modul/03-to.md:1: To har det samme nummeret.",
    ]


def test_drawing_refuses_when_it_carries_a_script(folder, mistakes_in):
    (folder / "pictures" / "linje.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    assert mistakes_in() == [
        f"{SOURCES}:15: linje.svg: Tegningen inneholder «script», som ikke er tillatt.",
    ]


def test_picture_refuses_when_it_is_of_another_kind(folder, replace, mistakes_in):
    replace(SOURCES, "file: linje.svg", "file: linje.png")
    Image.new("RGB", (4, 4)).save(folder / "pictures" / "linje.png", format="JPEG")
    assert mistakes_in() == [f"{SOURCES}:15: linje.png: Innholdet i filen er ikke det navnet sier (png)."]
    Image.new("RGB", (4, 4)).save(folder / "pictures" / "linje.png", format="PNG")
    assert mistakes_in() == []


def test_picture_refuses_when_it_is_a_way_out_of_the_folder(folder, tmp_path, mistakes_in):
    (tmp_path / "secret.svg").write_text((folder / "pictures" / "linje.svg").read_text())
    (folder / "pictures" / "linje.svg").unlink()
    (folder / "pictures" / "linje.svg").symlink_to(tmp_path / "secret.svg")
    assert mistakes_in() == [f"{SOURCES}:15: linje.svg: Filen finnes ikke i mappen pictures."]
