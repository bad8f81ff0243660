"""Rule range.soft: a result that is unusual deserves a look."""

from __future__ import annotations

from collections.abc import Mapping

from checks.range.range_of_results import contradicts_itself, is_outside, observed_of, observed_text
from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("range.soft", scope=Scope.RESULT, by_row=True)
def soft(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result that is possible but outside the soft range of its analyte, matrix, method, age and sex.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``value``, ``censor``, ``censor_limit``, and the soft and hard limits.
    limits : mapping of str to Limit
        None are needed: the catalogue's limits stand in each result's row, with their source.

    Returns
    -------
    list of Finding
        ``warn`` for each result outside the soft and inside the hard range; ``not_evaluable`` for each result whose
        soft limits contradict each other.

    Notes
    -----
    A limit itself is inside. Where ``range.hard`` speaks already, this rule is silent. An analyte without soft limits
    is silent: they are an invitation to look, not a condition. Bounds are judged by what they prove, as in
    ``range.hard``; a result without a number is left to ``range.value``.

    References
    ----------
    .. [1] The source of each limit stands with it in the analyte's catalogue file and in each finding.
    """
    results = run_input.results.filter(~is_outside("hard_low", "hard_high"))
    odd = results.filter(contradicts_itself("soft_low", "soft_high"))
    sound = results.filter(~contradicts_itself("soft_low", "soft_high"))
    outside = sound.filter(is_outside("soft_low", "soft_high"))
    return [_contradiction(row) for row in odd.iter_rows(named=True)] + [
        _outside(row) for row in outside.iter_rows(named=True)
    ]


def _contradiction(row: ResultRow) -> Finding:
    sentence = f"The soft range of {result_name(row)} is from {plain(row['soft_low'])} to {plain(row['soft_high'])}."
    limits = limits_of(row, "soft_low", "soft_high")
    return about_result(
        "range.soft",
        Verdict.NOT_EVALUABLE,
        row,
        sentence,
        evidence=Evidence(limits=limits),
        suggestion="Mend the limits.",
    )


def _outside(row: ResultRow) -> Finding:
    limits = limits_of(row, "soft_low", "soft_high")
    ends = " and ".join(f"{limit.name} {plain(limit.value)} {limit.unit}" for limit in limits)
    sentence = f"{result_name(row)} of {observed_text(row)} is unusual: {ends}."
    return about_result("range.soft", Verdict.WARN, row, sentence, evidence=Evidence(*observed_of(row), limits))
