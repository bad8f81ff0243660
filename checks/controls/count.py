"""Rule controls.count: a run needs enough controls for the number of its samples."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from checks.control_sequences import analytes_of
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "controls.count"
_SLACK = 1e-9
"""Rounding of a percentage that meets a whole number."""


@rule(_ID, scope=Scope.ANALYTE, limits=["min_controls", "min_percent"])
def count(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte that was measured with too few controls for its samples.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` and ``results`` are looked at. A control counts once for each result that is a number, with a
        target or without; replicate wells of one control are one result. A sample counts once, whatever its dilutions,
        and whether it gave a number, a bound or nothing.
    limits : mapping of str to Limit
        ``min_controls``: fewest control results of an analyte in a run, whatever the number of samples.
        ``min_percent``: fewest in percent of its samples, rounded up. The larger of the two is asked for.

    Returns
    -------
    list of Finding
        ``reject`` for each analyte with fewer control results; at most one an analyte.

    Raises
    ------
    NotEvaluableError
        If the run has no sample whose controls could be counted.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Sections 3.3 and 4.3.
    """
    samples = run_input.results.group_by("analyte").agg(pl.col("sample").n_unique())
    n_samples = dict(samples.iter_rows())
    if not n_samples:
        raise NotEvaluableError("The run has no sample to count controls for.")
    measured = run_input.controls.filter(pl.col("value").is_finite())
    n_controls = dict(measured.group_by("analyte").len().iter_rows())
    findings = []
    for analyte in analytes_of(run_input):
        found, for_samples = int(n_controls.get(analyte, 0)), int(n_samples.get(analyte, 0))
        needed = _needed(for_samples, limits)
        if for_samples and found < needed:
            findings.append(_too_few(analyte, found, for_samples, needed, limits))
    return findings


def _needed(n_samples: int, limits: Mapping[str, Limit]) -> int:
    by_share = math.ceil(limits["min_percent"].value * n_samples / 100 - _SLACK)
    return max(math.ceil(limits["min_controls"].value - _SLACK), by_share)


def _too_few(analyte: str, found: int, n_samples: int, needed: int, limits: Mapping[str, Limit]) -> Finding:
    share, least = limits["min_percent"], limits["min_controls"]
    sentence = (
        f"{analyte} has {found} control result{'' if found == 1 else 's'} for {n_samples} "
        f"sample{'' if n_samples == 1 else 's'} in this run; {needed} are needed: {plain(share.value)} % of the "
        f"samples, and {plain(least.value)} at least."
    )
    return Finding(
        _ID,
        Verdict.REJECT,
        Scope.ANALYTE,
        {"analyte": analyte},
        sentence,
        observed=float(found),
        unit="1",
        limits=(least, share),
        suggestion="Measure the samples again with as many controls as the plan of the assay asks for.",
    )
