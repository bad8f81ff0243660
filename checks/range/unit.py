"""Rule range.unit: a result must carry a unit that its analyte knows."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from checks.without_entry import is_without_entry
from schemas.finding import Finding, Limit, Scope, Verdict

_WAY_ON = (
    "State the unit in the file or in the run sheet, then hand the file in again; what an instrument always writes can "
    'be said in words.toml ([units] "as written" = "unit").'
)


@rule("range.unit", scope=Scope.RESULT, by_row=True, sees_all=True)
def unit(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result whose unit is missing, unknown or of the wrong kind.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``unit_text``, ``unit_state`` and ``unit_sentence``.
    limits : mapping of str to Limit
        None are needed; the table of units is part of the analyte's catalogue entry.

    Returns
    -------
    list of Finding
        ``reject`` for each result whose unit is not ``ok``; ``not_evaluable`` where nobody looked at the unit.

    Notes
    -----
    A unit is never guessed: without a known unit the number has no canonical value. Censored results are judged like
    others, for a bound has a unit too. What the catalogue has no entry for is left to ``range.catalogue``.

    References
    ----------
    .. [1] The Unified Code for Units of Measure (UCUM), version 2.1, 2017.
    """
    bad = run_input.results.filter((pl.col("unit_state").fill_null("") != "ok") & ~is_without_entry())
    return [_finding(row) for row in bad.iter_rows(named=True)]


def _finding(row: ResultRow) -> Finding:
    if not row["unit_state"]:
        sentence = f"The unit of {result_name(row)} was not looked up."
        return about_result("range.unit", Verdict.NOT_EVALUABLE, row, sentence)
    written = f"The unit '{row['unit_text']}'" if row["unit_text"] else "An empty unit"
    sentence = str(row["unit_sentence"] or "") or f"{written} cannot be used for {result_name(row)}."
    suggestion = _WAY_ON
    return about_result("range.unit", Verdict.REJECT, row, sentence, suggestion=suggestion)
