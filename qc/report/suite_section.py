"""The section of the report on batch suites: what each run as a whole was held against, and what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRow:
    """One expectation with what it said of the runs of a study."""

    suite: str
    """Name of the suite."""
    matrix: str
    """Matrix of the runs."""
    expectation: str
    """Id of the expectation within the suite."""
    limit: str
    """Limits in words: ``at most 0.167``."""
    basis: str
    """Status and source of the limits."""
    verdict: str
    """Verdict of a run that fails: ``warn`` or ``reject``."""
    n_runs: int
    """Runs that were judged."""
    n_failed: int
    """Runs with at least one finding."""
    said: tuple[tuple[str, str], ...]
    """Run and sentence of each finding."""


def suites_section(rows: Sequence[SuiteRow]) -> str:
    """Write the section as HTML that needs nothing from outside.

    Parameters
    ----------
    rows : sequence of SuiteRow
        Expectations in the order of their suites; none gives an empty text.

    Returns
    -------
    str
        A ``section`` for the report; every text in it is escaped.
    """
    if not rows:
        return ""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = (files("qc.report") / "suites.html.j2").read_text(encoding="utf-8")
    return environment.from_string(text).render(rows=rows)
