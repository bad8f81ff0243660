"""Results beyond the range in which their curve gives concentrations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

if TYPE_CHECKING:
    import polars as pl

_ID = "calibration.range"


@rule(_ID, scope=Scope.RESULT)
def curve_range(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn where a result lies above the accepted range of its curve.

    Parameters
    ----------
    run_input : RunInput
        ``results`` that were read from a plate, and ``curves``.
    limits : mapping of str to Limit
        None: LLOQ and ULOQ are those of the curve.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the ULOQ, with a number or beyond the upper asymptote (dilute and repeat);
        ``not_evaluable`` for an analyte whose plate has no curve or no accepted range. A result below the LLOQ is
        censored, which is a state and not a finding, also where its signal gives no number.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    import polars as pl

    if not run_input.wells.height:
        return []
    with_range = {key[:2] for key, curve in run_input.curves.items() if curve.lloq is not None}
    from_plates = run_input.results.filter(pl.col("plate") != "")
    has_range = pl.struct("plate", "analyte").is_in([{"plate": plate, "analyte": name} for plate, name in with_range])
    judged = from_plates.filter(has_range) if with_range else from_plates.clear()
    unjudged = from_plates.join(judged.select("ordinal"), on="ordinal", how="anti")
    return [*_beyond(judged), *_without_range(unjudged)]


def _beyond(results: pl.DataFrame) -> list[Finding]:
    import polars as pl

    columns = ("ordinal", "analyte", "value", "unit", "uloq")
    return [_one(*row) for row in results.filter(pl.col("censor") == ">").select(columns).iter_rows()]


def _one(ordinal: int, analyte: str, value: float | None, unit: str, uloq: float | None) -> Finding:
    above = f"above the ULOQ{f' of {_plain(uloq)} {unit}' if uloq is not None else ''}"
    number = f"{_plain(value)} {unit} lies" if value is not None else "the signal lies beyond the curve's upper end,"
    sentence = f"Result of '{analyte}': {number} {above}; it is not a concentration to report."
    observed, observed_unit = (value, unit) if value is not None else (None, "")
    return Finding(
        _ID,
        Verdict.WARN,
        Scope.RESULT,
        {"result": ordinal},
        sentence,
        observed=observed,
        unit=observed_unit,
        suggestion="Dilute the sample and repeat.",
    )


def _plain(number: float) -> str:
    # Four digits, and never an exponent: 66840, not 6.684e+04.
    return f"{float(f'{number:.4g}'):.12g}"


def _without_range(results: pl.DataFrame) -> list[Finding]:
    sentence = "The plate has no curve with an accepted range, so results of '{}' cannot be placed in it."
    analytes = results["analyte"].unique(maintain_order=True)
    return [
        Finding(_ID, Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": analyte}, sentence.format(analyte))
        for analyte in analytes
    ]
