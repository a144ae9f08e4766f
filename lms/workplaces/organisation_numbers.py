"""Organisation numbers: nine digits that must agree with each other (I24). Whether one exists, the register knows."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
DIGITS = frozenset("0123456789")


def clean_organisation_number(text: str) -> str:
    """The nine digits of `text`, which may have spaces in it; "" for nothing.

    The first digit may be any. Raises ValidationError when there are not nine digits, or the last does not follow
    from the others by modulus 11.
    """
    digits = "".join(text.split())
    if not digits:
        return ""
    if len(digits) != 9 or not DIGITS.issuperset(digits):
        raise ValidationError(_("Et organisasjonsnummer har ni sifre."), code="organisation_number")
    if digits[8] != check_digit_of(digits[:8]):
        raise ValidationError(
            _("Sifrene i organisasjonsnummeret stemmer ikke med hverandre. Se etter om et siffer er feil."),
            code="organisation_number",
        )
    return digits


def check_digit_of(eight: str) -> str:
    """The ninth digit that follows from the first eight; "" for those that no number begins with (remainder 1)."""
    remainder = sum(int(digit) * weight for digit, weight in zip(eight, WEIGHTS, strict=True)) % 11
    return {0: "0", 1: ""}.get(remainder, str(11 - remainder))


def shown(number: str) -> str:
    """The number as people write it: "974 760 673", with spaces that do not break."""
    return "\N{NO-BREAK SPACE}".join(number[at : at + 3] for at in (0, 3, 6)) if number else ""
