"""The recommended plan, written out: every setting with its reason."""

from __future__ import annotations

TEMPLATE = """\
# Plan of the paired tests. Lock it before the release is opened: qc plan lock plan.toml
# A locked plan is never changed; a new one is a new version, and both stay on record.

study = {study}

# Visits: the difference is follow-up minus baseline.
baseline = {baseline}
followup = {followup}

# Exact signed-rank test, conditional on the ties and zeros that occur.
test = "{test}"
# Zero differences: "wilcox" drops them before ranking; "pratt" ranks them, then drops them.
zeros = "{zeros}"
# "two_sided", or "less" for a fall and "greater" for a rise, if only one direction was ever of interest.
alternative = "{alternative}"

# Estimate beside each p: the median of all averages of two differences, with an exact interval.
estimator = "{estimator}"
confidence = {confidence}

# Chance of any false finding over all contrasts below, held by Holm's step-down.
alpha = {alpha}
correction = "{correction}"

# Results below the limit: "recensor" puts everything at the highest limit in force within a contrast, two such
# results are a zero difference. "substitute_half" invents half the limit: for sensitivity only, and labelled so.
below_lloq = "{below_lloq}"

# "reported" rounds differences to the decimals that the laboratory reports, so that equal decimals are ties.
resolution = "{resolution}"

# Below six pairs no exact two-sided p can fall under 0.05.
minimum_pairs = {minimum_pairs}

# Several approved results of one subject at one visit: "refuse" leaves the contrast untested until all but one
# are rejected.
several_results = "{several_results}"

# The family: every contrast that may be reported with an adjusted p.
endpoints = [
{endpoints}
]
"""
