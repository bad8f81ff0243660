"""The methods paragraph, made from what was really done."""

from __future__ import annotations

from collections import Counter

from checks.arithmetic.refusal import Refusal
from checks.contrast_words.references import SOURCES, cited
from checks.contrasts.outcome import TEST_WORDS
from checks.contrasts.plan import Plan
from checks.contrasts.planned_tests import PairedReport

_ZEROS = {
    "wilcox": "zero differences were dropped before ranking (Wilcoxon)",
    "pratt": "zero differences were ranked and then dropped (Pratt)",
}
_DIRECTIONS = {"two_sided": "two-sided", "less": "one-sided for a fall", "greater": "one-sided for a rise"}
_TESTS = {
    "signed_rank": "Wilcoxon's signed-rank test with the exact distribution conditional on ties {wilcoxon}",
    "sign_flip": "the exact sign-flip test of the mean difference {pitman}",
    "paired_t": "the paired t test {student}",
    "sign_test": "the sign test",
}
_CORRECTIONS = {
    "holm": "p-values were adjusted by Holm's method over the tested contrasts at alpha = {alpha:g} {{holm}}",
    "bh": "p-values were adjusted by Benjamini and Hochberg's method at a false discovery rate of {alpha:g} {{bh}}",
    "fixed_sequence": "the contrasts were tested in the order of the plan at alpha = {alpha:g}, each only if all "
    "before it held {{sequence}}",
    "gatekeeping": "the contrasts were tested in gated families at alpha = {alpha:g}, by Holm's method within each, "
    "the next only if the whole one before held {{gates}}",
}


def methods_sentences(report: PairedReport, plan: Plan) -> list[str]:
    """Write the methods of a paper from what was done.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.
    plan : Plan
        Locked plan of the tests.

    Returns
    -------
    list of str
        Sentences of one paragraph, with the numbers of :func:`references`.
    """
    return cited(_sentences(report, plan))[0]


def references(report: PairedReport, plan: Plan) -> list[str]:
    """Return the sources that the methods cite, in the order in which they do.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.
    plan : Plan
        Locked plan of the tests.
    """
    return [SOURCES[name] for name in cited(_sentences(report, plan))[1]]


def _sentences(report: PairedReport, plan: Plan) -> list[str]:
    correction = _CORRECTIONS[plan.correction].format(alpha=plan.alpha)
    sentences = [
        f"Approved results at visit {plan.followup} were compared with those at visit {plan.baseline} within subjects, "
        f"in {len(report.contrasts)} contrasts fixed in the plan, of which {report.n_tested} could be tested.",
        f"The primary test was {_TESTS[plan.test]}, {_DIRECTIONS[plan.alternative]}"
        f"{', on natural logarithms' if plan.scale == 'log' else ''}"
        f"{'; ' + _ZEROS[plan.zeros] if plan.test == 'signed_rank' else ''}.",
        _arms(plan),
        _resolution(report, plan),
        _estimator(report, plan),
        f"{correction[0].upper()}{correction[1:]}"
        + ("; adjustment by Benjamini and Hochberg is given as description {bh}." if plan.correction != "bh" else "."),
        _below_limit(report, plan),
        f"A contrast needed {plan.minimum_pairs} complete pairs; a subject without both results was left out of it. "
        "Results that differ in platform, method or calibrator lot without a bridging on record were no pair.",
        _effects(report),
        _sensitivity(report),
        f"The smallest detectable difference is that of a paired t test at alpha = {plan.alpha:g} with a power of "
        f"{plan.target_power:g} {{cohen}}; equivalence within a ratio of {1 / plan.equivalence_ratio:.2f} to "
        f"{plan.equivalence_ratio:.2f} was looked at by two one-sided t tests on logarithms {{schuirmann}}.",
        _visits(report),
    ]
    return [sentence for sentence in sentences if sentence]


def _arms(plan: Plan) -> str:
    if not plan.arms:
        return ""
    first, second = plan.arms
    what = {
        "mann_whitney": "the exact Mann-Whitney test, conditional on ties, with the Hodges-Lehmann shift",
        "permutation": "the permutation test of their means, with Welch's interval",
        "ancova": "analysis of covariance of the follow-up on the baseline",
    }
    return (
        f"The changes of arm '{second}' were compared with those of arm '{first}' by {what[plan.arm_test]}; these "
        "comparisons and the pairs within each arm are one family."
    )


