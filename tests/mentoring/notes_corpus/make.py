"""Makes the 200 invented notes of `notes.txt`: `python -m tests.mentoring.notes_corpus.make`.

What identifies somebody stands in [[kind|text]]; national numbers are those of the registry of invented people
(month + 80). Half of the notes name nobody: they hold what a check must leave alone. The same seed, the same notes.
"""

import random
from pathlib import Path

from mentoring.anonymity.numbers import FIRST_WEIGHTS, SECOND_WEIGHTS

FIRST = (
    "Emma Sigrid Oliver Filip Nora Mathea Jonas Iben Sander Ludvig Aminah Yusra Abdifatah Zelal Nhung Thi Piotr Ewelina "
    "Oddgeir Torhild Gunn-Marit Anne-Lise Jan-Ove Máret Ánde Biret-Elle Niillas Saoirse Ximena Kwame Adaeze Hiroshi "
    "Leikny Sølvi Eskild Tjerand Synneva Fredrikke Storm Liv Hauk Bjørn Dag Stella Mai Samira Dilan Rojda Goran Mirjana "
    "Sivakumar Tharsan Kibrom Luwam Bashir Nadezjda Vitalij Klaudia Elif Baran"
).split()
LAST = (
    "Hansen Solberg Berg Haugvaldstad Brunstad Sokki Utsi Ciftci Dao Kowalczyk Sikorska Warsame Gebremedhin Tesfamariam "
    "Al-Najjar Khalil Rahimi Sivapalan Nadarajah Okonkwo Mensah Tanaka Delgado Petrovic Ilic Kravets Melnyk Lunde Vik "
    "Strand Skjærpe Tjessem Egeland Ueland Reppen Fjørtoft Gjelsvik Rekdal Holmefjord Grindheim Aasgaard Hjelle Stølen "
    "Vassbotn Torsnes Kvalvåg Mo Lyng Bjørklund Nordahl"
).split()

CLEAN = """
Jeg gikk inn i rommet uten å vite hva jeg skulle si.
Moren spurte om barnet kom til å bli friskt, og jeg svarte at jeg ikke visste.
Vi satt lenge stille, og det var kanskje det viktigste jeg gjorde den dagen.
Faren ville vite alt, mens moren ikke orket å høre mer.
På Haukeland møtte vi et team som kjente familien fra før.
Barnekoordinatoren ringte meg to ganger i uka hele våren.
Etter Modul 2 forsto jeg bedre hva palliasjon kan være tidlig i et forløp.
I Trondheim finnes det et tilbud jeg ikke visste om.
Vi brukte skjemaet fra Helsedirektoratet og fylte det ut sammen.
Jeg tenkte på det Kübler-Ross skrev, men det hjalp meg lite.
Hans mor var den som bar mest, og det så vi for sent.
Dag etter dag kom besteforeldrene på besøk.
Liv og død er blitt nærmere hverandre i jobben min.
Per i dag har vi ingen rutine for dette på avdelingen.
Oslo universitetssykehus har en egen gruppe for smertelindring.
Søskenet på åtte år tegnet en båt og sa at den skulle til Kina.
Kommunen betalte 12 000 kroner for tilpasningen.
Møtet 12.03.2026 var det siste før sommeren.
Vi var 14 rundt bordet, og ingen hadde lest planen.
Hun sa: «Kan dere ikke bare være her litt til?»
Jeg lærte mest av sykepleieren på Frambu.
NAV og PPT var med, men fastlegen kunne ikke komme.
Vi snakket på Teams fordi ingen rakk å kjøre til Bodø.
Frost var filmen vi så om igjen og om igjen.
I barnehagen hadde de laget et lite minnebord.
Mange spør hva som er min rolle når alle vil hjelpe.
Jeg trodde at jeg måtte ha svar. Det måtte jeg ikke.
Familien kommer fra Eritrea og feiret Påske etter sin kalender.
Presten kom innom, og imamen ringte neste dag.
Kreftforeningen sendte et hefte som var til god hjelp.
Vår avdeling har fått flere slike forløp de siste årene.
Kapittel 4 i boken handler om dette.
Vi øvde på å si «Hva er viktigst for dere nå?» til hverandre.
Gruppen ga meg mot til å spørre direkte.
Jeg gråt i bilen på vei hjem og fortalte det til en kollega.
Neste gang vil jeg ringe før jeg skriver e-post.
Hjelpetelefonen 116 111 sto på en lapp på døra.
Etter tre uker kom svaret fra Rikshospitalet.
Ung i sorg var navnet på gruppen for søsken.
Vi leste pasient- og brukerrettighetsloven sammen.
Barnet likte best å høre Kardemomme by lest høyt.
Rett syndrom var nytt for meg da jeg begynte.
Nå vet jeg at jeg kan be om veiledning.
En mor sa at hun savnet å bli spurt om seg selv.
Kl. 14.00 begynte vi, og kl. 15.30 hadde ingen sett på klokka.
Det tok 45 minutter å kjøre fra Alta til Kautokeino.
Rom 204 er fortsatt rommet vi ikke snakker om.
I 2024 hadde vi to slike saker, i 2025 fem.
Stavanger kommune har et fast team, og det merkes.
Solbakken barnehage tok imot søsknene med varme.
Gud vet hvordan de holdt ut, sa en kollega.
Jeg skal ta opp dette med lederen min før sommerferien.
Det å være to gjorde hele forskjellen.
Mai er den måneden jeg husker best.
Vi kom for sent med planen for det siste døgnet.
Jeg hadde lyst til å trøste, men lot være.
Avlastningen på Nesodden var full hele høsten.
Tolken hjalp oss å forstå hva foreldrene egentlig spurte om.
Sorg kommer i bølger, skrev en far til oss.
Refleksjonen i gruppen var bedre enn kurset alene.
Takk for at jeg fikk være med på Leve NÅ.
Rektor ville at klassen skulle få vite det av læreren.
Det var Ahus som hadde ansvaret, ikke vi.
Vi brukte Individuell plan for første gang.
Sykehuset i Kristiansand sendte epikrisen til feil lege.
Jeg har jobbet her i 23 år og var likevel redd.
Helsesykepleieren på skolen fikk ikke vite noe før det var over.
""".strip().splitlines()

