"""Rule identity.copied_plate: two plates never give the same signals well by well."""

from __future__ import annotations

from collections.abc import Mapping

from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.copied_plate", scope=Scope.RUN, limits=["min_wells", "equal_percent"])
def copied_plate(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every plate whose signals stand well by well in a plate of another run.

    Parameters
    ----------
    run_input : RunInput
        ``copied_plates`` is looked at: for each plate the largest number of wells that read the same as the same well
        of one other plate, blanks and empty wells left out.
    limits : mapping of str to Limit
        ``min_wells``: fewest equal wells, 1 or more. ``equal_percent``: smallest share of equal wells, in percent.

    Returns
    -------
    list of Finding
        ``reject`` for each plate that reaches both; ``not_evaluable`` for one of whose wells none has a signal.

    Notes
    -----
    Signals are compared as they were read. A corrected version of the same run is not another run. Both runs are
    flagged, each when it is judged. Censored results play no part.

    References
    ----------
    .. [1] Bik EM, Casadevall A, Fang FC. The prevalence of inappropriate image duplication in biomedical research
       publications. mBio. 2016;7:e00809-16 (of images; the limits are Assaygate's proposal).
    """
    found = []
    for row in run_input.copied_plates.iter_rows(named=True):
        key = {"plate": str(row["plate"])}
        if not row["n_compared"]:
            text = "No well of this plate has a signal, so that it cannot be compared with other plates."
            found.append(Finding("identity.copied_plate", Verdict.NOT_EVALUABLE, Scope.RUN, key, text))
            continue
        share = 100 * row["n_equal"] / row["n_compared"]
        if row["n_equal"] >= limits["min_wells"].value and share >= limits["equal_percent"].value:
            found.append(_copied(key, int(row["n_equal"]), int(row["n_compared"]), share, limits))
    return found


def _copied(
    key: Mapping[str, str], n_equal: int, n_compared: int, share: float, limits: Mapping[str, Limit]
) -> Finding:
    return Finding(
        "identity.copied_plate",
        Verdict.REJECT,
        Scope.RUN,
        dict(key),
        f"{n_equal} of {n_compared} wells ({plain(round(share, 1))} %) read the same as in a plate of another run.",
        observed=share,
        unit="percent",
        limits=(limits["min_wells"], limits["equal_percent"]),
        suggestion="Look for an export that was handed in twice under two names.",
    )
