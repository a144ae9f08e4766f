import datetime

import page
import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured

from certificates import rendering
from certificates.models import Certificate
from certificates.rendering import render_certificate, tidy_name, unprintable_characters
from tests.certificates.reading_aloud import structure_of

CODE = "7QXR4M2KPW9DZ3HN8BVC5TJY6GFA"
LEFT_TO_RIGHT = [
    "Ingrid Solheim",
    "Áslaug Ŋuorgŧa Đšžč",
    "Anne-Margrethe Elisabeth Kristiansen Håkonsdatter von der Lippe-Schwarzenberg dy",
    "Jan Erik Torbjørn Olav Kristian Håkon Magnus Sverre Haakon Ingvald Christoffersen Bjørnstad den eldre av Fjell",
    "Madonna",
    "Li",
    "Bokk" * 10,
    "Zoe\u0308 Nguye\u0302\u0303n Thi\u0323 Be\u0301",
    "Z\u0301o\u0303\u0323e\u0328",
    "Ólafur Ragnar Grímsson ÞÆÖ",
    "Łukasz Żółć-Dvořák Ţăîğıİ",
    "Олександр Шевченко",
    "Ελένη Παπαδοπούλου",
    "सीता शर्मा",
    "சீதா குமார்",
    "สมชาย ใจดี",
    "ሰላም አበበ",
]
RIGHT_TO_LEFT = ["محمد عبد الرحمن الحسيني", "שרה כהן", "Ola Nordmann محمد"]
HOSTILE = ["<b>Ola</b> & 'Kari\"", '#panic("x") $x^2$ \\ @here', "*_`=- +/ //[a](b) #{1 + 1}"]


def made_out_to(name, **facts):
    """A certificate that has not been saved."""
    words = {
        "code": CODE,
        "holder_name": tidy_name(name),
        "course_title": "Nettkurs i grunnleggende barnepalliasjon",
        "course_version": "2026.1",
        "minutes": 90,
        "modules": [{"title": "Første modul", "minutes": 30}, {"title": "Å gå videre", "minutes": 60}],
        "completed_on": datetime.date(2026, 3, 3),
        "issued_on": datetime.date(2026, 3, 10),
        "issuer": "Senter for barnepalliasjon",
        "signatory_name": "Aud Nærland",
        "signatory_title": "Senterleder",
    }
    return Certificate(**(words | facts))


@pytest.fixture
def opened(tmp_path):
    """A function that renders a certificate and opens it, with the path of the file."""

    def render(certificate):
        path = tmp_path / "kursbevis.pdf"
        path.write_bytes(render_certificate(certificate))
        return pikepdf.open(path), path

    return render


@pytest.mark.parametrize("name", LEFT_TO_RIGHT + RIGHT_TO_LEFT + HOSTILE)
def test_every_name_gives_one_tagged_page_that_passes_pdf_ua(opened, name):
    pdf, path = opened(made_out_to(name))

    verdict = page.validate_pdf(str(path), profile="ua1")
    assert "Result: no failures" in str(verdict)
    assert len(pdf.pages) == 1
    assert pdf.Root.MarkInfo.Marked == True  # noqa: E712 - a PDF object, not a bool
    assert str(pdf.Root.Lang) == "nb"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle == True  # noqa: E712
    with pdf.open_metadata() as facts:
        assert facts["dc:title"] == f"Kursbevis for {tidy_name(name)}"
        assert (facts["pdfuaid:part"], facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("1", "2", "A")


@pytest.mark.parametrize("name", LEFT_TO_RIGHT + HOSTILE)
def test_certificate_reads_as_sentences_in_order(opened, settings, name):
    settings.SITE_URL = "https://kurs.example.org"
    pdf, _path = opened(made_out_to(name))

    spoken = [element.spoken for element in structure_of(pdf).walk() if element.kind in {"H1", "H2", "P"}]

    assert [words.replace("\u200b", "") for words in spoken] == [
        "Senter for barnepalliasjon",
        "KURSBEVIS",
        "Senter for barnepalliasjon bekrefter at",
        tidy_name(name),
        "har fullført",
        "Nettkurs i grunnleggende barnepalliasjon",
        "Omfang 1 time 30 minutter. Fullført 3. mars 2026.",
        "Innhold",
        *("Modul", "Tema", "Tid"),
        *("1", "Første modul", "30 min"),
        *("2", "Å gå videre", "60 min"),
        "Utstedt 10. mars 2026",
        *("Aud Nærland", "Senterleder", "Senter for barnepalliasjon"),
        "Kode 7QXR-4M2K-PW9D-Z3HN-8BVC-5TJY-6GFA",
        "Kontroller kursbeviset på kurs.example.org/kursbevis/",
        "Versjon 2026.1",
    ]


def test_structure_has_a_table_with_headers_a_link_and_a_described_picture(opened):
    pdf, _path = opened(made_out_to("Ingrid Solheim"))

    elements = list(structure_of(pdf).walk())
    kinds = [element.kind for element in elements]

    assert [element.spoken for element in elements if element.kind == "TH"] == ["Modul", "Tema", "Tid"]
    assert [kinds.count(kind) for kind in ("H1", "H2", "Table", "TR", "TD", "Link", "Figure")] == [1, 1, 1, 3, 6, 1, 1]
    [figure] = [element for element in elements if element.kind == "Figure"]
    assert str(figure.node.Alt) == "QR-kode som åpner siden der kursbeviset kan kontrolleres"


def test_certificate_without_signatory_leaves_the_line_empty(opened):
    pdf, _path = opened(made_out_to("Ingrid Solheim", signatory_name="", signatory_title=""))

    spoken = [element.spoken for element in structure_of(pdf).walk() if element.kind == "P"]
    assert spoken[spoken.index("Utstedt 10. mars 2026") + 1] == "Senter for barnepalliasjon"


def test_same_certificate_is_the_same_file(settings):
    first = render_certificate(made_out_to("Ingrid Solheim"))
    rendering._compiler.cache_clear()

    assert render_certificate(made_out_to("Ingrid Solheim")) == first


def test_rendering_refuses_when_the_fonts_are_not_built(settings, tmp_path):
    settings.PRINT_FONTS = tmp_path
    rendering._compiler.cache_clear()

    with pytest.raises(ImproperlyConfigured, match=r"python -m lms\.assets\.build"):
        render_certificate(made_out_to("Ingrid Solheim"))


@pytest.mark.parametrize("name", LEFT_TO_RIGHT + RIGHT_TO_LEFT + HOSTILE)
def test_printable_names_have_no_unprintable_characters(name):
    assert unprintable_characters(tidy_name(name)) == []


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("Li 李 Li 李", ["李"]),
        ("a\x00b", ["\x00"]),
        ("Kari\u202eirak", ["\u202e"]),
        ("Ka\u00adri", ["\u00ad"]),
        ("😀", ["😀"]),
        ("O" + "\u0301\u0302\u0303\u0304\u0305\u0306", ["Ó\u0302\u0303\u0304\u0305\u0306"]),
    ],
    ids=["once-each", "control", "override", "soft-hyphen", "emoji", "piled-marks"],
)
def test_unprintable_characters_are_told(name, signs):
    assert unprintable_characters(tidy_name(name)) == signs


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [("  Ada\n\tBerg  ", "Ada Berg"), ("Zoe\u0308", "Zoë"), ("", "")],
)
def test_names_are_tidied(typed, tidy):
    assert tidy_name(typed) == tidy
