"""Tidy result tables of the chemistry analysers: samples, and controls measured twice at each level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sample_runs.make.assays import Assay, control_material
from sample_runs.make.files import Cell, Row
from sample_runs.make.reported import Reported
from sample_runs.make.subjects import Sample

COLUMNS = (
    "run",
    "role",
    "sample",
    "analyte",
    "matrix",
    "value",
    "unit",
    "dilution",
    "method",
    "replicate",
    "material",
    "level",
    "lot",
    "flag",
)


def sample_row(run: str, entry: Assay, code: str, value: Cell, **changed: Cell) -> Row:
    """Return the row of one sample result.

    Parameters
    ----------
    run : str
        Name of the run.
    entry : Assay
        What was measured.
    code : str
        Sample code.
    value : str, float, int or None
        Value as written.
    **changed : str, float, int or None
        Columns that differ from what the assay says.

    Returns
    -------
    mapping
        The row.
    """
    row: dict[str, Cell] = {
        "run": run,
        "role": "sample",
        "sample": code,
        "analyte": entry.analyte,
        "matrix": entry.matrix,
        "value": value,
        "unit": entry.unit,
        "dilution": 1,
        "method": entry.method,
        "replicate": "1",
    }
    return row | changed


def control_rows(run: str, entry: Assay, values: Iterable[Sequence[float]]) -> list[Row]:
    """Return the rows of the controls of one assay.

    Parameters
    ----------
    run : str
        Name of the run.
    entry : Assay
        What was measured.
    values : iterable of sequence of float
        Values by level, lowest level first.

    Returns
    -------
    list of mapping
        Rows in the order of level and replicate.
    """
    material, lot = control_material(entry)
    decimals = entry.decimals + 1  # as analysers print controls
    return [
        sample_row(
            run,
            entry,
            "",
            round(float(value), decimals),
            role="control",
            replicate=str(replicate),
            material=material,
            level=f"L{level}",
            lot=lot,
        )
        for level, replicates in enumerate(values, start=1)
        for replicate, value in enumerate(replicates, start=1)
    ]


def written_value(reported: Reported, subject: int, visit: int) -> Cell:
    """Return a result as the analyser prints it: the number, or ``<`` and the limit.

    Parameters
    ----------
    reported : Reported
        Results of one assay.
    subject : int
        Index of the subject.
    visit : int
        Index of the visit.

    Returns
    -------
    str, float or int
        What stands in the cell.
    """
    if reported.is_below[subject, visit]:
        return f"<{reported.lower_limit[subject, visit]:.{reported.assay.decimals}f}"
    value = float(reported.value[subject, visit])
    return round(value, reported.assay.decimals) if reported.assay.decimals else round(value)


def result_rows(run: str, reported: Reported, samples: Sequence[Sample]) -> list[Row]:
    """Return the rows of the samples of one assay.

    Parameters
    ----------
    run : str
        Name of the run.
    reported : Reported
        Results of one assay.
    samples : sequence of Sample
        Samples in the order in which they were measured; those of another matrix are left out.

    Returns
    -------
    list of mapping
        One row a sample.
    """
    return [
        sample_row(run, reported.assay, sample.code, written_value(reported, sample.subject, sample.visit))
        for sample in samples
        if sample.matrix == reported.assay.matrix
    ]
