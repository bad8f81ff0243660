"""What a reader has to know before believing a p-value, and how many pairs were lost."""

from __future__ import annotations

from collections import Counter

from checks.arithmetic.pairs.signed_rank import smallest_two_sided_p
from checks.contrast_words.numbers import p_text
from checks.contrasts.frozen_release import Release
from checks.contrasts.planned_tests import HEADLINE_P, PairedReport

MOST_PAIRS_OF_A_COARSE_GRID = 20  # beyond it the grid is finer than any p that is printed


def honesty_sentences(report: PairedReport, release: Release, lock_words: str) -> list[str]:
    """Write what a reader has to know before believing a p-value.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.
    release : Release
        Results that were tested.
    lock_words : str
        When the plan was locked, as a sentence; empty if that was not handed in.

    Returns
    -------
    list of str
        Sentences, the weightiest first.
    """
    n_pairs = [contrast.n_pairs for contrast in report.contrasts if contrast.p_value is not None]
    sentences = [
        _cause(report),
        f"If nothing had changed at all, a family of {report.n_tested} independent tests would still show at least one "
        f"p below {HEADLINE_P:g} with a chance of about {100 * report.chance_of_headline:.0f} %; "
        "only the adjusted p takes that into account.",
        "A p-value above the limit does not show that nothing changed; the interval says what is still compatible, and "
        "the test of equivalence whether a relevant change was excluded.",
        lock_words or "When the plan was locked was not handed to this report.",
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
    sentences.append(
        "This report tells visits apart: it is for the statistician of a closed release, not for whoever still decides "
        "about results of this study. Subjects are drawn without their names."
    )
    return [sentence for sentence in dict.fromkeys(sentences) if sentence]


def _cause(report: PairedReport) -> str:
    if report.arms:
        return (
            "Only the changes of the two arms against each other can show what caused them, and only if the arms were "
            "drawn by lot; a change within an arm may be regression to the mean, drift of an assay or the disease."
        )
    return (
        "One arm, open label, without a control group: this cannot show what caused a change. Regression to the mean, "
        "drift of an assay, expectation and the course of the disease look the same here."
    )


def losses_by_reason(report: PairedReport) -> dict[str, int]:
    """Count lost pairs over all contrasts by their reason.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.

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


def _plates(report: PairedReport) -> str:
    n_split = sum(contrast.n_on_two_plates for contrast in report.contrasts)
    n_confounded = sum(contrast.is_confounded for contrast in report.contrasts)
    if n_split:
        return (
            f"{n_split} pairs were measured on two different plates; plates and visits are confounded in "
            f"{n_confounded} of {len(report.contrasts)} contrasts."
        )
    return "No pair is known to have been measured on two different plates: plates are not confounded with visits."
