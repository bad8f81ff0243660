"""The results of many runs as if they were one, for rules that judge each result by its own row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from schemas.finding import Scope

if TYPE_CHECKING:
    from checks.rule import Rule
    from checks.run_input import RunInput
    from schemas.finding import Finding, Limit


@dataclass(frozen=True, slots=True)
class Together:
    """Results of several runs in one frame, numbered throughout."""

    run_input: RunInput
    """All results; what else is known of the runs is left out."""
    places: Sequence[tuple[int, int]]
    """By number of the result, from 1: which run, from 0, and the ordinal that it has there."""
    n_runs: int
    """How many runs there are."""

    def judge(self, rule: Rule, limits: Mapping[str, Limit]) -> list[list[Finding]] | None:
        """Ask a rule once for all runs.

        Parameters
        ----------
        rule : Rule
            Rule that judges by row.
        limits : mapping of str to Limit
            Its limits, the same for all runs.

        Returns
        -------
        list of list of Finding, or None
            Findings by run, each as if the run had been judged alone. None if one of them speaks of more than one
            result: the runs must then be judged one by one.
        """
        found: list[list[Finding]] = [[] for _ in range(self.n_runs)]
        for finding in rule.judge(self.run_input, limits):
            if finding.scope is not Scope.RESULT or set(finding.key) != {"result"}:
                return None
            run, ordinal = self.places[int(finding.key["result"]) - 1]
            found[run].append(replace(finding, key={"result": ordinal}))
        return found


def together(run_inputs: Sequence[RunInput]) -> Together | None:
    """Put the results of several runs into one frame.

    Parameters
    ----------
    run_inputs : sequence of RunInput
        The runs, one at least.

    Returns
    -------
    Together or None
        None where their columns differ.
    """
    frames = [one.results for one in run_inputs]
    try:
        stacked = pl.concat(frames)
    except (pl.exceptions.SchemaError, pl.exceptions.ShapeError):
        return None
    result_keys = [(run, ordinal) for run, frame in enumerate(frames) for ordinal in frame["ordinal"].to_list()]
    numbered = stacked.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("ordinal"))
    first = run_inputs[0]
    combined = replace(
        first,
        run=replace(first.run, run=""),
        wells=first.wells.clear(),
        results=numbered,
        controls=first.controls.clear(),
        control_history=first.control_history.clear(),
        linked=first.linked.clear(),
        curves={},
        duplicates={},
        repeats={},
        evidence=frozenset(),
    )
    return Together(combined, result_keys, len(frames))
