"""Rule range.value: a result must have a number or a bound that it lies beyond."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from checks.result_rows import about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.written_number import two_ways

_WORDS = MappingProxyType(
    {
        "empty": "the cell is empty",
        "masked": "the well or value was masked at the instrument",
        "rejected": "the instrument refused the value",
        "oor_low": "it is below a limit that neither the file nor its method states, and stays censored without one",
        "oor_high": "it is above a limit that neither the file nor its method states, and stays censored without one",
        "other_unit": "its cell names another unit than its row",
        "text": "the cell holds text that is not a number",
        "extrapolated": "the instrument marked the number as extrapolated beyond its standard curve",
    }
)


@rule("range.value", scope=Scope.RESULT, version=3, by_row=True)
def value(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result that has no usable number and no bound.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``value``, ``censor``, ``censor_limit``, ``value_state`` and
        ``unit_state``.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``not_evaluable`` for each result that is masked, empty, not available, refused, extrapolated, text, or out of
        range without a bound.

    Notes
    -----
    A censored result with its bound (``<0.5``, ``>1000``) is content: the bound is what was measured. A number that is
    NaN or infinite is no number. A number or bound whose unit is not known is left to ``range.unit``. Nothing is ever
    put in the place of a missing number.

    References
    ----------
    .. [1] ICH M10 (2022), section 7.1: results without a reportable value are documented with the reason.
    """
    number = pl.col("value").is_not_null() & pl.col("value").is_finite()
    bound = pl.col("censor").is_in(["<", ">"]) & pl.col("censor_limit").is_not_null()
    extrapolated = pl.col("value_state") == "extrapolated"
    is_written = pl.col("value_state").is_in(["number", "below", "above"]) & (pl.col("unit_state") != "ok")
    is_missing = ~(number | bound).fill_null(False) & ~is_written.fill_null(False)
    rows = run_input.results.filter(is_missing | extrapolated.fill_null(False))
    return [_finding(row) for row in rows.iter_rows(named=True)]


_WAYS_ON = MappingProxyType(
    {
        "oor_low": "Write the limit in the cell, in a column lloq or lod of the file, or in the catalogue.",
        "oor_high": "Write the limit in the cell, in a column uloq of the file, or in the catalogue.",
        "other_unit": "Ask which unit is right, and hand the file in again.",
        "text": "Look at the raw value; what a word of your own means stands in words.toml, table [values].",
    }
)


def _finding(row: Mapping[str, object]) -> Finding:
    state, text = str(row["value_state"]), str(row["text"]).strip()
    reason = _WORDS.get(state, "there is neither a number nor a bound")
    if state == "not_available":  # one of the words that mean so, and never what a person wrote
        reason = f"the file says '{text}'"
    sentence = f"The result of {result_name(row)} has no number that can be used: {reason}."
    way_on = (two_ways(text) if state == "text" else "") or _WAYS_ON.get(state, "Look at the raw value.")
    return about_result("range.value", Verdict.NOT_EVALUABLE, row, sentence, suggestion=way_on)
