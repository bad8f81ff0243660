"""Unit slips: the one factor that would bring an implausible value into its plausible band; proposed, never applied."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from schemas.ucum import UNITS, factor_between, parse_unit

if TYPE_CHECKING:
    from schemas.analyte import MatrixEntry

TENS = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)
"""Slips of SI prefixes, decimal points and volumes (mg/dL for g/L is 100), without unit."""
NO_UNIT = "looks like another unit"
"""Beginning of what is said of a factor without a unit of that size."""
_SD_OF_BAND = 4.0
"""SDs between the ends of a band that holds 95 percent."""
Band = tuple[float | None, float | None]
"""Low and high end of a band; None is open."""


def usual_molar(entry: MatrixEntry) -> tuple[str, float] | None:
    """Return the unit on the other side of the molar mass that is nearest in size, and its factor.

    Parameters
    ----------
    entry : MatrixEntry
        Entry of one analyte in one matrix.

    Returns
    -------
    tuple of (str, float) or None
        UCUM code and factor to the canonical unit: ``("umol/L", 5.5845)`` for iron in ug/dL. None if the entry takes
        units of one side only.

    Notes
    -----
    Only the nearest one is a known slip: a molar slip together with a slip of the prefix would be two.
    """
    mass = None if entry.molar_mass is None else entry.molar_mass.value
    others = [code for code in entry.units if UNITS[code][0] != UNITS[entry.unit][0]]
    factors = [(code, factor_between(code, entry.unit, mass)) for code in others]
    known = [(code, float(factor)) for code, factor in factors if factor]
    return min(known, key=lambda one: max(one[1], 1 / one[1]), default=None)


def known_factors(unit_factor: float, molar_factor: float | None) -> tuple[float, ...]:
    """Return the factors that one slip can explain.

    Parameters
    ----------
    unit_factor : float
        Factor from the unit as written to the canonical one, above 0.
    molar_factor : float or None
        Factor from the usual molar unit to the canonical one; None if there is none.

    Returns
    -------
    tuple of float
        Powers of ten, the molar factor, and its inverse for numbers that were written in the molar unit already.
    """
    if molar_factor is None:
        return TENS
    is_molar = abs(unit_factor / molar_factor - 1) < 1e-9
    return (*TENS, 1 / molar_factor if is_molar else molar_factor / unit_factor)


def slip_of(value: float, bands: Sequence[Band], factors: Iterable[float]) -> float | None:
    """Return the one factor that brings a value into its band.

    Parameters
    ----------
    value : float
        Value in the canonical unit; a slip is looked for above 0 only.
    bands : sequence of tuple
        Plausible band first, then narrower ones (reference interval) that decide where several factors would do.
    factors : iterable of float
        Known factors.

    Returns
    -------
    float or None
        None if the value is inside, no factor would do, or several would in every band.

    Examples
    --------
    >>> slip_of(2.4, [(150, 450)], TENS)
    100.0
    >>> slip_of(17.9, [(20, 300), (35, 150)], (*TENS, 5.5845))
    5.5845
    >>> slip_of(45000, [(5, 1000)], TENS) is None
    True
    """
    if not value > 0 or not bands or None in bands[0] or is_in(value, bands[0]):
        return None
    fitting = [factor for factor in factors if is_in(value * factor, bands[0])]
    for band in bands:
        inside = [factor for factor in fitting if is_in(value * factor, band)]
        if len(inside) == 1 and band != (None, None):
            return inside[0]
    return None


def slip_evidence(value: float, factor: float, band: Band) -> float:
    """Return how much likelier a value is after a slip than as it stands, in natural logarithms.

    Parameters
    ----------
    value : float
        Value in the canonical unit, above 0.
    factor : float
        Factor that would put it right, above 0.
    band : tuple
        Low and high end of the usual range, both above 0.

    Returns
    -------
    float
        Log likelihood ratio; infinite where the band has no two ends above 0 to judge by.

    Notes
    -----
    Values of people are taken as log-normal with 95 percent of them inside the band.

    Examples
    --------
    >>> round(slip_evidence(17.9, 5.5845, (20, 300)), 1), round(slip_evidence(0.031, 1000, (5, 1000)), 1)
    (2.3, 16.8)
    """
    low, high = band
    if low is None or high is None or not 0 < low < high:
        return math.inf
    centre, sd = math.log(low * high) / 2, math.log(high / low) / _SD_OF_BAND
    as_it_stands, put_right = ((math.log(number) - centre) / sd for number in (value, value * factor))
    return (as_it_stands**2 - put_right**2) / 2


def is_in(value: float, band: Band) -> bool:
    """Tell whether a value lies in a band, its ends included.

    Parameters
    ----------
    value : float
        Value.
    band : tuple
        Low and high end.

    Returns
    -------
    bool
        True if it does.
    """
    low, high = band
    return (low is None or value >= low) and (high is None or value <= high)


def slip_words(unit_text: str, factor: float, *, unit: str = "", molar_unit: str = "") -> str:
    """Return what a factor would mean, for a person.

    Parameters
    ----------
    unit_text : str
        The unit as written.
    factor : float
        Factor that was found.
    unit : str
        Canonical unit of the analyte, which is named where several units have the same size.
    molar_unit : str
        Usual molar unit of the analyte; empty if it has none.

    Returns
    -------
    str
        ``looks like ng/mL entered as pg/mL: factor 1000``; without a name for the other unit, the factor alone.
    """
    written = parse_unit(unit_text)
    number = f"factor {factor:.6g}"
    if factor not in TENS and molar_unit and written.code != molar_unit:
        return f"looks like {molar_unit} entered as {written.code or unit_text}: {number}"
    other = _unit_of_size(written.code, factor, unit)
    return f"looks like {other} entered as {written.code}: {number}" if other else f"{NO_UNIT}: {number}"


def _unit_of_size(code: str, factor: float, preferred: str) -> str:
    if code not in UNITS:
        return ""
    dimension, size = UNITS[code]
    wanted = Fraction(size) * Fraction(repr(factor))
    same = [one for one, (kind, own) in UNITS.items() if kind == dimension and Fraction(own) == wanted]
    if preferred in same:
        return preferred
    volume = code.rpartition("/")[2]
    return next((one for one in same if one.endswith(f"/{volume}")), same[0] if same else "")