DIRTY = """
Jeg husker godt da {name} kom inn døra første gang.
Vi snakket med {name} om hva som var viktig.
{name} er sju år og bor hjemme.
Moren, {name}, spurte meg rett ut.
Sammen med fru {last} gikk vi gjennom planen.
Det var {name} som sa det tydeligst: vi må våge å spørre.
På avdelingen i Tromsø lå {name} i tre uker.
Etter møtet ringte {name} og takket.
Faren til {name} ville ikke snakke om døden.
Kontaktpersonen vår var {name} ved Haukeland.
{first} ville ha en båt på kista si.
Vi satt hos {first} hele natta.
{first}s mamma holdt meg i hånda.
Gutten heter {first} og går i barnehagen.
""".strip().splitlines()
NUMBERS = """
Fødselsnummeret {national} sto på lappen.
I journalen sto det {national}, og det skrev jeg av.
Moren har nummer {phone}.
Ring meg gjerne på {phone} når det passer.
Du når dem på {email}.
Jeg fikk svar fra {email} samme dag.
Hun er født {born}.
Barnet (f. {born}) var hjemme hele sommeren.
Den {born} ble alt annerledes for dem.
""".strip().splitlines()
MONTHS = "januar februar mars april mai juni juli august september oktober november desember".split()


def main() -> None:
    """Writes the file beside this one."""
    rng = random.Random(7303)
    notes = [_clean(rng) for _number in range(100)] + [_dirty(rng) for _number in range(100)]
    rng.shuffle(notes)
    Path(__file__).with_name("notes.txt").write_text("\n---\n".join(notes) + "\n")


def _clean(rng: random.Random) -> str:
    lines = rng.sample(CLEAN, rng.randint(5, 9))
    return _paragraphs(rng, lines)


def _dirty(rng: random.Random) -> str:
    lines = rng.sample(CLEAN, rng.randint(3, 6))
    lines += [_filled(rng, line) for line in rng.sample(DIRTY, rng.randint(1, 3))]
    lines += [_filled(rng, line) for line in rng.sample(NUMBERS, rng.randint(1, 3))]
    rng.shuffle(lines)
    return _paragraphs(rng, lines)


def _paragraphs(rng: random.Random, lines: list[str]) -> str:
    at = rng.randint(2, len(lines) - 1)
    return " ".join(lines[:at]) + "\n\n" + " ".join(lines[at:])


def _filled(rng: random.Random, line: str) -> str:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return line.format(
        name=f"[[name|{first} {last}]]",
        first=f"[[first|{first}]]",
        last=f"[[last|{last}]]",
        national=f"[[number|{_national(rng)}]]",
        phone=f"[[number|{_phone(rng)}]]",
        email=f"[[number|{first.lower()}.{last.lower()}@example.{rng.choice(['no', 'org', 'com'])}]]",
        born=f"[[number|{_born(rng)}]]",
    )


def _national(rng: random.Random) -> str:
    while True:
        text = f"{rng.randint(1, 28) + rng.choice([0, 40]):02}{rng.randint(81, 92)}{rng.randrange(100):02}"
        digits = [int(sign) for sign in f"{text}{rng.randrange(1000):03}"]
        first = -sum(weight * digit for weight, digit in zip(FIRST_WEIGHTS, digits, strict=False)) % 11
        second = -sum(weight * digit for weight, digit in zip(SECOND_WEIGHTS, [*digits, first], strict=False)) % 11
        if first < 10 and second < 10:
            number = "".join(map(str, [*digits, first, second]))
            return rng.choice(["{}{}", "{} {}", "{}-{}", "{}.{}"]).format(number[:6], number[6:])


def _phone(rng: random.Random) -> str:
    number = f"{rng.choice('4922356')}{rng.randrange(10_000_000):07}"
    if number.startswith("20"):
        number = "21" + number[2:]
    grouped = [
        number,
        f"{number[:3]} {number[3:5]} {number[5:]}" if number[0] in "49" else number,
        f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:]}",
        f"+47 {number[:2]} {number[2:4]} {number[4:6]} {number[6:]}",
        f"+46 70 {number[:3]} {number[3:5]} {number[5:7]}",
    ]
    return rng.choice(grouped)


def _born(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1950, 2025)
    ways = [f"{day:02}.{month:02}.{year}", f"{day}.{month}.{year % 100:02}", f"{day}. {MONTHS[month - 1]} {year}"]
    return rng.choice([*ways, f"{year}-{month:02}-{day:02}"])


if __name__ == "__main__":
    main()
