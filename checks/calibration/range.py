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
    """Warn where a result lies above the accepted range of its curve, or has no number at all.

    Parameters
    ----------
    run_input : RunInput
        ``results`` that were read from a plate, and ``curves``.
    limits : mapping of str to Limit
        None: LLOQ and ULOQ are those of the curve.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the ULOQ (dilute and repeat) and for each whose signal lies beyond an asymptote,
        where there is no number; ``not_evaluable`` for an analyte whose plate has no curve or no accepted range.
        A number below the LLOQ is a state of the result, not a finding.

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

    is_beyond = (pl.col("censor") == ">") | (pl.col("value").is_null() & (pl.col("censor") == "<"))
    columns = ("ordinal", "analyte", "value", "censor", "unit", "uloq")
    return [_one(*row) for row in results.filter(is_beyond).select(columns).iter_rows()]


def _one(ordinal: int, analyte: str, value: float | None, censor: str, unit: str, uloq: float | None) -> Finding:
    if censor == "<":
        sentence = f"The signal of '{analyte}' lies below the curve's response at concentration 0: there is no number."
        return Finding(_ID, Verdict.WARN, Scope.RESULT, {"result": ordinal}, sentence, suggestion="Look at the wells.")
    above = f"above the ULOQ{f' of {uloq:.4g} {unit}' if uloq is not None else ''}"
    number = f"{value:.4g} {unit} lies" if value is not None else "the signal lies beyond the curve's upper end,"
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


def _without_range(results: pl.DataFrame) -> list[Finding]:
    sentence = "The plate has no curve with an accepted range, so results of '{}' cannot be placed in it."
    analytes = results["analyte"].unique(maintain_order=True)
    return [
        Finding(_ID, Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": analyte}, sentence.format(analyte))
        for analyte in analytes
    ]
