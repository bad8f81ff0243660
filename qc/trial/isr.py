"""``qc try isr``: incurred samples that were measured again, against their first results."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from schemas.errors import Fault, NotEvaluableError, ReaderError
from schemas.finding import Verdict, worst
from schemas.run import Run

NEEDED = ("sample", "initial", "repeat")
"""Columns that the table must have."""
_RULE = "calibration.isr"
_MISSING = frozenset({"", "na", "nan"})


def isr(text: str, *, n_samples: int | None = None, profile: str = "m10-lba") -> dict[str, Any]:
    """Judge the reanalysis of incurred samples.

    Parameters
    ----------
    text : str
        Text of a CSV with the columns ``sample,initial,repeat``, both numbers in one unit. An empty cell is a missing
        number: its pair counts and is not within.
    n_samples : int, optional
        Samples of the study, to judge how many had to be measured again; None means that nobody says.
    profile : str
        Acceptance profile with the rule ``calibration.isr``.

    Returns
    -------
    dict
        n_pairs, n_within, fraction, n_needed (None if the study's size is not known), verdict, pairs, findings and
        ``gated``: False.

    Raises
    ------
    ReaderError
        If the table cannot be read, or its profile does not judge ISR.
    ConfigError
        If the profile is not known.
    """
    import polars as pl

    from checks.calibration.isr import difference_percent, n_needed
    from checks.calibration.isr import isr as rule
    from checks.profile import load_profile

    limits = load_profile(profile).limits_by_rule.get(_RULE)
    if limits is None:
        raise ReaderError(f"Profile '{profile}' does not judge the reanalysis of incurred samples.")
    rows = _rows(text)
    pairs = pl.DataFrame(rows, schema={"sample": pl.String, "initial": pl.Float64, "repeat": pl.Float64}, orient="row")
    told = pairs.with_columns(difference_percent=difference_percent())
    is_within = (pl.col("difference_percent").abs() <= limits["difference_percent"].value + 1e-6).fill_null(False)
    told = told.with_columns(within=is_within)
    n_within = told.filter("within").height
    try:
        findings = rule.judge(_run_input(pairs, n_samples), limits)
    except NotEvaluableError as error:
        raise ReaderError(str(error)) from error
    return {
        "n_pairs": pairs.height,
        "n_within": n_within,
        "fraction": n_within / pairs.height,
        "n_needed": None if n_samples is None else n_needed(n_samples, limits),
        "verdict": worst(finding.verdict for finding in findings).value,
        "pairs": told.to_dicts(),
        "findings": [
            {"rule": finding.rule, "verdict": Verdict(finding.verdict).value, "sentence": finding.sentence}
            for finding in findings
        ],
        "profile": profile,
        "gated": False,
    }


def _run_input(pairs: Any, n_samples: int | None) -> Any:  # Any: polars is imported when a trial runs, and no sooner
    import polars as pl

    from checks.run_input import RunInput

    none = pl.DataFrame()
    size = pl.lit(n_samples, dtype=pl.Int64).alias("n_samples")
    analyte = pl.lit("the file").alias("analyte")
    # A file holds every pair of its study: nothing more is to come.
    whole = pl.lit(None, dtype=pl.Int64).alias("n_repeated")
    reanalyses = pairs.select(analyte, pl.lit("").alias("matrix"), "initial", "repeat", size, whole)
    run = Run(run="try")
    return RunInput(run=run, wells=none, results=none, controls=none, control_history=none, reanalyses=reanalyses)


def _rows(text: str) -> list[tuple[str, float | None, float | None]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), restval="")
    reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or []]
    absent = [name for name in NEEDED if name not in reader.fieldnames]
    if absent:
        raise ReaderError(f"Column '{absent[0]}' is missing. Expected columns: {', '.join(NEEDED)}.")
    faults: list[Fault] = []
    rows = []
    for row in reader:
        where = f"line {reader.line_num}"
        initial, repeat = (_number(str(row.get(name) or ""), name, where, faults) for name in NEEDED[1:])
        rows.append((str(row["sample"] or "").strip(), initial, repeat))
    if faults:
        raise ReaderError("The table of reanalyses cannot be judged.", faults)
    if not rows:
        raise ReaderError("The table has no rows.")
    return rows


def _number(written: str, name: str, where: str, faults: list[Fault]) -> float | None:
    text = written.strip()
    if text.lower() in _MISSING:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        faults.append(Fault(where, f"'{text}' in column '{name}' is not a number of 0 or above."))
        return None
    return number
