"""What each figure is called and what it counts, in words. The key is the name of its count in the queries."""

from django.utils.translation import gettext_lazy

# key, title, definition
STATES = [
    (
        "enrolled",
        gettext_lazy("Påmeldte"),
        gettext_lazy("Påmeldinger til kurs til og med siste dag i perioden, også de som senere er meldt av."),
    ),
    (
        "people",
        gettext_lazy("Personer"),
        gettext_lazy("Ulike personer bak påmeldingene. Den som tar to kurs, er én person og to påmeldinger."),
    ),
    (
        "started",
        gettext_lazy("Har begynt"),
        gettext_lazy("Påmeldinger med minst én fullført leksjon innen siste dag i perioden."),
    ),
    (
        "not_begun",
        gettext_lazy("Ikke begynt"),
        gettext_lazy("Påmeldinger uten en fullført leksjon, som ikke er meldt av."),
    ),
    (
        "under_way",
        gettext_lazy("I gang"),
        gettext_lazy("Påmeldinger med minst én fullført leksjon, som verken er fullført eller meldt av."),
    ),
    (
        "completed",
        gettext_lazy("Fullført"),
        gettext_lazy("Påmeldinger der alle modulene er fullført innen siste dag i perioden."),
    ),
    (
        "stopped",
        gettext_lazy("Meldt av"),
        gettext_lazy("Påmeldinger der deltakeren har meldt seg av uten å ha fullført."),
    ),
]
NEWS = [
    ("newly_enrolled", gettext_lazy("Nye påmeldinger"), gettext_lazy("Påmeldinger som kom i perioden.")),
    ("newly_started", gettext_lazy("Begynte"), gettext_lazy("Påmeldinger der første leksjon ble fullført i perioden.")),
    (
        "newly_completed",
        gettext_lazy("Fullførte"),
        gettext_lazy("Påmeldinger der siste modul ble fullført i perioden."),
    ),
    ("newly_stopped", gettext_lazy("Meldte seg av"), gettext_lazy("Påmeldinger som ble meldt av i perioden.")),
]
CERTIFICATES = [
    (
        "of_courses",
        gettext_lazy("Kursbevis for kurs"),
        gettext_lazy("Kursbevis utstedt i perioden. Et kursbevis som er rettet, teller én gang."),
    ),
    (
        "of_packages",
        gettext_lazy("Kursbevis for pakker"),
        gettext_lazy("Kursbevis for hele opplæringspakken, utstedt i perioden."),
    ),
]
GROUPS = [
    (
        "started_in_all",
        gettext_lazy("Grupper som har startet"),
        gettext_lazy("Alle grupper som har startet til og med siste dag i perioden, også de som senere er ferdige."),
    ),
    ("started_in_period", gettext_lazy("Startet i perioden"), gettext_lazy("Grupper som startet i perioden.")),
    ("planned", gettext_lazy("Planlagt"), gettext_lazy("Opprettet, men ikke startet, siste dag i perioden.")),
    ("under_way", gettext_lazy("I gang"), gettext_lazy("Startet, men ikke ferdig eller avlyst, siste dag i perioden.")),
    ("completed", gettext_lazy("Fullført"), gettext_lazy("Fullført til og med siste dag i perioden.")),
    ("cancelled", gettext_lazy("Avlyst"), gettext_lazy("Avlyst til og med siste dag i perioden.")),
]
MEETINGS = [
    ("meetings", gettext_lazy("Møter holdt"), gettext_lazy("Møter i perioden som mentoren har ført oppmøte for.")),
    (
        "attendances",
        gettext_lazy("Oppmøter"),
        gettext_lazy("Alle som møtte, lagt sammen for hvert møte. Den som kom på tre møter, teller tre ganger."),
    ),
    ("attended_there", gettext_lazy("Møtte på stedet"), gettext_lazy("Oppmøter på stedet.")),
    ("attended_digitally", gettext_lazy("Møtte på nett"), gettext_lazy("Oppmøter på nett.")),
    ("absences", gettext_lazy("Ikke til stede"), gettext_lazy("Ganger noen var ventet på et møte og ikke kom.")),
    ("people", gettext_lazy("Personer som møtte"), gettext_lazy("Ulike personer bak oppmøtene.")),
    ("notes", gettext_lazy("Notater levert"), gettext_lazy("Refleksjonsnotater levert i perioden.")),
]
