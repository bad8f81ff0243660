"""Rule range.scale: the numbers of an analyte as a whole must lie on the scale of their unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from checks.arithmetic.reference.log_scale import ANTILOGS, normal_over_log_normal
from checks.result_rows import ResultRow, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.unit_slip import known_factors, slip_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_LIMITS = ["min_results", "outside_fraction", "inside_fraction", "min_shape_results", "log_likelihood"]
_ENDS = ("soft_low", "soft_high", "hard_low", "hard_high")


@dataclass(frozen=True, slots=True)
class _Column:
    """The numbers of one analyte in one matrix, one unit and one band."""

    row: ResultRow
    """Its first row, which holds the limits."""
    numbers: Numbers
    """Numbers in the canonical unit, shape (n_results,)."""
    reference: tuple[Numbers, Numbers]
    """Reference limits of each number, low and high; NaN where there is none."""

    def share_in(self, numbers: Numbers, low: str, high: str) -> float:
        """Return the fraction of numbers, 0 to 1, within two limits of the row; an open end holds everything."""
        least, most = self.row[low], self.row[high]
        inside = np.ones(numbers.size, dtype=bool)
        inside &= numbers >= least if least is not None else inside
        inside &= numbers <= most if most is not None else inside
        return float(inside.mean())

    def share_usual(self, factor: float) -> float:
        """Return the fraction of numbers, 0 to 1, that a factor brings into soft and reference limits alike."""
        moved = self.numbers * factor
        is_low, is_high = moved < self.reference[0], moved > self.reference[1]
        is_soft = (moved >= self.row["soft_low"]) & (moved <= self.row["soft_high"])
        return float((is_soft & ~is_low & ~is_high).mean())


@rule("range.scale", scope=Scope.ANALYTE, version=2, limits=_LIMITS)
def scale(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte of a run whose numbers as a whole do not lie on the scale of their unit.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: numbers without a bound, in canonical units, with soft and hard limits.
    limits : mapping of str to Limit
        ``min_results``: numbers from which on a column is judged. ``outside_fraction``: fraction outside the soft
        range above which the column as a whole is not plausible. ``inside_fraction``: fraction that a factor or an
        antilog must bring in to be proposed. ``min_shape_results``: numbers from which on the shape is judged.
        ``log_likelihood``: difference in natural logarithms above which numbers spread like logarithms.

    Returns
    -------
    list of Finding
        ``reject`` for an analyte whose numbers lie outside as a whole, with the one known factor or antilog that would
        bring them in; ``warn`` for one whose numbers are plausible and spread like logarithms. Nothing is changed.

    Raises
    ------
    NotEvaluableError
        If none of the results has a number and some are no bounds either.

    Notes
    -----
    Where several factors would bring the column in, the one that makes most numbers usual by soft and reference
    limits is proposed; of two that are as good, none. Shorter columns and runs of bounds alone are silent; censored
    results and those without a number are left out, and so are analytes without soft limits. Numbers spread like
    logarithms if a normal curve describes them better than a log-normal one by ``log_likelihood`` and undoing a
    logarithm to base e, 2 or 10 gives possible concentrations too.

    References
    ----------
    .. [1] Limpert E, Stahel WA, Abbt M. Log-normal distributions across the sciences. BioScience. 2001;51(5):341-352.
    """
    results = run_input.results
    plain_results = results.filter(pl.col("censor").fill_null("") == "")
    rows = plain_results.filter(pl.col("value").is_finite().fill_null(False))
    if plain_results.height and not rows.height:
        raise NotEvaluableError("No result of the run has a number, so the scale of its unit cannot be judged.")
    banded = rows.filter(pl.col("soft_low").is_not_null() & pl.col("soft_high").is_not_null())
    groups = banded.group_by("analyte", "matrix", "unit_text", "method", maintain_order=True)
    return [found for _, group in groups for found in _judge(_column(group), limits)]


