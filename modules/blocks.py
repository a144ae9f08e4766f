"""The pieces a lesson is made of (R004). How each looks is in `modules/templates/modules/blocks/`."""

import datetime
import html
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

INLINE = ["bold", "italic", "link"]
PROSE = [*INLINE, "ol", "ul"]
GLOSSARY_HELP = _("Skriv [[ord]] for å forklare et ord fra ordlisten, eller [[bøyd form|ord]].")
REF_HELP = _("Brukes når kurset lagres som filer. Kan stå tomt.")
# A link of nothing but these does not say where it leads.
EMPTY_WORDS = set(
    "her hit denne dette den det lenke lenken lenka link linken les lese se mer meir klikk trykk gå til "
    "read more click see here this the link".split()
)
ADDRESS = re.compile(r"(https?:|www\.)\S*", re.IGNORECASE)
# Signs of one text with its markup, about 3,000 words: what is longer is no text to read in one go.
LONGEST_PROSE = 20_000


def says_where(words: str) -> bool:
    """Whether the words of a link say where it leads (A15): more than «les mer» or «her», and no bare address."""
    told = set(re.findall(r"[^\W_]+", words.lower()))
    return not told <= EMPTY_WORDS and not ADDRESS.fullmatch(words.strip())


class Prose(blocks.RichTextBlock):
    """Rich text with few choices. Links must say where they lead (A15)."""

    def __init__(self, **kwargs):
        kwargs.setdefault("features", PROSE)
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        source = value.source if value else ""
        if len(source) > LONGEST_PROSE:
            raise ValidationError(_("Teksten er for lang. Del den i flere tekster, eller i flere leksjoner."))
        for words in re.findall(r"<a\b[^>]*>(.*?)</a>", source, re.DOTALL):
            if not says_where(html.unescape(re.sub(r"<[^>]+>", "", words))):
                raise ValidationError(
                    _("Lenketeksten må si hvor lenken går, ikke bare «les mer», «her» eller en nettadresse.")
                )
        return value


