"""Rule preanalytic.storage: a sample must not lie too long in the freezer."""

from __future__ import annotations

from collections.abc import Mapping

from checks.preanalytic.sample_times import SampleTime, judge_time
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope

_TIME = SampleTime("preanalytic.storage", "stored_days", "storage_days", "d", "days", "stored")


@rule("preanalytic.storage", scope=Scope.RESULT, limits=["required"], by_row=True)
def storage(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a sample that was stored longer than its analyte bears.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``stored_days`` and the limit ``storage_days``.
    limits : mapping of str to Limit
        ``required``: 1 if the time must be known wherever a limit is, 0 if a missing one is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the limit; ``not_evaluable`` where the time is required and missing, or below 0.

    Notes
    -----
    Time from freezing (from collection, where that is not known) to the start of the run.
    Analytes without a limit are silent. A time equal to the limit is inside. The number of the result plays no part,
    so censored results are judged too.

    References
    ----------
    .. [1] Source of each limit: the analyte's catalogue file.
    """
    return judge_time(run_input.results, _TIME, limits["required"])
