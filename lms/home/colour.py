"""Contrast between colours, as WCAG counts it."""


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, from 0 (black) to 1 (white)."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lightened_until(colour: str, ground: str, ratio: float) -> str:
    """`colour` mixed with white in small steps until it has `ratio` against `ground`."""
    parts = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    for share in range(0, 101, 4):
        mixed = "#" + "".join(f"{round(part + (255 - part) * share / 100):02x}" for part in parts)
        if contrast(mixed, ground) >= ratio:
            return mixed
    return "#ffffff"
