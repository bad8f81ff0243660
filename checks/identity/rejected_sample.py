"""Rule identity.rejected_sample: a result of a sample that was rejected before the result came in."""

from __future__ import annotations

from collections.abc import Mapping

from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.rejected_sample", scope=Scope.RESULT)
def rejected_sample(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every result of a sample that a person had rejected as a whole before the result came in.

    Parameters
    ----------
    run_input : RunInput
        ``rejected_samples`` is looked at: the decision in words, by ordinal. The value is not: a missing or censored
        result of a rejected sample is a result of it.
    limits : mapping of str to Limit
        None.

    Returns
    -------
    list of Finding
        ``reject`` for each such result, with the ledger entry and its reason.

    Raises
    ------
    NotEvaluableError
        If the run has no result.

    Notes
    -----
    Results that were there when the sample was rejected are rejected by that decision. A later one was not seen then:
    it waits, and a person rejects it too, or approves it over this rule. What is to be repeated is awaited, and not
    held.

    References
    ----------
    .. [1] 21 CFR 11.10(f): operational checks to enforce permitted sequencing of steps and events.
    """
    if run_input.results.is_empty():
        raise NotEvaluableError("The run has no result.")
    return [_finding(ordinal, said) for ordinal, said in sorted(run_input.rejected_samples.items())]


def _finding(ordinal: int, said: str) -> Finding:
    sentence = f"The sample of this result was rejected as a whole before the result came in ({said})."
    return Finding(
        "identity.rejected_sample",
        Verdict.REJECT,
        Scope.RESULT,
        {"result": ordinal},
        sentence,
        suggestion="Reject it with its sample; undo the rejection of the sample if it no longer holds.",
    )
