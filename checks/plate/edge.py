"""Rule plate.edge: wells at the edge of a plate must read like their replicates inside."""

from __future__ import annotations

import math
from collections.abc import Mapping

from checks.plate_layout import Layout, layouts
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("plate.edge", scope=Scope.ANALYTE, limits=["effect_percent", "alpha", "min_groups", "required"])
def edge(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte of a plate whose edge wells read higher or lower than their replicates inside.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at: replicates of which some lie in the outermost rows and columns and some do not.
    limits : mapping of str to Limit
        ``effect_percent``: smallest mean difference in signal that matters, in percent, above 0.
        ``alpha``: p below which the difference is not put down to chance, above 0 and below 1.
        ``min_groups``: fewest sets of replicates with wells at both places, 1 or more.
        ``required``: 1 if a plate that cannot be judged is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each plate and analyte with such an effect; ``not_evaluable``, where it is required, for each
        with too few sets of replicates at both places.

    Notes
    -----
    Log signals are compared within sets of replicates (samples, controls and standards), so that what a well holds
    plays no part. p comes from shuffling within sets. Both limits must be exceeded. Flagged wells, blanks and signals
    of 0 or less are left out; censored results play no part, signals do. Tables of results are silent.

    References
    ----------
    .. [1] Lundholt BK, Scudder KM, Pagliaro L. A simple technique for reducing edge effect in cell-based assays.
       J Biomol Screen. 2003;8:566-70. The limits are Assaygate's proposal.
    """
    found = [_judged(layout, limits) for layout in layouts(run_input)] if run_input.wells.height else []
    return [finding for finding in found if finding is not None]


def _judged(layout: Layout, limits: Mapping[str, Limit]) -> Finding | None:
    # A fall of x percent is a longer way on the logarithmic scale than a rise: the shorter one is looked at.
    least = math.log1p(limits["effect_percent"].value / 100)
    trend = layout.trend(lambda own: own.is_edge, least=least)
    key = {"analyte": layout.analyte, "plate": layout.plate}
    if trend is None or trend.n_groups < limits["min_groups"].value:
        if not limits["required"].value:
            return None
        text = "Too few replicates lie both at the edge and inside the plate, so an edge effect cannot be judged."
        return Finding("plate.edge", Verdict.NOT_EVALUABLE, Scope.ANALYTE, key, text, limits=(limits["min_groups"],))
    effect = 100 * math.expm1(trend.slope)
    if abs(effect) <= limits["effect_percent"].value or trend.p_two >= limits["alpha"].value:
        return None
    sentence = (
        f"Wells at the edge of the plate read {plain(round(abs(effect), 1))} % "
        f"{'higher' if effect > 0 else 'lower'} than their replicates inside "
        f"({trend.n_groups} sets, p = {trend.p_two:.2g})."
    )
    return Finding(
        "plate.edge",
        Verdict.WARN,
        Scope.ANALYTE,
        key,
        sentence,
        observed=effect,
        unit="percent",
        limits=(limits["effect_percent"], limits["alpha"]),
        suggestion="Look for evaporation or uneven warming; repeat samples that lie at the edge.",
    )
