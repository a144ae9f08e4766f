"""Markdown in files and rich text in pages say the same, both ways."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.coursefiles.parsing import Line
from modules.coursefiles.prose import read_inline, read_prose, write_inline, write_prose
from modules.coursefiles.richtext import Part, Run, html_of, parts_of, same_prose, tidy


def read(text: str, headings: bool = True) -> tuple[str, list[tuple[int, str]]]:
    found: list[tuple[int, str]] = []
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
    return read_prose(lines, lambda line, sentence: found.append((line, sentence)), headings), found


words = st.text(st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\u2028\u2029"), max_size=12)
tricky = st.text("ab *[]\\|()#-.1<>&\n:", max_size=10)
hrefs = st.sampled_from(["", "", "", "https://example.org/a?b=1&c=(2)", "mailto:a@example.org", "tel:116123"])
runs = st.builds(Run, st.one_of(words, tricky, st.just("[[tolk]]")), st.booleans(), st.booleans(), hrefs)
items = st.lists(runs, min_size=1, max_size=4).map(tidy).filter(bool)
parts = st.one_of(
    st.builds(Part, st.sampled_from(["p", "h2", "h3"]), st.lists(items, min_size=1, max_size=1)),
    st.builds(Part, st.sampled_from(["ul", "ol"]), st.lists(items, min_size=1, max_size=3)),
)


@settings(deadline=None)
@given(st.lists(parts, max_size=4))
def test_prose_from_a_page_comes_back_the_same(parts):
    html = html_of(parts)
    text = "\n".join(write_prose(html))
    again, mistakes = read(text)
    assert again == html
    assert [sentence for _line, sentence in mistakes if "Lenketeksten" not in sentence] == []
    assert "\n".join(write_prose(again)) == text


@settings(deadline=None)
@given(st.lists(parts, max_size=4))
def test_rich_text_is_read_as_it_was_written(parts):
    assert html_of(parts_of(html_of(parts))) == html_of(parts)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_only_our_tags(text):
    html, _mistakes = read(text.replace("\x00", ""))
    assert html_of(parts_of(html)) == html_of(parts_of(html_of(parts_of(html))))
    assert "<script" not in html.lower()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Et avsnitt.", "<p>Et avsnitt.</p>"),
        ("Ett.\n\nTo.", "<p>Ett.</p><p>To.</p>"),
        ("## Overskrift\n\n### Under", "<h2>Overskrift</h2><h3>Under</h3>"),
        ("- a\n- b\n\n1. c\n2. d", "<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>"),
        ("**fet** og *kursiv*", "<p><b>fet</b> og <i>kursiv</i></p>"),
        ("***begge***", "<p><b><i>begge</i></b></p>"),
        ("**fet***kursiv*", "<p><b>fet</b><i>kursiv</i></p>"),
        ("**Ring [legevakt](tel:116117).**", '<p><b>Ring </b><a href="tel:116117"><b>legevakt</b></a><b>.</b></p>'),
        ("[a **b**](https://example.org)", '<p><a href="https://example.org">a <b>b</b></a></p>'),
        ("[[tolken|tolk]] hjelper", "<p>[[tolken|tolk]] hjelper</p>"),
        (r"\[ikke\] \* \\ a\nb", "<p>[ikke] * \\ a<br/>b</p>"),
        (r"\# nei", "<p># nei</p>"),
        ("<b onclick='x()'>&amp;", "<p>&lt;b onclick='x()'&gt;&amp;amp;</p>"),
    ],
)
def test_prose_reads_and_writes(text, html):
    assert read(text) == (html, [])
    assert "\n".join(write_prose(html)) == text


def test_html_in_text_stays_text():
    assert read("<script>alert(1)</script>") == ("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", [])


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "/kurs/",
        "ftp://a.b/c",
        "http:x",
    ],
)
def test_link_refuses_when_it_leads_to_another_scheme(address):
    html, mistakes = read(f"[en lang tekst]({address})".replace("(1)", r"\(1\)"))
    assert mistakes == [(1, "Lenken må gå til en adresse med https, http, mailto eller tel.")]
    assert html == "<p>en lang tekst</p>"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("**fet", "Uthevingen blir ikke avsluttet på linjen. Skriv \\* for en stjerne."),
        ("2 * 3 = 6", "Uthevingen blir ikke avsluttet på linjen. Skriv \\* for en stjerne."),
        ("a **** b", "Så mange stjerner på rad betyr ingenting. Skriv \\* for en stjerne."),
        ("[klamme", "Klammen [ blir ikke til en lenke. Skriv [tekst](adresse), eller \\[ for en klamme."),
        ("klamme]", "Klammen ] står alene. Skriv \\] for en klamme."),
        ("[](https://example.org)", "Lenken har ingen tekst."),
        ("[her](https://example.org)", "Lenketeksten må si hvor lenken går, ikke bare «her»."),
        ("[«Les meir» →](https://example.org)", "Lenketeksten må si hvor lenken går, ikke bare ««Les meir» →»."),
        (
            "[https://example.org](https://example.org)",
            "Lenketeksten må si hvor lenken går, ikke bare «https://example.org».",
        ),
        (r"a \b", "Tegnet \\ står foran noe det ikke hører til. Skriv \\\\ for selve tegnet."),
        ("# Stor", "Overskrifter er ## eller ###, og de står bare i løpende tekst."),
        ("#### Liten", "Overskrifter er ## eller ###, og de står bare i løpende tekst."),
        ("  - nestet", "Linjen skal ikke rykkes inn. Lister kan ikke ligge i hverandre."),
        ("2. To", "Nummeret skal være 1."),
    ],
)
def test_prose_refuses_when_the_markup_is_wrong(text, sentence):
    assert read(text)[1] == [(1, sentence)]


def test_prose_refuses_when_lines_touch():
    sentence = "Sett en tom linje foran. Et avsnitt er én linje, og hvert punkt én linje."
    assert read("Ett.\nTo.\n- a\n- b")[1] == [(2, sentence), (3, sentence)]


def test_prose_refuses_headings_in_a_box():
    assert read("## Nei", headings=False)[1] == [(1, "Overskrifter er ## eller ###, og de står bare i løpende tekst.")]


def test_one_line_is_one_paragraph():
    html = read_inline(Line(3, "**Snakk.** Sammen."), lambda line, sentence: None)
    assert html == "<p><b>Snakk.</b> Sammen.</p>"
    assert write_inline(html) == "**Snakk.** Sammen."
    assert write_inline("<p>Ett.</p><p>To.</p>") == "Ett. To."


def test_text_from_the_editor_is_the_same_text():
    assert same_prose("<p>a <b>b</b></p>", '<p data-block-key="x1">a <strong>b</strong></p><p data-block-key="x2"></p>')
    assert not same_prose("<p>a</p>", "<p>b</p>")


def test_lists_in_lists_become_one_list():
    assert write_prose("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>") == ["- a", "- b", "- c"]
