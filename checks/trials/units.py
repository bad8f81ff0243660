"""``qc try units``: one value to the canonical unit of an analyte in a matrix, judged by its plausibility limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from schemas.catalogue import shipped_catalogue
from schemas.errors import ReaderError
from schemas.finding import Limit, Verdict
from schemas.json_model import JsonFacet, JsonModel
from schemas.reference import with_reference
from schemas.ucum import UnitState
from schemas.unit_slip import known_factors, slip_of, slip_words, usual_molar
from schemas.units import conversion
from schemas.value import ValueState, parse_value

if TYPE_CHECKING:
    from schemas.analyte import LimitSet, MatrixEntry
    from schemas.units import Conversion

_ENDS = (("hard", Verdict.REJECT), ("soft", Verdict.WARN))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of the sample beside its value."""

    method: str = ""
    """Method, as written; empty if unknown."""
    age_years: float | None = None
    """Age in years; None if unknown."""
    sex: str = ""
    """``female``, ``male`` or empty if unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsAnswer(JsonModel):
    """One value in its canonical unit, judged by its plausibility limits."""

    json_keys = "analyte matrix value unit unit_written factor limits censor verdict sentence suggestion"

    analyte: str
    """Id of the analyte."""
    matrix: str
    """Matrix."""
    value: float | None = None
    """Value in ``unit``; None where the unit is not known or the cell holds no number."""
    unit: str
    """Canonical unit."""
    unit_written: str | None
    """Code of the unit that was written; None if it is not known."""
    factor: str | None
    """Exact factor between the two; None if there is none."""
    limits: list[Limit]
    """Limits that hold."""
    censor: Annotated[str, JsonFacet("enum", ("", "<", ">"))]
    """``<`` or ``>`` if ``value`` is a bound."""
    verdict: Verdict = Verdict.NOT_EVALUABLE
    """Verdict."""
    sentence: str = ""
    """What is wrong; empty if nothing is."""
    suggestion: str | None = None
    """What it might have been; never applied."""


def units(value: str, unit: str, analyte: str, matrix: str, about: About | None = None) -> dict[str, Any]:
    """Convert one value and judge it.

    Parameters
    ----------
    value : str
        Value as a laboratory writes it, with a decimal point; a bound (``<0.5``) is converted and judged by what it
        proves, a cell that holds no number (``NA``, ``***``) is not evaluable.
    unit : str
        Unit as a laboratory writes it.
    analyte, matrix : str
        Analyte and matrix, by any of their names.
    about : About, optional
        Method, age and sex that limits are looked up by.

    Returns
    -------
    dict
        ``value`` and ``unit`` in the canonical unit (None where the unit is not known or the cell holds no number; the
        bound where ``censor`` says so), ``censor``, ``verdict``, ``sentence``, ``suggestion``, the exact ``factor`` and
        the ``limits`` that hold. Nothing is guessed; a suggestion is never applied.

    Raises
    ------
    ReaderError
        If the value is neither a number nor a known mark, or the catalogue has no such analyte in such a matrix.
    """
    known = about or About()
    entry = _entry(analyte, matrix)
    read = parse_value(value)
    if read.state is ValueState.TEXT:
        raise ReaderError(
            f"'{value}' is not a number. Expected a number with a decimal point, or a bound such as <0.5."
        )
    how = conversion(unit, entry)
    limits = with_reference(entry.limit_set(known.method, age=known.age_years, sex=known.sex), entry, known.method)
    known_so_far = _answer(entry, how, limits, read.censor)
    number = read.number if read.number is not None else read.limit
    refusal = _refusal(entry, known.method)
    if how.state is not UnitState.OK:
        return replace(known_so_far, verdict=Verdict.REJECT, sentence=how.sentence).as_json()
    if number is None:
        return replace(known_so_far, sentence=f"'{value}' holds neither a number nor a bound.").as_json()
    converted = how.apply(number)
    known_so_far = replace(known_so_far, value=converted)
    if converted is None or refusal:
        return replace(known_so_far, verdict=Verdict.REJECT, sentence=refusal).as_json()
    verdict, sentence = _judged(converted, read.censor, limits)
    slip = "" if verdict is Verdict.PASS or read.censor else _slip(converted, how, entry, limits)
    return replace(known_so_far, verdict=verdict, sentence=sentence, suggestion=slip or None).as_json()


def _entry(analyte: str, matrix: str) -> MatrixEntry:
    catalogue = shipped_catalogue()
    identity = catalogue.analyte_id(analyte)
    if identity is None:
        near = catalogue.suggestion(analyte)
        hint = f" Did you mean '{near}'?" if near else f" Known analytes: {', '.join(catalogue.analytes)}."
        raise ReaderError(f"Analyte '{analyte}' is not in the catalogue.{hint}")
    entry = catalogue.entry(identity, catalogue.matrix_id(matrix) or matrix)
    if entry is None:
        known = ", ".join(catalogue.analytes[identity].matrices)
        raise ReaderError(f"The catalogue has no entry for {identity} in matrix '{matrix}'. Known matrices: {known}.")
    return entry


def _refusal(entry: MatrixEntry, method: str) -> str:
    """Return why the value cannot stand; without a method only where nothing but a calculated value may."""
    only_calculated = entry.applicability.only == ("calculated",)
    return entry.refusal_of(method) if method or only_calculated else ""


def _answer(entry: MatrixEntry, how: Conversion, limits: LimitSet, censor: str) -> UnitsAnswer:
    names = ("soft_low", "soft_high", "hard_low", "hard_high", "reference_low", "reference_high")
    found = [limit for limit in map(limits.get, names) if limit is not None]
    return UnitsAnswer(
        analyte=entry.analyte,
        matrix=entry.matrix,
        unit=entry.unit,
        unit_written=how.unit.code or None,
        factor=str(how.factor) if how.factor else None,
        limits=found,
        censor=censor,
    )


def _judged(value: float, censor: str, limits: LimitSet) -> tuple[Verdict, str]:
    written = f"{censor}{value:g} {limits.unit}"
    for kind, verdict in _ENDS:
        low, high = limits.get(f"{kind}_low"), limits.get(f"{kind}_high")
        is_below = low is not None and (value <= low.value if censor == "<" else not censor and value < low.value)
        is_above = high is not None and (value >= high.value if censor == ">" else not censor and value > high.value)
        if low is not None and is_below:
            return verdict, f"{written} is below the {kind} limit {low.value:g} ({low.source})."
        if high is not None and is_above:
            return verdict, f"{written} is above the {kind} limit {high.value:g} ({high.source})."
    return Verdict.PASS, ""


def _slip(value: float, how: Conversion, entry: MatrixEntry, limits: LimitSet) -> str:
    kinds = ("soft" if limits.soft_low or limits.soft_high else "hard", "reference")
    bands = [(_end(limits, f"{kind}_low"), _end(limits, f"{kind}_high")) for kind in kinds]
    molar_unit, molar_factor = usual_molar(entry) or ("", None)
    unit_factor = float(how.factor) if how.factor else 1.0
    factor = slip_of(value, bands, known_factors(unit_factor, molar_factor))
    return "" if factor is None else slip_words(how.unit.text, factor, unit=entry.unit, molar_unit=molar_unit)


def _end(limits: LimitSet, name: str) -> float | None:
    limit = limits.get(name)
    return None if limit is None else limit.value
