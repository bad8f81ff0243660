"""Rule plate.drift: signals must not run away across a plate."""

from __future__ import annotations

import math
from collections.abc import Mapping

from checks.plate_layout import Layout, layouts
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

N_ERRORS = 2
"""Standard errors that a drift must exceed to be told from none."""
N_DIRECTIONS = 2
"""Directions that are tested on each plate; alpha is shared among them."""


@rule("plate.drift", scope=Scope.ANALYTE, limits=["drift_percent", "alpha", "min_groups", "required"], version=2)
def drift(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte of a plate whose signals rise or fall from one side to the other.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at: replicates in different columns, or in different rows.
    limits : mapping of str to Limit
        ``drift_percent``: smallest change over the whole plate that matters, in percent, above 0.
        ``alpha``: p below which it is not put down to chance, for both directions together, above 0 and below 1.
        ``min_groups``: fewest sets of replicates that are spread in that direction, 1 or more.
        ``required``: 1 if a plate that can be judged in neither direction is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each plate, analyte and direction with such a drift; ``not_evaluable``, where it is required, for
        each without one that can be judged in neither direction.

    Notes
    -----
    The slope of log signal on column (or row) is fitted within sets of replicates and extended over the plate, so
    that the order of the samples plays no part; p comes from shuffling within sets. Both limits must be exceeded.
    Duplicates side by side see only a strong drift: a plate whose replicates could not tell a drift of the limit from
    none (two standard errors reach it) is not called free of drift, and a drift beyond what they can tell is flagged
    all the same. Spread controls over the plate. Flagged wells, blanks and signals of 0 or less are left out; censored
    results play no part, signals do. Tables of results are silent.

    References
    ----------
    .. [1] Edgington ES, Onghena P. Randomization tests, 4th ed. Chapman & Hall, 2007. The limits are Assaygate's
       proposal.
    """
    if not run_input.wells.height:
        return []
    return [finding for layout in layouts(run_input) for finding in _judged(layout, limits)]


def _judged(layout: Layout, limits: Mapping[str, Limit]) -> list[Finding]:
    # A fall of x percent is a longer way on the logarithmic scale than a rise: the shorter one is looked at.
    least = math.log1p(limits["drift_percent"].value / 100)
    n_columns, n_rows = layout.n_columns - 1, layout.n_rows - 1
    tested = {
        ("columns", n_columns): layout.trend(lambda own: own.column, least=least / n_columns),
        ("rows", n_rows): layout.trend(lambda own: own.row, least=least / n_rows),
    }
    few = limits["min_groups"].value
    usable = {way: trend for way, trend in tested.items() if trend is not None and trend.n_groups >= few}
    key = {"analyte": layout.analyte, "plate": layout.plate}
    found = []
    for (way, n_steps), trend in usable.items():
        change = 100 * math.expm1(min(trend.slope * n_steps, 50.0))
        is_chance = trend.p_two * N_DIRECTIONS >= limits["alpha"].value
        if abs(change) > limits["drift_percent"].value and not is_chance:
            found.append(_drifting({**key, "direction": way}, way, change, trend.p_two, limits))
    if not found and limits["required"].value:
        telling = [way for (way, n), trend in usable.items() if N_ERRORS * trend.standard_error * n < least]
        return [] if telling else [_blind(key, limits, is_spread=bool(usable))]
    return found


def _blind(key: Mapping[str, str], limits: Mapping[str, Limit], *, is_spread: bool) -> Finding:
    why = "scatter too much, or lie too close together," if is_spread else "are too few, or lie in one place,"
    text = f"Replicates {why} to tell a drift of {plain(limits['drift_percent'].value)} % over the plate from none."
    given = (limits["drift_percent"], limits["min_groups"])
    return Finding("plate.drift", Verdict.NOT_EVALUABLE, Scope.ANALYTE, dict(key), text, limits=given)


def _drifting(key: Mapping[str, str], way: str, change: float, p_two: float, limits: Mapping[str, Limit]) -> Finding:
    sentence = (
        f"Signals {'rise' if change > 0 else 'fall'} by {plain(round(abs(change), 1))} % over the {way} of the plate, "
        f"judged among replicates (p = {p_two:.2g})."
    )
    return Finding(
        "plate.drift",
        Verdict.WARN,
        Scope.ANALYTE,
        dict(key),
        sentence,
        observed=change,
        unit="percent",
        limits=(limits["drift_percent"], limits["alpha"]),
        suggestion="Look at pipetting order, incubation and reading time; spread controls over the plate.",
    )