def _resolution(report: PairedReport, plan: Plan) -> str:
    if plan.resolution == "none":
        return "Differences were not rounded before ranking."
    n_unknown = sum(c.values is not None and c.values.decimals is None for c in report.contrasts)
    exception = f" (not in {n_unknown} contrasts, whose results do not say)" if n_unknown else ""
    return f"Differences were rounded to the decimals that the laboratory reports before ranking{exception}."


def _estimator(report: PairedReport, plan: Plan) -> str:
    levels = f"{100 * plan.confidence:g} % was asked for, and the level achieved is {_levels(report)}"
    if plan.estimator == "mean":
        what = "geometric mean ratio" if plan.scale == "log" else "mean difference"
        return f"The estimate is the {what} with the interval of t."
    what = "ratio" if plan.scale == "log" else "shift"
    return f"The {what} is the Hodges–Lehmann estimate over all pairs with its exact interval {{hodges}}; {levels}."


def _levels(report: PairedReport) -> str:
    levels = sorted({round(100 * c.shift.conf_achieved, 1) for c in report.contrasts if c.shift is not None})
    if not levels:
        return "not available"
    return f"{levels[0]:g} %" if len(levels) == 1 else f"{levels[0]:g} to {levels[-1]:g} %"


def _below_limit(report: PairedReport, plan: Plan) -> str:
    censored = [c for c in report.contrasts if c.values and c.values.n_censored]
    if not censored:
        return "No paired result lay outside the limits of quantification."
    if plan.below_lloq.startswith("substitute_"):
        return f"Results outside the limits of quantification ({len(censored)} contrasts) were {plan.policy_words}."
    by_test = Counter(contrast.test for contrast in censored)
    words = {
        "prentice_wilcoxon": "scored by the paired Prentice–Wilcoxon test with its signs flipped exactly {prentice}",
        "sign_test": "used by their certain directions alone (sign test)",
    }
    recensored = "re-censored pair by pair at the limits in force, two such results being a zero difference {helsel}"
    parts = [f"in {n} {words.get(test, recensored)}" for test, n in by_test.items()]
    rule = " by the share that was censored, as fixed in the plan" if plan.below_lloq == "ladder" else ""
    return (
        f"Results outside the limits of quantification ({len(censored)} contrasts) were never replaced by a number; "
        f"they were treated{rule}: {'; '.join(parts)}."
    )


def _effects(report: PairedReport) -> str:
    n_without = sum(isinstance(contrast.t, Refusal) for contrast in report.contrasts)
    exception = f"; {n_without} contrasts have none, where a value is censored or nothing varies" if n_without else ""
    return (
        "The effect size is the matched-pairs rank-biserial correlation with an interval by Fisher's z, which "
        f"is approximate and too narrow with few pairs {{kerby}}; the "
        f"paired t test on the same differences is given beside it, unadjusted{exception}."
    )


def _sensitivity(report: PairedReport) -> str:
    kinds = {variant.kind for c in report.contrasts if c.sensitivity for variant in c.sensitivity.variants}
    if not kinds:
        return ""
    words = {
        "without_overridden": "without results approved over a finding",
        "leave_one_out": "with each pair left out in turn",
        "zeros": "with the other policy for zeros {pratt}",
        "scale": "on the other scale",
        "below_lloq": "under every other policy for results below the limit",
        "tests": f"by the {', '.join(TEST_WORDS[name] for name in ('paired_t', 'sign_flip', 'sign_test'))}",
        "without_split_plates": "without pairs on two plates",
        "unrounded": "without rounding",
    }
    done = [text for kind, text in words.items() if kind in kinds]
    return f"Each contrast was repeated {'; '.join(done)}; all other contrasts of the family were held as they were."


def _visits(report: PairedReport) -> str:
    if not report.visits:
        return ""
    return (
        "All visits together were described by Friedman's test (exact, conditional on ties, where it could be "
        "enumerated) {friedman}, Page's test of trend {page} and a mixed model with a random intercept (REML, "
        "Satterthwaite) {satterthwaite}; none of these is in the family."
    )
