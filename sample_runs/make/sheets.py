"""Sample, subject and control sheets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sample_runs.make.assays import ASSAYS, N_SUBJECTS, VISITS, control_material, control_sd
from sample_runs.make.files import Row, table
from sample_runs.make.subjects import CODE_SEED, HAEMOLYSIS_PLATFORM, STUDY, Sample, subject_name

SAMPLE_COLUMNS = (
    "study",
    "sample",
    "subject",
    "visit",
    "matrix",
    "collected_at",
    "frozen_at",
    "tube",
    "haemolysis_index",
    "haemolysis_platform",
    "rbc_per_ul",
    "freeze_thaw_cycles",
)
SUBJECT_COLUMNS = ("study", "subject", "sex", "birth_year")
CONTROL_COLUMNS = ("material", "level", "lot", "analyte", "matrix", "unit", "target", "sd")
TUBES = {"serum": "serum separator", "csf": "polypropylene"}


def sample_row(sample: Sample, study: str, subject: str) -> Row:
    """Return the row of a sample in the sample sheet.

    Parameters
    ----------
    sample : Sample
        The sample.
    study : str
        Name of the study.
    subject : str
        Name of the subject.

    Returns
    -------
    mapping
        The row.
    """
    return {
        "study": study,
        "sample": sample.code,
        "subject": subject,
        "visit": VISITS[sample.visit],
        "matrix": sample.matrix,
        "collected_at": sample.collected_at.isoformat(),
        "frozen_at": sample.frozen_at.isoformat(),
        "tube": TUBES[sample.matrix],
        "haemolysis_index": sample.haemolysis_index,
        "haemolysis_platform": HAEMOLYSIS_PLATFORM if sample.haemolysis_index is not None else "",
        "rbc_per_ul": sample.rbc_per_ul,
        "freeze_thaw_cycles": sample.freeze_thaw_cycles,
    }


def sample_sheet(samples: Sequence[Sample]) -> str:
    """Return the sample sheet of the study.

    Parameters
    ----------
    samples : sequence of Sample
        All samples.

    Returns
    -------
    str
        CSV text.
    """
    return table(SAMPLE_COLUMNS, [sample_row(sample, STUDY, subject_name(sample.subject)) for sample in samples])


def subject_sheet() -> str:
    """Return the subject sheet of the study.

    Returns
    -------
    str
        CSV text.
    """
    rng = np.random.default_rng(CODE_SEED + 2)
    rows = [
        {
            "study": STUDY,
            "subject": subject_name(index),
            "sex": "female" if rng.random() < 0.4 else "male",
            "birth_year": int(rng.integers(1950, 1984)),
        }
        for index in range(N_SUBJECTS)
    ]
    return table(SUBJECT_COLUMNS, rows)


def control_sheet() -> str:
    """Return the control sheet: target and SD of every level of every material.

    Returns
    -------
    str
        CSV text.
    """
    rows: list[Row] = []
    for entry in ASSAYS:
        material, lot = control_material(entry)
        rows += [
            {
                "material": material,
                "level": f"L{level}",
                "lot": lot,
                "analyte": entry.analyte,
                "matrix": entry.matrix,
                "unit": entry.unit,
                "target": float(target),
                "sd": control_sd(entry, target),
            }
            for level, target in enumerate(entry.control_targets, start=1)
        ]
    return table(CONTROL_COLUMNS, rows)
