"""``qc try isr``: incurred samples that were measured again, against their first results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from checks.trials.csv_table import read_csv_table
from schemas.errors import NotEvaluableError, ReaderError
from schemas.finding import Verdict, worst
from schemas.json_model import JsonModel
from schemas.run import Run

NEEDED = ("sample", "initial", "repeat")
"""Columns that the table must have."""
_RULE = "calibration.isr"


@dataclass(frozen=True, slots=True)
class ReanalysedPair(JsonModel):
    """One sample that was measured twice."""

    sample: str
    """Name of the sample."""
    initial: float | None
    """First result."""
    repeat: float | None
    """Second result, in the same unit."""
    difference_percent: float | None
    """Difference of the two in percent of their mean; None where one is missing."""
    within: bool
    """Whether it lies within the limit."""


@dataclass(frozen=True, slots=True)
class IsrFinding(JsonModel):
    """What the rule says."""

    rule: str
    """Id of the rule."""
    verdict: Verdict
    """Its verdict."""
    sentence: str
    """What it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsrAnswer(JsonModel):
    """Reanalysis of incurred samples, judged."""

    n_pairs: int
    """Samples that were measured again."""
    n_within: int
    """Those whose results agree."""
    fraction: float
    """Share of them, 0 to 1."""
    n_needed: int | None
    """Samples that had to be measured again; None where the size of the study is not known."""
    verdict: Verdict
    """Verdict of the whole."""
    pairs: list[ReanalysedPair]
    """Each sample, in the order of the file."""
    findings: list[IsrFinding]
    """What the rule says."""
    profile: str
    """Acceptance profile."""
    gated: Literal[False] = False
    """Nothing says that these data were approved."""


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
    judged_pairs = pairs.with_columns(difference_percent=difference_percent())
    is_within = (pl.col("difference_percent").abs() <= limits["difference_percent"].value + 1e-6).fill_null(False)
    judged_pairs = judged_pairs.with_columns(within=is_within)
    n_within = judged_pairs.filter("within").height
    try:
        findings = rule.judge(_run_input(pairs, n_samples), limits)
    except NotEvaluableError as error:
        raise ReaderError(str(error)) from error
    return IsrAnswer(
        n_pairs=pairs.height,
        n_within=n_within,
        fraction=n_within / pairs.height,
        n_needed=None if n_samples is None else n_needed(n_samples, limits),
        verdict=worst(finding.verdict for finding in findings),
        pairs=[ReanalysedPair(**row) for row in judged_pairs.to_dicts()],
        findings=[IsrFinding(finding.rule, Verdict(finding.verdict), finding.sentence) for finding in findings],
        profile=profile,
    ).as_json()


def _run_input(pairs: Any, n_samples: int | None) -> Any:  # Any: polars is imported when a trial runs, and no sooner
    import polars as pl

    from checks.run_input import RunInput

    none = pl.DataFrame()
    size = pl.lit(n_samples, dtype=pl.Int64).alias("n_samples")
    analyte = pl.lit("the file").alias("analyte")
    # A file holds every pair of its study: nothing more is to come.
    n_repeated = pl.lit(None, dtype=pl.Int64).alias("n_repeated")
    reanalyses = pairs.select(analyte, pl.lit("").alias("matrix"), "initial", "repeat", size, n_repeated)
    run = Run(run="try")
    return RunInput(run=run, wells=none, results=none, controls=none, control_history=none, reanalyses=reanalyses)


def _rows(text: str) -> list[tuple[str, float | None, float | None]]:
    table = read_csv_table(text, NEEDED)
    rows = []
    for place, cells in enumerate(table.rows):
        initial, repeat = (table.number(place, name) for name in NEEDED[1:])
        for name, number in (("initial", initial), ("repeat", repeat)):
            if number is not None and number < 0:
                table.fault(place, f"'{cells[name]}' in column '{name}' is not a number of 0 or above.")
        rows.append((cells.get("sample", ""), initial, repeat))
    table.refuse_faults("The table of reanalyses")
    return rows
