"""What the clean study must come to: every reported result and the sixteen p-values."""

from __future__ import annotations

from pathlib import Path

from sample_runs.make.assays import VISITS
from sample_runs.make.files import Row, table, write
from sample_runs.make.reported import Reported, contrast_p, flagged_subjects, report
from sample_runs.make.simulate import Key, Simulation
from sample_runs.make.subjects import study_samples

RESULT_COLUMNS = ("sample", "analyte", "matrix", "unit", "value", "censor", "censor_limit", "decimals")
CONTRAST_COLUMNS = (
    "analyte",
    "matrix",
    "baseline",
    "followup",
    "n_pairs",
    "p_value",
    "p_holm",
    "n_unflagged",
    "p_unflagged",
)


def write_answers(folder: Path, study: Simulation) -> None:
    """Write the expected results and contrasts.

    Parameters
    ----------
    folder : Path
        Where.
    study : Simulation
        What the instruments read.
    """
    results = report(study)
    rows = [
        _result_row(results[s.matrix, a], s.code, s.subject, s.visit)
        for s in study_samples()
        for m, a in results
        if m == s.matrix
    ]
    write(folder / "results.csv", table(RESULT_COLUMNS, rows))
    write(folder / "contrasts.csv", table(CONTRAST_COLUMNS, contrast_rows(results)))


def _result_row(reported: Reported, code: str, subject: int, visit: int) -> Row:
    entry = reported.assay
    row: Row = {
        "sample": code,
        "analyte": entry.analyte,
        "matrix": entry.matrix,
        "unit": entry.unit,
        "decimals": entry.decimals,
    }
    if reported.is_below[subject, visit]:
        return {**row, "censor": "<", "censor_limit": float(reported.lower_limit[subject, visit])}
    if reported.is_above[subject, visit]:
        return {**row, "censor": ">", "censor_limit": float(reported.upper_limit[subject, visit])}
    return {**row, "value": float(reported.value[subject, visit])}


def contrast_rows(results: dict[Key, Reported]) -> list[Row]:
    """Return month 3 against month 0 for every assay, with Holm's correction over all of them.

    Parameters
    ----------
    results : dict of tuple of str to Reported
        Results by matrix and analyte.

    Returns
    -------
    list of mapping
        One row a contrast, in the order of the assays.
    """
    p_by_key = {key: contrast_p(reported) for key, reported in results.items()}
    holm: dict[Key, float] = {}
    largest = 0.0
    for rank, key in enumerate(sorted(p_by_key, key=lambda key: p_by_key[key])):
        largest = max(largest, min(1.0, p_by_key[key] * (len(p_by_key) - rank)))
        holm[key] = largest
    rows: list[Row] = []
    for (matrix, analyte), reported in results.items():
        without = flagged_subjects(reported.assay)
        rows.append(
            {
                "analyte": analyte,
                "matrix": matrix,
                "baseline": VISITS[0],
                "followup": VISITS[-1],
                "n_pairs": len(reported.value),
                "p_value": p_by_key[matrix, analyte],
                "p_holm": holm[matrix, analyte],
                "n_unflagged": len(reported.value) - len(without),
                "p_unflagged": contrast_p(reported, without=without),
            }
        )
    return rows
