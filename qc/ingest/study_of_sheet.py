"""The study of a run that names none: the one whose sample sheet knows its samples, else the default of qc.toml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.readers.intake import Intake
    from qc.store.connection import Connection
    from schemas.run import Run

_STUDIES = """
    SELECT study, count(DISTINCT sample) FROM latest_samples WHERE sample IN (SELECT unnest(?::VARCHAR[]))
    GROUP BY study ORDER BY study
"""


def with_studies_of_sheets(con: Connection, intake: Intake) -> Intake:
    """Give runs that name no study the one study whose sample sheet knows all of their samples.

    Returns
    -------
    Intake
        The same where the default study knows one of them, where several studies do, or where none knows all.
    """
    if not intake.runs_without_study:
        return intake
    runs = tuple(_with_study(con, run, intake) if run.run in intake.runs_without_study else run for run in intake.runs)
    return replace(intake, runs=runs)


def _with_study(con: Connection, run: Run, intake: Intake) -> Run:
    samples = sorted(set(_samples(run, intake)))
    known = dict(con.execute(_STUDIES, [samples]).fetchall()) if samples else {}
    if run.study in known or len(known) != 1:
        return run
    ((study, n_known),) = known.items()
    return replace(run, study=study) if n_known == len(samples) else run


def _samples(run: Run, intake: Intake) -> Iterable[str]:
    import polars as pl

    for table, column in (("wells", "name"), ("reported", "sample")):
        if table in intake.tables:
            own = intake.tables[table].filter((pl.col("run") == run.run) & (pl.col("role") == "sample"))
            yield from own[column].to_list()
