"""The colours of the pictures: one palette for a dark, a light and a high-contrast screen, and one without colour.

Colours are those of Okabe and Ito, which colour-blind people tell apart; a shape says the same as each colour.
"""

from __future__ import annotations

from dataclasses import dataclass

CIVIDIS = ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838")
"""Ramp of the plate map, dark to light in every kind of colour vision.

Nunez et al. 2018, doi 10.1371/journal.pone.0199239.
"""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by what they mean."""

    ink: str
    """Text and axes that matter."""
    muted: str
    """Text that may be overlooked."""
    good: str
    """In control, approved."""
    warn: str
    """A warning."""
    bad: str
    """A rejection."""
    note: str
    """Events, such as a new lot."""
    line: str
    """Curves and joined points."""
    point: str
    """Points in control."""
    standard: str
    """Standards of a curve."""
    band_1: str
    """Background within 1 SD."""
    band_2: str
    """Background between 1 and 2 SD."""
    band_3: str
    """Background between 2 and 3 SD, and outside of a range."""
    cursor_ink: str
    """Text under the cursor."""
    cursor: str
    """Background under the cursor."""
    empty: str
    """Background of an empty well."""
    cursor_mark: str
    """Arrows beside what the cursor stands on."""
    focus: str
    """Background of the title of a picture that has the keys."""
    ramp_gap: tuple[float, float] = (0.5, 0.5)
    """Part of the plate map's ramp that is left out."""


DARK = Palette(
    ink="#e6e6e6",
    muted="#8a93a0",
    good="#35b58a",
    warn="#e69f00",
    bad="#f0783c",
    note="#cc79a7",
    line="#5d7f96",
    point="#56b4e9",
    standard="#f0e442",
    band_1="#16262f",
    band_2="#26271a",
    band_3="#2f1d1a",
    cursor_ink="#000000",
    cursor="#f0e442",
    empty="#1a1d22",
    cursor_mark="#f0e442",
    focus="#0f2a3c",
)
LIGHT = Palette(
    ink="#1b1f26",
    muted="#5c6470",
    good="#00694d",
    warn="#8a5a00",
    bad="#b03a00",
    note="#8c3d6b",
    line="#55788f",
    point="#0072b2",
    standard="#7a5c00",
    band_1="#e3f1f8",
    band_2="#f6f2da",
    band_3="#f8e4da",
    cursor_ink="#ffffff",
    cursor="#1b1f26",
    empty="#e8eaed",
    cursor_mark="#b03a00",
    focus="#cfe6f5",
)
CONTRAST = Palette(
    ink="#ffffff",
    muted="#d0d0d0",
    good="#00ff9c",
    warn="#ffd000",
    bad="#ff9166",
    note="#ff9ad5",
    line="#a8d8ff",
    point="#7cd0ff",
    standard="#fff34d",
    band_1="#000000",
    band_2="#1c1c00",
    band_3="#2a0d00",
    cursor_ink="#000000",
    cursor="#ffff00",
    empty="#000000",
    cursor_mark="#ffff00",
    focus="#00388c",
    ramp_gap=(0.29, 0.65),
)
PLAIN = Palette(
    ink="#f0f0f0",
    muted="#a8a8a8",
    good="#f0f0f0",
    warn="#f0f0f0",
    bad="#ffffff",
    note="#d8d8d8",
    line="#8c8c8c",
    point="#dcdcdc",
    standard="#ffffff",
    band_1="#262626",
    band_2="#1c1c1c",
    band_3="#121212",
    cursor_ink="#000000",
    cursor="#ffffff",
    empty="#101010",
    cursor_mark="#ffffff",
    focus="#3c3c3c",
)
"""Greys for NO_COLOR."""


def ramp(fraction: float, gap: tuple[float, float] = (0.5, 0.5)) -> str:
    """Return a colour of the plate map.

    Parameters
    ----------
    fraction : float
        Place on the ramp, 0 (dark) to 1 (light); what lies outside is taken to its end.
    gap : tuple of float
        Part of the ramp, 0 to 1, that is left out, since neither black nor white can be read well enough on it.

    Returns
    -------
    str
        Colour as ``#rrggbb``.
    """
    fraction, (low_end, high_end) = max(0.0, min(0.9999, fraction)), gap
    half = 2 * fraction * low_end if fraction < 0.5 else high_end + (2 * fraction - 1) * (1 - high_end)
    place = min(0.9999, half) * (len(CIVIDIS) - 1)
    step = int(place)
    low, high = CIVIDIS[step], CIVIDIS[step + 1]
    parts = (round(_part(low, at) + (_part(high, at) - _part(low, at)) * (place - step)) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def ink_on(background: str) -> str:
    """Return black or white, whichever can be read better on a background.

    Parameters
    ----------
    background : str
        Colour as ``#rrggbb``.

    Returns
    -------
    str
        ``#000000`` or ``#ffffff``.
    """
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, background))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours.

    Parameters
    ----------
    one : str
        Colour as ``#rrggbb``.
    other : str
        Colour as ``#rrggbb``.

    Returns
    -------
    float
        Ratio of their luminances, 1 to 21.

    References
    ----------
    .. [1] Web Content Accessibility Guidelines 2.2, W3C 2023, definitions of contrast ratio and relative luminance.
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [_part(colour, at) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _part(colour: str, at: int) -> int:
    return int(colour[at : at + 2], 16)
