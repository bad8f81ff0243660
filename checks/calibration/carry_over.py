"""Rule calibration.carry_over: a blank right behind the highest standard must stay empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from checks.calibration.plates import curve_finding, of_curves
from checks.rule import rule
from checks.run_input import RunInput
from checks.standard_curves.curve import CurveKey
from schemas.finding import Finding, Limit, Scope, Verdict

if TYPE_CHECKING:
    import polars as pl

_ID = "calibration.carry_over"
_WORD = "carry-over"
"""Word in the column ``level`` of a blank that was measured behind the highest standard."""


@rule(_ID, scope=Scope.ANALYTE, limits=["carry_over_percent", "by_order", "required"])
def carry_over(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte whose blank behind the highest standard gives too much signal.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` and ``curves``. Blanks count whose ``level`` is ``carry-over`` and, where wells were measured in the
        order of the file, those right behind a well of the highest standard. Flagged wells and wells without a signal
        do not count.
    limits : mapping of str to Limit
        ``carry_over_percent``: largest signal of such a blank in percent of the mean signal at LLOQ.
        ``by_order``: 1 where wells are measured in the order of the file (chromatography), 0 where not (plates).
        ``required``: 1 where a run without such a blank cannot be judged, 0 where it is not asked for.

    Returns
    -------
    list of Finding
        ``reject`` above the limit; ``not_evaluable`` without such a blank where it is required, or with one and without
        an accepted LLOQ. On a curve that falls with the dose carry-over cannot be told from a blank: the rule is
        ``not_evaluable`` where required.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Sections 3 and 4.
    """
    return of_curves(run_input, lambda key: _of_key(run_input, key, limits))


def _of_key(run_input: RunInput, key: CurveKey, limits: Mapping[str, Limit]) -> list[Finding]:
    signals = _signals_behind_top(run_input.wells, key, is_in_order=bool(limits["by_order"].value))
    curve = run_input.curves.get(key)
    is_asked = bool(limits["required"].value)
    if not signals:
        why = "no blank was measured right behind the highest standard."
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, why)] if is_asked else []
    if curve is None or curve.lloq is None:
        why = "there is no accepted LLOQ to hold the blank behind the highest standard against."
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, why)]
    if not curve.fit.params.is_rising:
        why = "the curve falls with the dose, so a blank does not show carry-over."
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, why)] if is_asked else []
    lloq_signal = next(level.signal for level in curve.calibrators if level.conc == curve.lloq)
    limit = limits["carry_over_percent"]
    percent = 100 * max(signals) / lloq_signal if lloq_signal > 0 else float("inf")
    if percent <= limit.value:
        return []
    sentence = (
        f"the blank behind the highest standard gives the signal {max(signals):.4g}, that is {percent:.0f} % of the "
        f"LLOQ standard's {lloq_signal:.4g}; at most {limit.value:g} % is allowed."
    )
    finding = curve_finding(
        _ID, Verdict.REJECT, key, sentence, "Wash between injections; measure low samples away from high."
    )
    observed = percent if percent != float("inf") else None
    return [replace(finding, observed=observed, unit=limit.unit, limits=(limit,))]


def _signals_behind_top(wells: pl.DataFrame, key: CurveKey, *, is_in_order: bool) -> list[float]:
    import polars as pl

    plate, analyte, _ = key
    own = wells.filter((pl.col("plate") == plate) & pl.col("analyte").is_in([analyte, ""])).sort(
        "line", maintain_order=True
    )
    is_standard = (pl.col("role") == "calibrator") & (pl.col("level").str.to_lowercase() != "anchor")
    top = own.filter(is_standard)["conc"].max()
    is_top = (is_standard & (pl.col("conc") == top)).fill_null(False)
    is_marked = pl.col("level").str.to_lowercase() == _WORD
    is_behind = is_marked | (is_top.shift(1, fill_value=False) & pl.lit(is_in_order))
    is_usable = (pl.col("role") == "blank") & (pl.col("flag") == "") & pl.col("signal").is_finite()
    return [float(signal) for signal in own.filter(is_usable.fill_null(False) & is_behind)["signal"].to_list()]