def _column(group: pl.DataFrame) -> _Column:
    low, high = (group[name].fill_null(float("nan")).to_numpy() for name in ("reference_low", "reference_high"))
    return _Column(group.row(0, named=True), group["value"].to_numpy(), (low, high))


def _judge(column: _Column, limits: Mapping[str, Limit]) -> Iterable[Finding]:
    if column.numbers.size < limits["min_results"].value:
        return
    outside = 1 - column.share_in(column.numbers, "soft_low", "soft_high")
    if outside > limits["outside_fraction"].value:
        yield _off_scale(column, outside, limits)
    elif column.numbers.size >= limits["min_shape_results"].value and column.numbers.min() > 0:
        yield from _like_logs(column, limits)


def _off_scale(column: _Column, outside: float, limits: Mapping[str, Limit]) -> Finding:
    known = known_factors(column.row["unit_factor"] or 1.0, column.row["molar_factor"])
    least = limits["inside_fraction"].value
    fitting = [one for one in known if column.share_in(column.numbers * one, "soft_low", "soft_high") >= least]
    antilogs = _antilogs(column, "soft", least)
    row = column.row
    proposal = "Look at the unit of the file before its numbers; nothing was changed."
    factor = _best(column, fitting)
    if factor is not None:
        words = slip_words(str(row["unit_text"]), factor, unit=str(row["unit"]), molar_unit=str(row["molar_unit"]))
        proposal = f"The whole column {words}. Ask who wrote it; nothing was changed."
    elif antilogs and not fitting:
        proposal = (
            f"The whole column looks like logarithms: {' or '.join(antilogs)} would be usual. Nothing was changed."
        )
    sentence = (
        f"{100 * outside:.0f} percent of the {column.numbers.size} numbers of {result_name(row)} lie outside the usual "
        f"range of {plain(row['soft_low'])} to {plain(row['soft_high'])} {row['unit']}: the column is on another scale."
    )
    used = (limits["outside_fraction"], *limits_of(row, *_ENDS))
    return _finding(row, Verdict.REJECT, sentence, (outside, used, proposal))


def _best(column: _Column, fitting: Sequence[float]) -> float | None:
    """Return the factor that makes more numbers usual than any other one; None if two are as good."""
    shares = {factor: column.share_usual(factor) for factor in fitting}
    best = [factor for factor, share in shares.items() if share == max(shares.values())]
    return best[0] if len(best) == 1 else None


def _like_logs(column: _Column, limits: Mapping[str, Limit]) -> Iterable[Finding]:
    row = column.row
    antilogs = _antilogs(column, "hard", limits["inside_fraction"].value)
    if not antilogs or np.ptp(column.numbers) == 0:
        return
    difference = normal_over_log_normal(column.numbers)
    if difference > limits["log_likelihood"].value:
        sentence = (
            f"The {column.numbers.size} numbers of {result_name(row)} spread like logarithms and not like "
            f"concentrations: a normal curve describes them better by {difference:.1f} in log likelihood."
        )
        proposal = f"If so, {' or '.join(antilogs)} is the concentration. Ask who wrote the table; nothing was changed."
        used = (limits["log_likelihood"], *limits_of(row, *_ENDS))
        yield _finding(row, Verdict.WARN, sentence, (difference, used, proposal))


def _antilogs(column: _Column, kind: str, least: float) -> list[str]:
    with np.errstate(over="ignore"):
        undone = {name: undo(column.numbers) for name, undo in ANTILOGS.items()}
    return [name for name, own in undone.items() if column.share_in(own, f"{kind}_low", f"{kind}_high") >= least]


def _finding(row: ResultRow, verdict: Verdict, sentence: str, said: tuple[float, Sequence[Limit], str]) -> Finding:
    observed, used, suggestion = said
    return Finding(
        "range.scale",
        verdict,
        Scope.ANALYTE,
        {"analyte": str(row["analyte"])},
        sentence,
        observed=observed,
        unit="1",
        limits=tuple(used),
        suggestion=suggestion,
    )
