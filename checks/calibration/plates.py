"""The curves that a run needs, and what rules on them share."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from checks.standard_curves.acceptance import Calibrator
from checks.standard_curves.curve import KEY, CurveKey
from checks.standard_curves.levels import levels_of, usable_calibrators
from schemas.finding import Finding, Scope, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import polars as pl

    from checks.run_input import RunInput

_READ = ("control", "sample")
_MEASURED = ("calibrator", *_READ)


def needed_keys(run_input: RunInput) -> list[CurveKey]:
    """Return plate, analyte and curve group of every curve that the wells of a run need.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at.

    Returns
    -------
    list of tuple of str
        Keys in the order of the wells; empty for a run without a plate. A curve that no sample and no control is read
        from is needed only where there is no other one of its analyte.
    """
    return run_input.once("needed_keys", lambda: _needed_keys(run_input.wells))


def _needed_keys(wells: pl.DataFrame) -> list[CurveKey]:
    import polars as pl

    measured = wells.filter(pl.col("role").is_in(_MEASURED))
    is_read = pl.col("role").is_in(_READ)
    needed = measured.filter(is_read.any().over(KEY) | ~is_read.any().over("analyte"))
    return [(row[0], row[1], row[2]) for row in needed.select(KEY).unique(maintain_order=True).iter_rows()]


def levels_by_key(run_input: RunInput) -> Mapping[CurveKey, list[Calibrator]]:
    """Return the levels of every standard curve, by rising concentration.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at.

    Returns
    -------
    dict of tuple of str to list of Calibrator
        Levels, not given back; no entry where a plate has no usable calibrator.
    """
    return run_input.once("levels_by_key", lambda: _levels_by_key(run_input.wells))


def _levels_by_key(wells: pl.DataFrame) -> dict[CurveKey, list[Calibrator]]:
    pieces = usable_calibrators(wells).group_by(KEY, maintain_order=True)
    return {(str(key[0]), str(key[1]), str(key[2])): levels_of(piece) for key, piece in pieces}


def signal_sd(levels: list[Calibrator], pair: tuple[Calibrator, Calibrator]) -> float | None:
    """Return the standard deviation that a single well shows at two neighbouring levels.

    Parameters
    ----------
    levels : list of Calibrator
        All levels of the curve.
    pair : tuple of Calibrator
        The two neighbours.

    Returns
    -------
    float or None
        The larger of the pooled SD of the pair's own replicates, and the pooled CV of all levels times the pair's
        mean signal: duplicates that agree by chance must not make every step significant. None without replicates.
    """
    own = [level for level in pair if level.signal_sd is not None]
    others = [level for level in levels if level.signal_sd is not None and level.signal != 0]
    if not others:
        return None
    pooled_cv = _pooled([(level.signal_sd or 0.0) / abs(level.signal) for level in others], others)
    pooled_own = _pooled([level.signal_sd or 0.0 for level in own], own) if own else 0.0
    return max(pooled_own, pooled_cv * abs(pair[0].signal + pair[1].signal) / 2)


def of_curves(run_input: RunInput, judge: Callable[[CurveKey], Iterable[Finding]]) -> list[Finding]:
    """Judge every curve that a run needs, and name it where there are several of its analyte.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at.
    judge : callable
        Takes plate, analyte and curve group; gives what is found.

    Returns
    -------
    list of Finding
        In the order of the curves. Where the run has several curves of an analyte, the key of a finding names
        ``plate`` and ``curve`` beside it.
    """
    keys = needed_keys(run_input)
    n_by_analyte = Counter(analyte for _, analyte, _ in keys)
    findings = []
    for key in keys:
        names = dict(zip(KEY, key, strict=True)) if n_by_analyte[key[1]] > 1 else {}
        findings += [replace(finding, key={**finding.key, **names}) for finding in judge(key)]
    return findings


def curve_finding(rule: str, verdict: Verdict, key: CurveKey, sentence: str, suggestion: str = "") -> Finding:
    """Return a finding on one analyte, naming plate and curve in front of the sentence.

    Parameters
    ----------
    rule : str
        Id of the rule.
    verdict : Verdict
        Not ``pass``.
    key : tuple of str
        Plate, analyte and curve group.
    sentence : str
        What is the matter, after "Curve of ...: ".
    suggestion : str
        What a person may do.

    Returns
    -------
    Finding
        Finding of scope ANALYTE.
    """
    plate, analyte, curve = key
    where = f"Curve of '{analyte}' on plate '{plate}'" if plate or analyte else "The curve"
    where += f", group '{curve}'" if curve else ""
    return Finding(rule, verdict, Scope.ANALYTE, {"analyte": analyte}, f"{where}: {sentence}", suggestion=suggestion)


def _pooled(spreads: list[float], levels: list[Calibrator]) -> float:
    freedom = np.array([level.n_wells - 1 for level in levels], dtype=float)
    return float(np.sqrt((freedom * np.square(spreads)).sum() / freedom.sum()))
