"""The recommended plan, written out: every setting with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from checks.contrasts.plan import DEFAULTS

_TEMPLATE = """\
# Plan of the paired tests. Look it over with 'qc plan check plan.toml', then lock it before the release is opened:
# 'qc plan lock plan.toml'. A locked plan is never changed; a new one is a new version, and both stay on record.

study = {study}

# Visits: the difference is follow-up minus baseline. Other follow-ups are compared and described, outside the family.
baseline = {baseline}
followup = {followup}
other_followups = {other_followups}

# Arms of the subject sheet, the one to compare with first: [] for one arm, or ["placebo", "treated"]. Then each
# endpoint is three contrasts of the family: the changes of the arms against each other, and the pairs within each.
arms = {arms}
# "mann_whitney" (exact, of the changes, with the Hodges-Lehmann shift), "permutation" (exact, of their means) or
# "ancova" (follow-up values at the same baseline).
arm_test = {arm_test}

# Primary test: "signed_rank" (exact, conditional on the ties and zeros that occur), "sign_flip" (exact, of the mean),
# "paired_t" or "sign_test".
test = {test}
# Zero differences: "wilcox" drops them before ranking; "pratt" ranks them, then drops them.
zeros = {zeros}
# "two_sided", or "less" for a fall and "greater" for a rise, if only one direction was ever of interest.
alternative = {alternative}
# "raw" compares differences, "log" ratios: then the estimate is a ratio, and values have to be above zero.
scale = {scale}

# Estimate beside each p: "hodges_lehmann" is the median of all averages of two differences, with an exact interval;
# "mean" is the mean with the interval of t (on logs: the geometric mean ratio).
estimator = {estimator}
confidence = {confidence}

# Chance of any false finding over the family of contrasts below, and how it is held: "holm"; "bh" (the expected share
# of false findings instead); "fixed_sequence" (in the order below, each only if all before it held); "gatekeeping"
# (families by 'gate = 1', 'gate = 2' of each endpoint, Holm within, the next only if the whole one before held).
alpha = {alpha}
correction = {correction}

# Repeated under other choices, to say whether the conclusion ever changes. None of it can replace the primary test.
sensitivity = {sensitivity}

# Results below the limit are never deleted, and never silently replaced. "ladder" goes by how much is censored, before
# anybody looks at a difference: few, at one limit: "recensor" (each pair at the limits in force for it, two such
# results are a zero difference); more than the first share below, or several limits: "prentice_wilcoxon" (scores that
# use each limit, signs flipped exactly); more than the second: "sign_test", and no estimate. Each can be named alone.
# "substitute_half", "_limit" and "_sqrt2" invent numbers: for sensitivity only, and labelled so.
below_lloq = {below_lloq}
prentice_wilcoxon_above = {prentice_wilcoxon_above}
sign_test_above = {sign_test_above}

# "reported" rounds differences to the decimals that the laboratory reports, so that equal decimals are ties.
resolution = {resolution}

# Below six pairs no exact two-sided p can fall under 0.05.
minimum_pairs = {minimum_pairs}

# Several approved results of one subject at one visit: "refuse" keeps the gate closed until all but one are rejected,
# or the laboratory declares in qc.toml which one counts; "mean" takes their mean; "exclude_subject" leaves the subject
# out.
several_results = {several_results}

# What excludes a pair: its results differ in platform, method or calibrator lot and no bridging is on record (always);
# "two_plates" and "overridden" (approved over a finding) can be added.
excluded_pairs = {excluded_pairs}

# A change within 1/ratio to ratio counts as none: two one-sided tests say whether that was shown. A large p does not.
equivalence_ratio = {equivalence_ratio}
# Power at which the smallest detectable difference is reckoned for the pairs that are left.
target_power = {target_power}

# The family: every contrast that may be reported with an adjusted p.
endpoints = [
{endpoints}
]
"""


def default_plan_text(
    study: str,
    endpoints: Sequence[tuple[str, str]],
    *,
    baseline: str = "0",
    followup: str = "3",
    other_followups: Sequence[str] = (),
) -> str:
    """Write the recommended plan with every setting and its reason.

    Parameters
    ----------
    study : str
        Study that the plan is for.
    endpoints : sequence of tuple of str
        Analyte and matrix of each contrast.
    baseline : str
        Visit that is subtracted.
    followup : str
        Visit that it is subtracted from.
    other_followups : sequence of str
        Further visits, described outside the family.

    Returns
    -------
    str
        TOML with comments; ``parse_plan`` reads it.
    """
    rows = "\n".join(
        f"    {{ analyte = {_quoted(analyte)}, matrix = {_quoted(matrix)} }}," for analyte, matrix in endpoints
    )
    written = {key: _written(value) for key, value in DEFAULTS.items()} | {
        "study": _quoted(study),
        "baseline": _quoted(baseline),
        "followup": _quoted(followup),
        "other_followups": _written(tuple(other_followups)),
    }
    return _TEMPLATE.format(endpoints=rows, **written)


def _written(value: object) -> str:
    if isinstance(value, tuple):
        line = f"[{', '.join(_quoted(entry) for entry in value)}]"
        return line if len(line) < 100 else "[\n" + "".join(f"    {_quoted(entry)},\n" for entry in value) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
