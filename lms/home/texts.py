"""What the demo's pages of information say. Editors change them in /cms/."""

FRONT = {
    "headline": "Barnepalliasjon, for deg som møter barnet i hverdagen",
    "lead": "Et gratis nettkurs i fem moduler på omtrent én time hver. Du tar det når det passer deg, på mobil eller "
    "pc, og får kursbevis når du er ferdig.",
    "body": "<h2>Hvem er det for?</h2>"
    "<p>For deg som jobber i barnehage, skole, SFO, avlastning, barnebolig, helsetjenesten eller som personlig "
    "assistent, og for studenter og pårørende. Du trenger ingen forkunnskaper.</p>"
    "<h2>Slik går du fram</h2>"
    "<ol><li>Bli med: skriv navn, e-post og sektor. Det tar et minutt.</li>"
    "<li>Ta leksjonene i ditt eget tempo. Du kan stoppe når som helst og fortsette der du slapp.</li>"
    "<li>Når alle modulene er ferdige, får du et kursbevis som arbeidsgiveren din kan kontrollere.</li></ol>"
    "<h2>Det du skriver, er ditt</h2>"
    "<p>Underveis kan du skrive ned tanker i din egen notatbok. Ingen andre kan lese den.</p>",
}

HELP = (
    "<h2>Jeg får ikke koden på e-post</h2>"
    "<p>Vent et par minutter, og se i mappen for søppelpost. Koden virker i et kvarter. På innloggingssiden kan du be "
    "om en ny. Se også etter at adressen er skrevet riktig.</p>"
    "<h2>Hva skal til for å fullføre?</h2>"
    "<p>En leksjon er ferdig når du har svart på kunnskapssjekkene og trykker «Ferdig». Svarene får ingen karakter, og "
    "du kan prøve så mange ganger du vil. En modul er ferdig når alle leksjonene i den er det. Når alle modulene er "
    "ferdige, får du kursbevis.</p>"
    "<h2>Kan jeg ta pause?</h2>"
    "<p>Ja. Alt du har gjort, er lagret. På «Min side» finner du knappen «Fortsett der du slapp», også på en annen "
    "telefon eller pc.</p>"
    "<h2>Navnet på kursbeviset er feil</h2>"
    "<p>Endre navnet under «Min konto». Du får spørsmål om du vil ha et nytt kursbevis. Det gamle blir merket som "
    "erstattet.</p>"
    "<h2>Kurset går inn på meg</h2>"
    "<p>Det er lov å stoppe. Snakk gjerne med en kollega, lederen din eller noen du stoler på. Hjelpetelefonen "
    "116 123 er åpen hele døgnet.</p>"
)

PRIVACY = (
    "<p>Denne siden forteller hva vi lagrer om deg, hvorfor, og hva du kan gjøre.</p>"
    "<h2>Hva vi lagrer</h2>"
    "<ul><li>Navn, e-postadresse og sektor, og det du ellers velger å fortelle om yrke, kommune og arbeidssted.</li>"
    "<li>Hvilke leksjoner og moduler du har fullført, og når, og svarene dine på kunnskapssjekkene.</li>"
    "<li>Det du skriver i notatboken. Det ligger kryptert, og bare du kan lese det.</li>"
    "<li>Kursbevisene dine.</li></ul>"
    "<p>Vi spør aldri om helseopplysninger, og du skal ikke skrive noe som kan kjennes igjen som et bestemt barn eller "
    "en bestemt familie.</p>"
    "<h2>Hva vi bruker det til</h2>"
    "<p>Til å gi deg kurset og kursbeviset, og til å fortelle styret og dem som betaler, hvor mange som deltar. I "
    "tallene kan ingen kjennes igjen.</p>"
    "<p>Er du med i en gruppe, ser mentoren hvilke moduler du er ferdig med, aldri det du skriver i notatboken.</p>"
    "<p>Arbeidsplassen din ser om du har begynt og fullført et kurs bare hvis du selv sier ja til å dele det. "
    "Du kan slutte å dele når du vil, under «Min konto», og det gjelder med en gang.</p>"
    "<h2>Hvem som har ansvaret, og hvor lenge vi lagrer</h2>"
    "<p>Senteret som driver nettstedet, har ansvaret for opplysningene. Navnet og adressen står nederst på siden. Vi "
    "bruker opplysningene for å gi deg kurset du har bedt om (personvernforordningen artikkel 6 nr. 1 b), og for å "
    "gjøre rede for tilbudet (artikkel 6 nr. 1 f). De blir liggende til du sletter deg, eller til du ikke har logget "
    "inn på to år. Da skriver vi til deg to ganger før vi sletter kontoen. Kursbevisene dine kan fortsatt "
    "kontrolleres.</p>"
    "<p>Blir e-postadressen aldri bekreftet, sletter vi kontoen etter 30 dager. Loggen over hvilken e-post du har "
    "fått, slettes etter 90 dager, og loggene over hvem som har lest notater og sett på tall, etter to år.</p>"
    "<h2>Informasjonskapsler</h2>"
    "<p>Vi bruker bare de som trengs for at innloggingen og skjemaene skal virke. Ingen andre nettsteder får vite at "
    "du er her.</p>"
    "<h2>Dine valg</h2>"
    "<p>Under «Min konto» kan du se og endre opplysningene, laste ned alt vi har om deg, og slette deg. Du kan også "
    "klage til Datatilsynet.</p>"
)

ACCESSIBILITY = (
    "<p>Alle skal kunne ta kurset. Vi bygger etter WCAG 2.2, nivå A og AA, og tester hver side automatisk på liten og "
    "stor skjerm, i lyst og mørkt, og med tastatur.</p>"
    "<h2>Dette vet vi ikke ennå</h2>"
    "<p>Sidene er ikke prøvd for hånd med skjermleser av noen som bruker det til daglig. Filmene i kurset er ikke "
    "laget ennå; de skal ha teksting og utskrift.</p>"
    "<h2>Si fra</h2>"
    "<p>Er det noe du ikke får til, så skriv til oss. Adressen står nederst på siden. Du får svar, og vi sier når det "
    "blir rettet.</p>"
)
