"""Units: exact conversion of what laboratories write to the unit of a catalogue entry.

A unit that is not in the closed table of :mod:`schemas.ucum` is unknown, and nothing is guessed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from schemas.analyte import MatrixEntry
from schemas.names import did_you_mean
from schemas.ucum import UNITS, Unit, UnitState, factor_between, parse_unit


@dataclass(frozen=True, slots=True)
class Conversion:
    """How to go from a unit as written to the unit of a catalogue entry."""

    unit: Unit
    """The unit as written."""
    to_code: str
    """UCUM code that results are converted to."""
    factor: Fraction | None
    """Exact factor to multiply by; None unless ``state`` is ``ok``."""
    state: UnitState
    """``ok``, or why there is no factor."""
    sentence: str
    """What is wrong, with the known units; empty if ``ok``."""

    def apply(self, value: float) -> float | None:
        """Return a value in the new unit, or None if there is no factor.

        Parameters
        ----------
        value : float
            Value in the unit as written. NaN and infinities come back as they are.

        Returns
        -------
        float or None
            The decimal digits of ``value`` times the exact factor, rounded once: 0.29 g/L is 29 mg/dL, not
            28.999999999999996.
        """
        if self.factor is None:
            return None
        if not math.isfinite(value):
            return value
        return float(Fraction(repr(value)) * self.factor)


@dataclass(frozen=True, slots=True)
class Converted:
    """A value after conversion, or the reason why there is none."""

    value: float | None
    """Value in ``unit``; None unless ``state`` is ``ok``."""
    unit: str
    """UCUM code of the value."""
    state: UnitState
    """``ok``, or why there is no value."""
    sentence: str
    """What is wrong, with the known units; empty if ``ok``."""


def conversion(unit_text: str, entry: MatrixEntry) -> Conversion:
    """Return how to convert a unit as written to the unit of a catalogue entry.

    Parameters
    ----------
    unit_text : str
        The unit as written.
    entry : MatrixEntry
        Entry of one analyte in one matrix.

    Returns
    -------
    Conversion
        With an exact factor, or with the reason in ``state`` and ``sentence``.
    """
    unit = parse_unit(unit_text)
    known = f"Known units: {', '.join(entry.units)}."
    where = f"for {entry.analyte} in {entry.matrix}"
    if unit.state is UnitState.MISSING:
        return Conversion(unit, entry.unit, None, unit.state, f"No unit is given {where}. {known}")
    if unit.state is UnitState.UNKNOWN:
        hint = did_you_mean(unit.text.strip(), entry.units, " Did you mean {near}?")
        return Conversion(unit, entry.unit, None, unit.state, f"Unit '{unit.text}' {where} is not known.{hint} {known}")
    code = entry.unit_means.get(unit.code, unit.code)
    factor = factor_between(code, entry.unit, None if entry.molar_mass is None else entry.molar_mass.value)
    if factor is None:
        text = f"Unit '{unit.text}' {where} measures something else than {entry.unit}. {known}{_reason(code, entry)}"
        return Conversion(unit, entry.unit, None, UnitState.WRONG_DIMENSION, text)
    if code not in entry.units:
        text = f"Unit '{unit.text}' is not among the units {where}. {known}"
        return Conversion(unit, entry.unit, None, UnitState.UNKNOWN, text)
    return Conversion(unit, entry.unit, factor, UnitState.OK, "")


def _reason(code: str, entry: MatrixEntry) -> str:
    dimensions = {UNITS[code][0], UNITS[entry.unit][0]}
    if dimensions == {"mass", "molar"}:
        return " The catalogue states no molar mass, so mass and molar units do not convert."
    if dimensions == {"catalytic", "international"}:
        return " U/L and [iU]/L are different units; a lab's own catalogue may state that its [iU]/L means U/L."
    return ""


def convert(value: float, from_unit: str, entry: MatrixEntry) -> Converted:
    """Convert one value to the unit of a catalogue entry.

    Parameters
    ----------
    value : float
        Value in ``from_unit``.
    from_unit : str
        The unit as written.
    entry : MatrixEntry
        Entry of one analyte in one matrix.

    Returns
    -------
    Converted
        With a value, or with the reason in ``state`` and ``sentence``. Nothing is guessed.
    """
    how = conversion(from_unit, entry)
    return Converted(how.apply(value), how.to_code, how.state, how.sentence)