class Picture(blocks.StructBlock):
    image = ImageBlock(label=_("bilde"))
    caption = blocks.CharBlock(label=_("bildetekst"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Bilde")
        template = "modules/blocks/picture.html"


class Fact(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tittel"), max_length=120)
    body = Prose(label=_("tekst"), help_text=GLOSSARY_HELP)

    class Meta:
        icon = "info-circle"
        label = _("Faktaboks")
        template = "modules/blocks/fact.html"


class Quote(blocks.StructBlock):
    text = blocks.TextBlock(label=_("sitat"), help_text=_("Uten anførselstegn."))
    by = blocks.CharBlock(label=_("hvem"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Sitat")
        template = "modules/blocks/quote.html"


class Case(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tittel"), max_length=120)
    body = Prose(label=_("fortelling"), help_text=_("Oppdiktet: ingen skal kunne kjenne igjen et barn."))

    class Meta:
        icon = "user"
        label = _("Fra hverdagen")
        template = "modules/blocks/case.html"


class Steps(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tittel"), max_length=120)
    steps = blocks.ListBlock(Prose(features=INLINE, label=_("steg")), label=_("steg"), min_num=2)

    class Meta:
        icon = "list-ol"
        label = _("Steg for steg")
        template = "modules/blocks/steps.html"


class Part(blocks.StructBlock):
    title = blocks.CharBlock(label=_("overskrift"), max_length=120)
    body = Prose(label=_("tekst"))

    class Meta:
        label = _("del")


class Accordion(blocks.StructBlock):
    parts = blocks.ListBlock(Part(), label=_("deler"), min_num=1)

    class Meta:
        icon = "collapse-down"
        label = _("Trekkspill")
        template = "modules/blocks/accordion.html"


class Table(TypedTableBlock):
    """A table with a header row and a caption; its first column names the row (A15)."""

    def __init__(self, **kwargs):
        super().__init__([("text", blocks.CharBlock(required=False, max_length=400))], **kwargs)

    def clean(self, value):
        value = super().clean(value)
        if value and not all(column["heading"].strip() for column in value.columns):
            raise ValidationError(_("Hver kolonne i tabellen må ha en overskrift."))
        return value

    class Meta:
        icon = "table"
        label = _("Tabell")
        template = "modules/blocks/table.html"


class Download(blocks.StructBlock):
    file = DocumentChooserBlock(label=_("fil"))
    title = blocks.CharBlock(label=_("tittel"), max_length=120)

    class Meta:
        icon = "download"
        label = _("Nedlasting")
        template = "modules/blocks/download.html"


class Source(blocks.StructBlock):
    title = blocks.CharBlock(label=_("tittel"), max_length=200)
    by = blocks.CharBlock(label=_("utgiver eller forfatter"), max_length=120)
    year = blocks.IntegerBlock(label=_("år"), min_value=1900, max_value=2100)
    url = blocks.URLBlock(label=_("nettadresse"), required=False)

    class Meta:
        icon = "link"
        label = _("Kilde")
        template = "modules/blocks/source.html"


class LawValue(blocks.StructValue):
    """A law reference that knows when it wants a new look (R127)."""

    def is_stale(self, today=None) -> bool:
        """Whether it was never compared with the law, or more than a year before `today` (a date)."""
        checked = self.get("checked_on")
        return not checked or checked < (today or datetime.date.today()) - datetime.timedelta(days=365)


class Law(blocks.StructBlock):
    act = blocks.CharBlock(label=_("lov"), max_length=120)
    section = blocks.CharBlock(label=_("paragraf"), max_length=40)
    text = Prose(label=_("hva den betyr"))
    checked_on = blocks.DateBlock(
        label=_("kontrollert"), required=False, help_text=_("Dagen noen sammenlignet med lovteksten.")
    )
    url = blocks.URLBlock(label=_("nettadresse"), required=False)

    class Meta:
        icon = "clipboard-list"
        label = _("Lovhenvisning")
        template = "modules/blocks/law.html"
        value_class = LawValue


class Figure(blocks.StructBlock):
    value = blocks.CharBlock(label=_("tall"), max_length=60)
    source = blocks.CharBlock(label=_("kilde"), max_length=160)
    year = blocks.IntegerBlock(label=_("år"), min_value=1900, max_value=2100)
    note = blocks.CharBlock(label=_("merknad"), required=False, max_length=240)

    class Meta:
        label = _("tall")


class Figures(blocks.StructBlock):
    """A figure that sources do not agree on, shown with all of them and their years (R126)."""

    question = blocks.CharBlock(label=_("spørsmål"), max_length=160)
    figures = blocks.ListBlock(Figure(), label=_("tall"), min_num=2)

    class Meta:
        icon = "order"
        label = _("Tall med flere kilder")
        template = "modules/blocks/figures.html"


class Option(blocks.StructBlock):
    text = blocks.CharBlock(label=_("svar"), max_length=300)
    is_right = blocks.BooleanBlock(label=_("riktig"), required=False)
    feedback = blocks.TextBlock(label=_("tilbakemelding"))

    class Meta:
        label = _("svar")


class Choice(blocks.StructBlock):
    """A knowledge check with one or several right answers. Never graded."""

    ref = blocks.RegexBlock(r"^[a-z0-9-]{2,60}$", label=_("id i fil"), required=False, help_text=REF_HELP)
    question = blocks.CharBlock(label=_("spørsmål"), max_length=300)
    several = blocks.BooleanBlock(label=_("flere svar kan være riktige"), required=False)
    options = blocks.ListBlock(Option(), label=_("svar"), min_num=2)

    def clean(self, value):
        value = super().clean(value)
        right = sum(bool(option["is_right"]) for option in value["options"])
        if not right or (right > 1 and not value["several"]):
            message = _("Minst ett svar må være riktig.") if not right else _("Bare ett svar kan være riktig her.")
            raise StructBlockValidationError(
                block_errors={"options": ListBlockValidationError(non_block_errors=[ValidationError(message)])}
            )
        return value

    class Meta:
        icon = "tick-inverse"
        label = _("Kunnskapssjekk: velg svar")
        template = "modules/blocks/check.html"


class Statement(blocks.StructBlock):
    text = blocks.CharBlock(label=_("utsagn"), max_length=300)
    group = blocks.CharBlock(label=_("riktig gruppe"), max_length=60)
    feedback = blocks.TextBlock(label=_("tilbakemelding"))

    class Meta:
        label = _("utsagn")


class Sort(blocks.StructBlock):
    """A knowledge check: which group does each statement belong to? Never graded."""

    ref = blocks.RegexBlock(r"^[a-z0-9-]{2,60}$", label=_("id i fil"), required=False, help_text=REF_HELP)
    question = blocks.CharBlock(label=_("spørsmål"), max_length=300)
    groups = blocks.ListBlock(blocks.CharBlock(max_length=60), label=_("grupper"), min_num=2, max_num=4)
    statements = blocks.ListBlock(Statement(), label=_("utsagn"), min_num=2)

    def clean(self, value):
        value = super().clean(value)
        if missing := {item["group"] for item in value["statements"]} - set(value["groups"]):
            message = _("«%(group)s» er ikke en av gruppene.") % {"group": sorted(missing)[0]}
            raise StructBlockValidationError(
                block_errors={"statements": ListBlockValidationError(non_block_errors=[ValidationError(message)])}
            )
        return value

    class Meta:
        icon = "tasks"
        label = _("Kunnskapssjekk: sorter")
        template = "modules/blocks/check.html"


class Prompt(blocks.StructBlock):
    """A question to think about; the answer goes to the learner's own notebook and nowhere else (R129)."""

    ref = blocks.RegexBlock(r"^[a-z0-9-]{2,60}$", label=_("id i fil"), required=False, help_text=REF_HELP)
    question = blocks.TextBlock(label=_("spørsmål"))

    class Meta:
        icon = "edit"
        label = _("Til ettertanke")
        template = "modules/blocks/prompt.html"


class Sensitive(blocks.StructBlock):
    """A calm notice before heavy content, with where to get help (R128)."""

    body = Prose(label=_("tekst"), help_text=_("Hva leksjonen handler om, og hvor en kan få hjelp."))

    class Meta:
        icon = "warning"
        label = _("Før du leser")
        template = "modules/blocks/sensitive.html"


class LessonBody(blocks.StreamBlock):
    """A lesson. Refuses to be published when headings skip a level (A15)."""

    text = Prose(
        features=["h2", "h3", *PROSE],
        icon="pilcrow",
        label=_("Tekst"),
        help_text=GLOSSARY_HELP,
        template="modules/blocks/text.html",
    )
    picture = Picture()
    fact = Fact()
    quote = Quote()
    case = Case()
    steps = Steps()
    accordion = Accordion()
    table = Table()
    download = Download()
    source = Source()
    law = Law()
    figures = Figures()
    choice = Choice()
    sort = Sort()
    prompt = Prompt()
    sensitive = Sensitive()

    def clean(self, value):
        value = super().clean(value)
        previous = 1
        for index, child in enumerate(value):
            if child.block_type != "text":
                continue
            for level in map(int, re.findall(r"<h([2-6])\b", child.value.source)):
                if level > previous + 1:
                    message = _("Overskriftene hopper over et nivå: bruk overskrift 2 før overskrift 3.")
                    raise StreamBlockValidationError(block_errors={index: ValidationError(message)})
                previous = level
        return value
