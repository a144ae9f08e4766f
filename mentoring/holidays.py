"""Days when people in Norway are away: public holidays, half days, school breaks, weekends. Points out, never bars."""

from datetime import date, timedelta

from django.utils.translation import gettext as _


def easter_sunday(year: int) -> date:
    """Easter Sunday of a Gregorian year, by the anonymous algorithm of 1876."""
    golden, century, of_century = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def holidays_of(year: int) -> dict[date, str]:
    """The public holidays of Norway in `year`, and what each is called."""
    easter = easter_sunday(year)
    moving = {
        **{-3: _("skjærtorsdag"), -2: _("langfredag"), 0: _("første påskedag"), 1: _("andre påskedag")},
        **{39: _("Kristi himmelfartsdag"), 49: _("første pinsedag"), 50: _("andre pinsedag")},
    }
    fixed = {
        **{(1, 1): _("første nyttårsdag"), (5, 1): _("1. mai"), (5, 17): _("17. mai")},
        **{(12, 25): _("første juledag"), (12, 26): _("andre juledag")},
    }
    # Where two meet, as Ascension Day and 17 May can, the date one knows by heart is said.
    return {easter + timedelta(days): name for days, name in moving.items()} | {
        date(year, month, day): name for (month, day), name in fixed.items()
    }


def remark_on(day: date) -> str:
    """What speaks against a meeting on this day, as a phrase, "" when nothing does."""
    if name := holidays_of(day.year).get(day):
        return _("%(name)s, offentlig fridag") % {"name": name}
    if (day.month, day.day) in {(12, 24), (12, 31)}:
        return _("julaften, halv dag") if day.day == 24 else _("nyttårsaften, halv dag")
    if phrase := _school_break(day):
        return phrase
    return _("helg") if day.weekday() >= 5 else ""


def _school_break(day: date) -> str:
    """Counties set their own breaks: what is said is where most of them lie."""
    easter, week = easter_sunday(day.year), day.isocalendar().week
    if easter - timedelta(days=8) <= day <= easter:
        return _("påskeferie i skolen")
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 2):
        return _("juleferie i skolen")
    if (6, 20) <= (day.month, day.day) <= (8, 17):
        return _("sommerferie i skolen")
    if week in {8, 9}:
        return _("vinterferie i skolen mange steder")
    return _("høstferie i skolen mange steder") if week in {40, 41} else ""
