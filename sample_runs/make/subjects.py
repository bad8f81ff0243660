"""The SYNTHETIC subjects, visits and samples, and the flaws that some samples carry on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sample_runs.make.assays import N_SUBJECTS, VISITS

STUDY = "ALS-1"
LABEL = "SYNTHETIC"
CODE_SEED = 20250901
HAEMOLYSIS_PLATFORM = "cobas"
_LETTERS = "ABCDEFGHJKLNPQRWXYZ"
_DIGITS = "23456789"


@dataclass(frozen=True, slots=True)
class Sample:
    """One tube of one visit."""

    code: str
    """Code on the tube; says nothing of subject or visit."""
    subject: int
    """Index of the subject, from 0."""
    visit: int
    """Index of the visit, from 0."""
    matrix: str
    """``serum`` or ``csf``."""
    collected_at: datetime
    """When it was taken, local time."""
    frozen_at: datetime
    """When it was frozen, local time."""
    haemolysis_index: float | None = None
    """Index of the platform ``HAEMOLYSIS_PLATFORM``; None for CSF."""
    rbc_per_ul: float | None = None
    """Red cells per microlitre; None for serum."""
    freeze_thaw_cycles: int = 1
    """Number of freeze-thaw cycles before the measurement."""


HAEMOLYSED = ("serum", 5, 0)
"""Matrix, subject and visit index of the haemolysed sample."""
BLOODY = ("csf", 10, 2)
"""Matrix, subject and visit index of the CSF sample with blood."""
DISCORDANT_WELLS = ("serum", "tnf_alpha", 2, 2)
"""Matrix, analyte, subject and visit index of the duplicate that disagrees."""
ABOVE_RANGE = ("csf", "nfl", 8, 1)
"""Matrix, analyte, subject and visit index of the result above the range of its plate."""
CK_HIGH = ("serum", "ck", 12, 3)
"""Matrix, analyte, subject and visit index of the high creatine kinase."""


def sample_codes(n_codes: int, seed: int) -> list[str]:
    """Draw codes of the form letter, digit, letter, digit, letter, digit.

    Letters and digits that could be read as a visit (M, V, T, S, 0, 1) or mistaken for one another are left out.

    Parameters
    ----------
    n_codes : int
        How many codes.
    seed : int
        Seed of the draw.

    Returns
    -------
    list of str
        Codes, all different, in random order.
    """
    rng = np.random.default_rng(seed)
    codes: dict[str, None] = {}
    while len(codes) < n_codes:
        letters = rng.choice(list(_LETTERS), 3)
        digits = rng.choice(list(_DIGITS), 3)
        codes["".join(letter + digit for letter, digit in zip(letters, digits, strict=True))] = None
    return list(codes)


def subject_name(index: int) -> str:
    """Return the name of a subject.

    Parameters
    ----------
    index : int
        Index of the subject, from 0.

    Returns
    -------
    str
        Name such as ``ALS-01``.
    """
    return f"ALS-{index + 1:02d}"


def study_samples() -> list[Sample]:
    """Return the samples of the study: subjects by visits by matrices.

    Returns
    -------
    list of Sample
        Samples in the order of subject, visit and matrix.
    """
    rng = np.random.default_rng(CODE_SEED)
    codes = iter(sample_codes(N_SUBJECTS * len(VISITS) * 2, CODE_SEED + 1))
    samples = []
    for subject in range(N_SUBJECTS):
        enrolled = datetime.fromisoformat("2025-01-13T08:00:00") + timedelta(
            days=7 * int(subject // 2), minutes=25 * (subject % 2)
        )
        for visit in range(len(VISITS)):
            drawn = enrolled + timedelta(days=28 * visit + int(rng.integers(0, 3)), minutes=int(rng.integers(0, 50)))
            samples += [_sample(next(codes), subject, visit, matrix, drawn, rng) for matrix in ("serum", "csf")]
    return samples


def shuffled(samples: Sequence[Sample], seed: int) -> list[Sample]:
    """Return the samples in random order, so that their place tells nothing.

    Parameters
    ----------
    samples : sequence of Sample
        The samples.
    seed : int
        Seed of the order.

    Returns
    -------
    list of Sample
        The same samples.
    """
    order = np.random.default_rng(seed).permutation(len(samples))
    return [samples[int(index)] for index in order]


def _sample(code: str, subject: int, visit: int, matrix: str, drawn: datetime, rng: np.random.Generator) -> Sample:
    taken = drawn if matrix == "serum" else drawn + timedelta(minutes=35)
    frozen = taken + timedelta(minutes=int(rng.integers(55, 95)))
    index = float(rng.integers(2, 19))
    cells = float(rng.integers(0, 12))
    if matrix == "serum":
        haemolysis = 420.0 if (matrix, subject, visit) == HAEMOLYSED else index
        return Sample(code, subject, visit, matrix, taken, frozen, haemolysis_index=haemolysis)
    red_cells = 900.0 if (matrix, subject, visit) == BLOODY else cells
    return Sample(code, subject, visit, matrix, taken, frozen, rbc_per_ul=red_cells)
