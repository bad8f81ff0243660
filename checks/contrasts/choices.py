"""The other choices that a contrast could have been tested under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checks.arithmetic.pairs.signed_rank import SignedRank
from checks.contrasts.outcome import TEST_WORDS, Outcome
from checks.contrasts.pairing import Pairs
from checks.contrasts.plan import POLICY_WORDS, Plan

Choice = tuple[str, str, Pairs, Plan]


def choices(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    """Name every other choice that the plan asks for and that can make a difference here.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs.
    plan : Plan
        Plan of this contrast.
    main : Outcome
        What the plan itself gave.

    Yields
    ------
    tuple of str, str, Pairs and Plan
        Words, name of the choice, and what it is tested on and by; leaving pairs out one by one is not among them.
    """
    for kind in plan.sensitivity:
        yield from _OF_KIND.get(kind, _nothing)(pairs, plan, main)


def _nothing(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    return iter(())


def _without_overridden(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    if pairs.is_overridden.any() and not pairs.is_overridden.all():  # without any pair there is nothing to say
        n = int(pairs.is_overridden.sum())
        words = f"without {n} {'pair' if n == 1 else 'pairs'} approved over a finding"
        yield words, "without_overridden", pairs.only(~pairs.is_overridden), plan


def _without_split(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    if pairs.is_on_two_plates.any() and not pairs.is_on_two_plates.all():
        n = int(pairs.is_on_two_plates.sum())
        yield f"without {n} pairs on two plates", "without_split_plates", pairs.only(~pairs.is_on_two_plates), plan


def _zeros(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    if isinstance(main.tested, SignedRank) and main.tested.n_zero:
        other: Any = {"wilcox": "pratt", "pratt": "wilcox"}[plan.zeros]  # Any: the other literal
        words = {"pratt": "zeros ranked, then dropped (Pratt)", "wilcox": "zeros dropped before ranking (Wilcoxon)"}
        yield words[other], "zeros", pairs, replace(plan, zeros=other)


def _scale(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    other: Any = {"raw": "log", "log": "raw"}[plan.scale]  # Any: the other literal
    if main.values.test in ("signed_rank", "sign_flip", "paired_t"):
        yield (
            f"{TEST_WORDS[main.values.test]} on {'logarithms' if other == 'log' else 'differences'}",
            "scale",
            pairs,
            replace(plan, scale=other),
        )


def _below(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    if not main.values.n_censored:
        return
    for policy, words in POLICY_WORDS.items():
        if policy != plan.below_lloq and policy != "ladder":
            other: Any = policy  # Any: one of the literals
            yield (
                f"below the limit: {words.removesuffix(' (sensitivity policy: invented numbers)')}",
                "below_lloq",
                pairs,
                replace(plan, below_lloq=other),
            )


def _tests(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    is_measured = not main.values.n_censored or main.values.is_invented
    names: tuple[Any, ...] = ("signed_rank", "paired_t", "sign_flip", "sign_test")  # Any: the literals of `test`
    for name in names:
        if name != main.values.test and is_measured:
            estimator: Any = "mean" if name in ("paired_t", "sign_flip") else "hodges_lehmann"
            yield TEST_WORDS[name], "tests", pairs, replace(plan, test=name, estimator=estimator)
    if is_measured and main.values.test != "paired_t" and plan.scale == "raw":
        yield (
            "paired t test on logarithms",
            "tests",
            pairs,
            replace(plan, test="paired_t", estimator="mean", scale="log"),
        )


def _unrounded(pairs: Pairs, plan: Plan, main: Outcome) -> Iterator[Choice]:
    if plan.resolution == "reported" and main.values.decimals is not None:
        yield "differences not rounded", "unrounded", pairs, replace(plan, resolution="none")


_OF_KIND = {
    "without_overridden": _without_overridden,
    "without_split_plates": _without_split,
    "zeros": _zeros,
    "scale": _scale,
    "below_lloq": _below,
    "tests": _tests,
    "unrounded": _unrounded,
}
