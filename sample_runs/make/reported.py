"""What the laboratory reports of a simulated study, and its contrasts of month 3 against month 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_runs.make.assays import ASSAYS, N_SUBJECTS, VISITS, Assay
from sample_runs.make.curve import Floats
from sample_runs.make.simulate import Key, PlateReading, Simulation, plate_conc
from sample_runs.make.subjects import ABOVE_RANGE, BLOODY, CK_HIGH, DISCORDANT_WELLS, HAEMOLYSED

HAEMOLYSIS_CONCERNS = frozenset({"iron", "tibc", "ck", "ferritin", "nfl"})
"""Serum analytes that haemolysis disturbs."""
BLOOD_CONCERNS = frozenset(entry.analyte for entry in ASSAYS if entry.matrix == "csf")
"""CSF analytes that 900 red cells per microlitre disturb."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Results of one assay as the laboratory reports them; all arrays have shape (n_subjects, n_visits)."""

    assay: Assay
    """The assay."""
    value: Floats
    """Rounded value; of a censored result the number that was found."""
    is_below: NDArray[np.bool_]
    """True below the lower limit."""
    is_above: NDArray[np.bool_]
    """True above the upper limit."""
    lower_limit: Floats
    """Lower limit in force."""
    upper_limit: Floats
    """Upper limit in force; infinite where there is none."""


def report(study: Simulation) -> dict[Key, Reported]:
    """Return all results of a simulated study.

    Parameters
    ----------
    study : Simulation
        What the instruments read.

    Returns
    -------
    dict of tuple of str to Reported
        Results by matrix and analyte.
    """
    return {
        entry.key: _from_plates(entry, [plate for plate in study.plates if plate.assay.key == entry.key])
        if entry.method == "elisa"
        else _from_analyser(entry, study.chemistry[entry.key])
        for entry in ASSAYS
    }


def _from_analyser(entry: Assay, raw: Floats) -> Reported:
    value: Floats = np.round(raw, entry.decimals)
    lower = np.full(value.shape, entry.lower_limit or 0.0, dtype=np.float64)
    return Reported(entry, value, value < lower, np.zeros(value.shape, bool), lower, np.full(value.shape, np.inf))


def _from_plates(entry: Assay, plates: list[PlateReading]) -> Reported:
    shape = (N_SUBJECTS, len(VISITS))
    value, lower, upper = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for plate in plates:
        params = plate.params
        for subject, visit in plate.sample_signal:
            value[subject, visit] = plate_conc(plate, subject, visit, params)
            lower[subject, visit] = plate.calibrator_conc.min() * entry.dilution
            upper[subject, visit] = plate.calibrator_conc.max() * entry.dilution
    below, above = value < lower, value > upper
    finite = np.where(np.isfinite(value), value, upper * 2)
    rounded = np.asarray(np.round(finite, entry.decimals), dtype=np.float64)
    return Reported(entry, rounded, below, above, lower, upper)


def signed_rank_p(differences: Floats) -> float:
    """Return the exact two-sided p-value of the signed rank test, zeros dropped, conditional on ties.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences, already rounded to the reported resolution.

    Returns
    -------
    float
        p-value, 1 if all differences are zero.
    """
    nonzero = differences[differences != 0]
    if not len(nonzero):
        return 1.0
    size = np.abs(nonzero)
    ranks2 = np.array([2 * (size < s).sum() + (size == s).sum() + 1 for s in size])
    counts = np.array([1.0])
    for rank2 in ranks2:
        counts = np.concatenate([counts, np.zeros(rank2)]) + np.concatenate([np.zeros(rank2), counts])
    observed = int(ranks2[nonzero > 0].sum())
    tail = min(counts[: observed + 1].sum(), counts[observed:].sum())
    return float(min(1.0, 2 * tail / counts.sum()))


def contrast_p(
    reported: Reported, *, without: frozenset[int] = frozenset(), extra_decimals: int = 0, below_at: float = 1.0
) -> float:
    """Return the p-value of month 3 against month 0, after re-censoring at the highest limit in force.

    Parameters
    ----------
    reported : Reported
        Results of one assay.
    without : frozenset of int
        Indexes of subjects whose pair is left out.
    extra_decimals : int
        Decimals kept beyond the reported ones.
    below_at : float
        Where below the limit a censored value is put, as a fraction of the limit.

    Returns
    -------
    float
        Exact two-sided p-value.
    """
    ends = [0, -1]
    lowest, highest = reported.lower_limit[:, ends], reported.upper_limit[:, ends]
    limit = max(lowest[reported.is_below[:, ends]].tolist(), default=0.0)
    ceiling = min(highest[reported.is_above[:, ends]].tolist(), default=np.inf)
    value = np.where(reported.value < limit, limit * below_at, np.minimum(reported.value, ceiling))
    subjects = [subject for subject in range(N_SUBJECTS) if subject not in without]
    difference = np.round(value[subjects, -1] - value[subjects, 0], reported.assay.decimals + extra_decimals)
    return signed_rank_p(difference)


def flagged_subjects(entry: Assay) -> frozenset[int]:
    """Return the subjects with a flagged result of an assay at month 0 or 3.

    Parameters
    ----------
    entry : Assay
        The assay.

    Returns
    -------
    frozenset of int
        Indexes of subjects.
    """
    samples = {subject for matrix, subject, visit in (HAEMOLYSED, BLOODY) if matrix == entry.matrix and visit in (0, 3)}
    results = (DISCORDANT_WELLS, ABOVE_RANGE, CK_HIGH)
    own = {subject for matrix, analyte, subject, visit in results if (matrix, analyte) == entry.key and visit in (0, 3)}
    return frozenset(samples | own)
