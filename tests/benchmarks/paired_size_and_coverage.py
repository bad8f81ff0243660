"""Simulate, with a seed, how often each paired test rejects when nothing changed, and how often each interval covers.

Run it as ``python tests/benchmarks/paired_size_and_coverage.py [n_studies]``. Data: log-normal subjects measured twice
with a log SD of 0.35 within and 0.6 between subjects; reported to one decimal (ties), to whole units (ties and zeros),
or with the lowest fifth or half below a limit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from math import comb, erf, log

import numpy as np
from scipy.special import stdtrit

from checks.arithmetic.censoring.censored_pairs import CensoredValues, censored_signs
from checks.arithmetic.censoring.interval_mle import LogRatioMle, log_ratio_mle
from checks.arithmetic.censoring.prentice_wilcoxon import PrenticeWilcoxon, prentice_wilcoxon
from checks.arithmetic.pairs.bootstrap_mean import BootstrapMean, bootstrap_mean
from checks.arithmetic.pairs.effect_interval import EffectScales, effect_scales, rank_biserial_interval
from checks.arithmetic.pairs.paired_panel import paired_panel
from checks.arithmetic.pairs.sign_flip import SignFlip, sign_flip
from checks.arithmetic.pairs.sign_test import SignTest
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank

ALPHA, LEVEL = 0.05, 0.95
SIZES = (6, 10, 15, 30)
SCENARIOS = ("continuous", "ties", "ties and zeros", "a fifth below", "half below")
WITHIN, BETWEEN, CENTRE = 0.35, 0.6, log(6.0)
SHIFT = 0.5  # SD of the differences, in the simulations of coverage
SLOW = 10  # studies that the costly methods simulate: one in so many
SEED = 2026

Numbers = np.ndarray
Sizes = dict[tuple[str, int, str], float]


def studies(n_studies: int, n_pairs: int, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    subject = rng.normal(CENTRE, BETWEEN, (n_studies, n_pairs))
    before, after = (np.exp(subject + rng.normal(0.0, WITHIN, subject.shape)) for _ in range(2))
    return before, after


def reported(before: Numbers, after: Numbers, scenario: str) -> tuple[Numbers, Numbers, int | None, float]:
    decimals = {"ties": 1, "ties and zeros": 0}.get(scenario)
    share = {"a fifth below": 0.2, "half below": 0.5}.get(scenario, 0.0)
    if decimals is not None:
        before, after = np.round(before, decimals), np.round(after, decimals)
    elif share:
        decimals, before, after = 1, np.round(before, 1), np.round(after, 1)
    limit = round(float(np.quantile(np.concatenate([before, after]), share)), 1) if share else -np.inf
    return before, after, decimals, limit


def sizes(n_studies: int, n_pairs: int, scenario: str) -> Sizes:
    rng = np.random.default_rng([SEED, n_pairs, SCENARIOS.index(scenario)])
    before, after, decimals, limit = reported(*studies(n_studies, n_pairs, rng), scenario)
    low, high = np.maximum(before, limit), np.maximum(after, limit)
    differences = high - low if decimals is None else np.round(high - low, decimals) + 0.0
    found: dict[str, Numbers] = {}
    for zeros in ("wilcox", "pratt"):
        found[f"signed rank, {zeros}"] = paired_panel(differences, zeros=zeros).p_wilcoxon  # type: ignore[arg-type]
    found["sign test"] = sign_p(differences)
    if limit == -np.inf:
        found["t"] = paired_panel(differences).p_t
        found["t on logs"] = paired_panel(np.log(np.maximum(after, 0.5)) - np.log(np.maximum(before, 0.5))).p_t
    few = max(1, n_studies // SLOW)
    if not (n_pairs > 20 and decimals is None):
        found["sign flip of the mean"] = each(few, lambda k: p_of(sign_flip(differences[k])))
    if limit > -np.inf:
        sides = [censored(before, limit), censored(after, limit)]
        pairs = [tuple(side(k) for side in sides) for k in range(few)]
        if n_pairs <= 20:
            found["Prentice-Wilcoxon, exact"] = each(few, lambda k: p_of(prentice_wilcoxon(*pairs[k])))
        found["Prentice-Wilcoxon, normal"] = each(few, lambda k: rough(prentice_wilcoxon(*pairs[k])))
        found["sign test, certain signs"] = each(few, lambda k: p_of(censored_signs(*pairs[k], after[k] - before[k])))
        found["likelihood, Wald"] = each(few, lambda k: wald(log_ratio_mle(*pairs[k])))
    return {(scenario, n_pairs, name): float(np.nanmean(p <= ALPHA)) for name, p in found.items()}


def censored(values: Numbers, limit: float) -> Callable[[int], CensoredValues]:
    def of(place: int) -> CensoredValues:
        is_below = values[place] < limit
        nowhere = np.zeros(is_below.size, dtype=np.bool_)
        return CensoredValues(np.maximum(values[place], limit), is_below, nowhere)

    return of


def each(n: int, p_of_study: Callable[[int], float]) -> Numbers:
    return np.array([p_of_study(place) for place in range(n)])


def p_of(outcome: object) -> float:
    if isinstance(outcome, PrenticeWilcoxon):
        outcome = outcome.exact
    return outcome.p_two if isinstance(outcome, SignFlip | SignTest) else 1.0  # refused: nothing is claimed


def rough(outcome: object) -> float:
    return outcome.p_two if isinstance(outcome, PrenticeWilcoxon) else 1.0


def wald(outcome: object) -> float:
    return outcome.wald_p if isinstance(outcome, LogRatioMle) else 1.0


def sign_p(differences: Numbers) -> Numbers:
    rises, falls = (differences > 0).sum(axis=1), (differences < 0).sum(axis=1)
    known = {}
    for n, k in {(int(a + b), int(min(a, b))) for a, b in zip(rises, falls, strict=True)}:
        known[n, k] = min(1.0, 2 * sum(comb(n, j) for j in range(k + 1)) / 2**n)
    return np.array([known[int(a + b), int(min(a, b))] for a, b in zip(rises, falls, strict=True)])


def coverage(n_studies: int, n_pairs: int) -> dict[str, float]:
    rng = np.random.default_rng([SEED, n_pairs, 99])
    differences = rng.normal(SHIFT, 1.0, (n_studies, n_pairs))
    panel = paired_panel(differences)
    told = {"Hodges-Lehmann": float(((panel.ci_low <= SHIFT) & (panel.ci_high >= SHIFT)).mean())}
    told["t, also of the geometric mean ratio"] = float((student(differences, SHIFT) >= 1 - LEVEL).mean())
    few, correlation = max(1, n_studies // SLOW), erf(SHIFT)  # 2 Phi(sqrt(2) shift) - 1
    kept: dict[str, list[bool]] = {"bootstrap BCa of the mean": [], "d_z": [], "rank-biserial": []}
    for row in differences[:few]:
        drawn, scales = bootstrap_mean(row, scale=1.0), effect_scales(row, np.arange(float(n_pairs)), row)
        if isinstance(drawn, BootstrapMean):
            kept["bootstrap BCa of the mean"].append(drawn.bca_lo <= SHIFT <= drawn.bca_hi)
        if isinstance(scales, EffectScales):
            kept["d_z"].append(scales.d_z_ci[0] <= SHIFT <= scales.d_z_ci[1])
        ranked = signed_rank(row)
        if isinstance(ranked, SignedRank):
            low, high = rank_biserial_interval(ranked.rank_biserial, n_pairs)
            kept["rank-biserial"].append(low <= correlation <= high)
    told |= {name: float(np.mean(flags)) for name, flags in kept.items()}
    return told | {"likelihood of the ratio, a fifth below": likelihood_coverage(few, n_pairs, rng)}


def student(differences: Numbers, centre: float) -> Numbers:
    return paired_panel(differences - centre).p_t


def likelihood_coverage(n_studies: int, n_pairs: int, rng: np.random.Generator) -> float:
    before, after = studies(n_studies, n_pairs, rng)
    after, truth = after * np.exp(SHIFT * WITHIN * 2**0.5), SHIFT * WITHIN * 2**0.5
    limit = float(np.quantile(before, 0.2))
    first, second = censored(before, limit), censored(after, limit)
    flags = []
    for place in range(n_studies):
        found = log_ratio_mle(first(place), second(place))
        if isinstance(found, LogRatioMle):
            flags.append(abs(found.mu - truth) <= stdtrit(found.n_used - 1, (1 + LEVEL) / 2) * found.se_mu)
    return float(np.mean(flags))


def main(n_studies: int) -> None:
    print(f"share of {n_studies} studies without a change with p <= {ALPHA} (costly methods: one study in {SLOW})")
    for scenario in SCENARIOS:
        by_size = {n: sizes(n_studies, n, scenario) for n in SIZES}
        for name in dict.fromkeys(key[2] for found in by_size.values() for key in found):
            shares = [by_size[n].get((scenario, n, name)) for n in SIZES]
            print(f"{scenario:16}{name:28}", *(f"{'–' if share is None else f'{share:.4f}':>8}" for share in shares))
    print(f"share of intervals at {LEVEL} that cover a shift of {SHIFT} SD")
    by_n = {n: coverage(n_studies, n) for n in SIZES}
    for name in by_n[SIZES[0]]:
        print(f"{name:44}", *(f"{by_n[n][name]:8.4f}" for n in SIZES))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
