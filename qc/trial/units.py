"""``qc try units``: one value to the canonical unit of an analyte in a matrix, judged by its plausibility limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.catalogue import load_catalogue
from schemas.errors import ReaderError
from schemas.finding import Verdict
from schemas.units import UnitState, conversion
from schemas.value import parse_value

if TYPE_CHECKING:
    from schemas.analyte import LimitSet, MatrixEntry


def units(value: str, unit: str, analyte: str, matrix: str) -> dict[str, Any]:
    """Convert one value and judge it.

    Parameters
    ----------
    value : str
        Value as a laboratory writes it, with a decimal point.
    unit : str
        Unit as a laboratory writes it.
    analyte, matrix : str
        Analyte and matrix, by any of their names.

    Returns
    -------
    dict
        ``value`` and ``unit`` in the canonical unit (None where the unit is not known), ``verdict``, ``sentence`` and
        ``suggestion``. Nothing is guessed; a suggestion is never applied.

    Raises
    ------
    ReaderError
        If the value is not a number, or the catalogue has no such analyte in such a matrix.
    """
    entry = _entry(analyte, matrix)
    number = parse_value(value).number
    if number is None:
        raise ReaderError(f"'{value}' is not a number. Expected a number with a decimal point.")
    how = conversion(unit, entry)
    if how.state is not UnitState.OK:
        return _told(None, entry, Verdict.REJECT, how.sentence, "")
    converted = how.apply(number)
    limits = entry.limit_set()
    verdict, sentence = _judged(converted, limits)
    return _told(converted, entry, verdict, sentence, _slip(converted, limits) if verdict is not Verdict.PASS else "")


def _entry(analyte: str, matrix: str) -> MatrixEntry:
    catalogue = load_catalogue()
    identity = catalogue.analyte_id(analyte)
    if identity is None:
        near = catalogue.suggestion(analyte)
        raise ReaderError(
            f"Analyte '{analyte}' is not in the catalogue." + (f" Did you mean '{near}'?" if near else "")
        )
    entry = catalogue.entry(identity, catalogue.matrix_id(matrix) or matrix)
    if entry is None:
        raise ReaderError(f"The catalogue has no entry for {identity} in matrix '{matrix}'.")
    return entry


def _told(value: float | None, entry: MatrixEntry, verdict: Verdict, sentence: str, suggestion: str) -> dict[str, Any]:
    about = {"analyte": entry.analyte, "matrix": entry.matrix, "value": value, "unit": entry.unit}
    return about | {"verdict": verdict.value, "sentence": sentence, "suggestion": suggestion or None}


def _judged(value: float | None, limits: LimitSet) -> tuple[Verdict, str]:
    if value is None:
        return Verdict.NOT_EVALUABLE, "There is no value to judge."
    for kind, verdict in (("hard", Verdict.REJECT), ("soft", Verdict.WARN)):
        low, high = limits.get(f"{kind}_low"), limits.get(f"{kind}_high")
        if low and value < low.value:
            return verdict, f"{value:g} {limits.unit} is below the {kind} limit {low.value:g} ({low.source})."
        if high and value > high.value:
            return verdict, f"{value:g} {limits.unit} is above the {kind} limit {high.value:g} ({high.source})."
    return Verdict.PASS, ""


def _slip(value: float | None, limits: LimitSet) -> str:
    if value is None or limits.soft_low is None or limits.soft_high is None:
        return ""
    factors = [
        f for f in (10, 100, 1000, 0.1, 0.01, 0.001) if limits.soft_low.value < value * f <= limits.soft_high.value
    ]
    return f"A factor of {factors[0]:g} would bring it into the plausible band." if len(factors) == 1 else ""
