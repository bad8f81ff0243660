"""The methods paragraph and the sentences of honesty, made from what was really done."""

from __future__ import annotations

from collections import Counter
from typing import Any

from checks.arithmetic.refusal import Refusal
from checks.arithmetic.signed_rank import smallest_two_sided_p
from qc.paired.contrasts import HEADLINE_P, PairedReport
from qc.paired.plan import Plan
from qc.released import Release
from qc.report.words import p_text

_ZEROS = {
    "wilcox": "zero differences were dropped before ranking (Wilcoxon)",
    "pratt": "zero differences were ranked and then dropped (Pratt)",
}
_DIRECTIONS = {"two_sided": "two-sided", "less": "one-sided for a fall", "greater": "one-sided for a rise"}
MOST_PAIRS_OF_A_COARSE_GRID = 20  # beyond it the grid is finer than any p that is printed
REFERENCES = (
    "Wilcoxon F. Individual comparisons by ranking methods. Biometrics Bull. 1945;1(6):80–83.",
    "Streitberg B, Röhmel J. Exact distributions for permutation and rank tests. Stat Softw Newsl. 1986;12(1):10–17.",
    "Hodges JL, Lehmann EL. Estimates of location based on rank tests. Ann Math Stat. 1963;34(2):598–611.",
    "Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat. 1979;6(2):65–70.",
    "Benjamini Y, Hochberg Y. Controlling the false discovery rate. J R Stat Soc B. 1995;57(1):289–300.",
    "Helsel DR. Statistics for Censored Environmental Data Using Minitab and R. 2nd ed. Wiley; 2012.",
)


def methods_sentences(report: PairedReport, plan: Plan) -> list[str]:
    """Write the methods of a paper from what was done.

    Parameters
    ----------
    report : PairedReport
        Tests that were made.
    plan : Plan
        Plan that they followed.

    Returns
    -------
    list of str
        Sentences of one paragraph.
    """
    sentences = [
        f"Approved results at visit {plan.followup} were compared with those at visit {plan.baseline} within subjects, "
        f"in {len(report.contrasts)} contrasts fixed in the plan, of which {report.n_tested} could be tested.",
        "The test was Wilcoxon's signed-rank test, "
        f"{_DIRECTIONS[plan.alternative]}, with the exact distribution conditional on ties [1, 2]; "
        f"{_ZEROS[plan.zeros]}.",
        _resolution(report, plan),
        "The shift is the Hodges–Lehmann estimate over all pairs with its exact interval [3]; "
        f"{100 * plan.confidence:g} % was asked for, and the level achieved is {_levels(report)}.",
        f"p-values were adjusted by Holm's method over the tested contrasts at alpha = {plan.alpha:g} [4]; "
        "adjustment by Benjamini and Hochberg is given as description [5].",
        _below_limit(report, plan),
        f"A contrast needed {plan.minimum_pairs} complete pairs; a subject without both results was left out of it.",
        _t_sentence(report),
    ]
    return [sentence for sentence in sentences if sentence]


def honesty_sentences(report: PairedReport, release: Release, lock_words: str) -> list[str]:
    """Write what a reader has to know before believing a p-value.

    Parameters
    ----------
    report : PairedReport
        Tests that were made.
    release : Release
        Release that was tested.
    lock_words : str
        When the plan was locked, as a sentence; empty if that was not handed in.

    Returns
    -------
    list of str
        Sentences, the weightiest first.
    """
    n_pairs = [contrast.n_pairs for contrast in report.contrasts if contrast.p_value is not None]
    sentences = [
        "One arm without a control group cannot show what caused a change: regression to the mean, drift of an assay "
        "and the course of the disease look the same here.",
        f"If nothing had changed at all, a family of {report.n_tested} independent tests would still show at least one "
        f"p below {HEADLINE_P:g} with a chance of about {100 * report.chance_of_headline:.0f} %; "
        "only the adjusted p takes that into account.",
        "A p-value above the limit does not show that nothing changed; the interval says what is still compatible.",
        lock_words,
        _plates(report),
        *report.notes[1:],
    ]
    if n_pairs and max(n_pairs) <= MOST_PAIRS_OF_A_COARSE_GRID:
        sentences.append(
            f"Exact p-values are coarse: with {max(n_pairs)} pairs and no zero a two-sided one is a multiple of "
            f"1/{2 ** (max(n_pairs) - 1)}, so none lies below {p_text(smallest_two_sided_p(max(n_pairs)))}."
        )
    if report.overridden:
        sentences.append(f"{report.overridden} of the paired results were approved by a person over a finding.")
    return [sentence for sentence in dict.fromkeys(sentences) if sentence]


def losses_by_reason(report: PairedReport) -> dict[str, int]:
    """Count lost pairs over all contrasts by their reason.

    Parameters
    ----------
    report : PairedReport
        Tests that were made.

    Returns
    -------
    dict of str to int
        Count by reason, most frequent first.
    """
    counts: Counter[str] = Counter()
    for contrast in report.contrasts:
        for loss in contrast.losses:
            counts[loss.reason] += loss.n_subjects
    return dict(counts.most_common())


def versions(release: Release) -> dict[str, str]:
    """Return the versions of what judged, released and tested.

    Parameters
    ----------
    release : Release
        Release with the versions it was made with, if its manifest names them.

    Returns
    -------
    dict of str to str
        Version by name; those of the tests where the manifest is silent.
    """
    from importlib.metadata import PackageNotFoundError, version

    from qc import __version__

    found: dict[str, str] = {"assaygate": __version__}
    for name in ("numpy", "scipy", "polars", "matplotlib"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not known"
    written: Any = release.manifest.get("software", {})  # Any: a manifest is JSON
    return {str(name): str(number) for name, number in dict(written).items()} | found


def _resolution(report: PairedReport, plan: Plan) -> str:
    if plan.resolution == "none":
        return "Differences were not rounded before ranking."
    n_unknown = sum(c.values is not None and c.values.decimals is None for c in report.contrasts)
    exception = f" (not in {n_unknown} contrasts, whose results do not say)" if n_unknown else ""
    return f"Differences were rounded to the decimals that the laboratory reports before ranking{exception}."


def _levels(report: PairedReport) -> str:
    levels = sorted({round(100 * c.shift.conf_achieved, 1) for c in report.contrasts if c.shift is not None})
    if not levels:
        return "not available"
    return f"{levels[0]:g} %" if len(levels) == 1 else f"{levels[0]:g} to {levels[-1]:g} %"


def _below_limit(report: PairedReport, plan: Plan) -> str:
    n_contrasts = sum(bool(c.values and c.values.n_censored) for c in report.contrasts)
    if n_contrasts == 0:
        return "No paired result lay outside the limits of quantification."
    words = f"Results outside the limits of quantification ({n_contrasts} contrasts) were {plan.policy_words}"
    return f"{words}: two such results are a zero difference [6]." if plan.below_lloq == "recensor" else f"{words}."


def _t_sentence(report: PairedReport) -> str:
    n_without = sum(isinstance(contrast.t, Refusal) for contrast in report.contrasts)
    exception = f"; {n_without} contrasts have none, where a value is censored or nothing varies" if n_without else ""
    return f"The paired t test on the same differences is given as sensitivity, unadjusted{exception}."


def _plates(report: PairedReport) -> str:
    n_split = sum(contrast.n_on_two_plates for contrast in report.contrasts)
    if n_split:
        return f"{n_split} pairs were measured on two different plates."
    return "No pair is known to have been measured on two different plates."
