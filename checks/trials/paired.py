"""Paired tests of one file, as ``qc try paired`` prints them; nothing is gated here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import Recensored
from checks.arithmetic.censoring.censored_summary import CensoredSummary, censored_summary
from checks.arithmetic.censoring.pair_limits import n_hidden_by_one_limit, recensor_in_pairs
from checks.arithmetic.censoring.shift_interval import ranked_shift
from checks.arithmetic.pairs.contradiction import contradiction
from checks.arithmetic.pairs.effect_size import EffectSize, effect_size
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.leave_one_out import LeaveOneOut, leave_one_out
from checks.arithmetic.pairs.log_ratio import LogRatio, log_ratio
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.shapiro import Shapiro, shapiro
from checks.arithmetic.pairs.signed_rank import ExactSignedRank, SignedRank, Zeros, signed_rank, smallest_two_sided_p
from checks.arithmetic.refusal import Refusal
from checks.contrasts.floors import undeclared_floors
from checks.trials.pair_descriptions import (
    DifferenceCounts,
    EveryScale,
    MeasuredDescriptions,
    RankedDescriptions,
    counts_of_differences,
    measured_descriptions,
    ranked_descriptions,
    scales_of_effect,
)
from checks.trials.pair_file import PairFile, read_pairs
from checks.trials.plain_values import TrialAnswer
from schemas.errors import ConfigError
from schemas.json_model import JsonModel
from schemas.value_words import SHIPPED, ValueWords

Floats = npt.NDArray[np.float64]
UNSTATED = Refusal(
    "A value lies beyond a limit that is not stated, so nothing can be ranked. Write the limit in its cell ('<0.5'), "
    "in a column lloq, lod or uloq beside it, or say it with --lloq, --lod or --uloq."
)
CENSORED = Refusal("A value is censored, so this would rest on an invented number: see 'censored'.")
BOUNDED = Refusal("A value is censored, so no difference of its pair is measured: see 'hodges_lehmann'.")


@dataclass(frozen=True, slots=True)
class EffectAnswer(JsonModel):
    """Size of the change without a unit."""

    json_keys = "*effect *scales"

    effect: EffectSize
    """The main effect sizes."""
    scales: EveryScale | None = None
    """Every scale in use; None where none is defined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutAnswer(JsonModel):
    """Each pair left out in turn."""

    t_p: tuple[float | Refusal, ...] | Refusal
    """p of the t test without each pair."""
    wilcoxon_exact_p: tuple[float | Refusal, ...]
    """p of the exact signed-rank test without each pair."""
    t_p_min: float | Refusal
    """Smallest p of the t test."""
    t_p_max: float | Refusal
    """Largest p of the t test."""
    wilcoxon_p_min: float | Refusal
    """Smallest p of the signed-rank test."""
    wilcoxon_p_max: float | Refusal
    """Largest p of the signed-rank test."""


@dataclass(frozen=True, slots=True)
class NothingLeftOut(JsonModel):
    """No pair could be left out of pairs with censored values."""

    json_keys = "*why t_p=no_t t_p_min=no_t t_p_max=no_t"

    why: Refusal
    """Why."""
    no_t: Refusal
    """Why there is no t test at all."""


@dataclass(frozen=True, slots=True)
class CensoredAnswer(JsonModel):
    """Tests of the same pairs under each way to treat what lies below a limit."""

    json_keys = "n *summary"

    n: int
    """Pairs."""
    summary: CensoredSummary
    """The tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedPairs(JsonModel):
    """Tests of the pairs by ranks."""

    json_keys = "n_zero wilcoxon hodges_lehmann *counts *more"

    n_zero: int
    """Pairs that did not move."""
    wilcoxon: ExactSignedRank | Refusal
    """Signed rank by the policy for zeros that was asked for."""
    hodges_lehmann: HodgesLehmann | Refusal
    """Shift with its interval."""
    counts: DifferenceCounts
    """Counts and moments of the differences."""
    more: RankedDescriptions
    """Whatever else rests on ranks and signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPairs(JsonModel):
    """Tests of the pairs by the sizes of their differences."""

    json_keys = "t shapiro effect log_ratio leave_one_out *more"

    t: PairedT | Refusal
    """Paired t test."""
    shapiro: Shapiro | Refusal
    """Shapiro and Wilk's test of the differences."""
    effect: EffectAnswer
    """Effect sizes."""
    log_ratio: LogRatio | Refusal
    """Ratio of the second to the first values."""
    leave_one_out: LeftOutAnswer | NothingLeftOut | Refusal
    """Each pair left out in turn."""
    more: MeasuredDescriptions
    """Whatever else rests on sizes."""


@dataclass(frozen=True, slots=True)
class RefusedPairs(JsonModel):
    """Pairs of which nothing can be tested."""

    json_keys = """n_zero=why wilcoxon=why hodges_lehmann=why wilcoxon_exact=why pratt_exact=why hl_all=why
        hl_nonzero=why sign_test=why t=why shapiro=why effect=why rank_biserial=why log_ratio=why leave_one_out=why
        perm_mean_exact=why bootstrap_mean_diff=why tost_half_sd_pre=why"""

    why: Refusal
    """Why nothing can be tested."""


@dataclass(frozen=True, slots=True)
class TestedPairs(JsonModel):
    """Pairs that were tested."""

    json_keys = "*ranked *measured"

    ranked: RankedPairs
    """By ranks."""
    measured: MeasuredPairs
    """By sizes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedAnswer(TrialAnswer):
    """Paired tests of one file; what cannot be computed is a sentence in its place."""

    json_keys = """gated n_pairs n_missing n_subjects n_pre_only n_post_only n_neither n_censored *tests censored
        notes"""

    gated: Literal[False] = False
    """Nothing says that these data were approved."""
    n_pairs: int
    """Complete pairs."""
    n_missing: int
    """Subjects without one of the two."""
    n_subjects: int
    """Subjects."""
    n_pre_only: int
    """Subjects with the first value alone."""
    n_post_only: int
    """Subjects with the second value alone."""
    n_neither: int
    """Subjects with neither."""
    n_censored: int
    """Pairs of which a value is a bound."""
    tests: TestedPairs | RefusedPairs
    """The tests."""
    censored: CensoredAnswer | Refusal
    """Each way to treat what lies below a limit."""
    notes: list[str]
    """How to read it."""


def paired(
    text: str,
    *,
    decimals: int | None = None,
    zeros: str = "wilcox",
    conf: float = 0.95,
    words: ValueWords = SHIPPED,
    bounds: Mapping[str, float | None] | None = None,
) -> dict[str, Any]:
    """Test the pairs of one file; what cannot be computed is a sentence in its place.

    Parameters
    ----------
    text : str
        Text of a CSV file with the columns ``subject``, ``before`` and ``after``.
    decimals : int, optional
        Decimals that the laboratory reports: differences are rounded to it before anything is computed. Without it
        values are subtracted as the decimals that the file writes.
    zeros : {'wilcox', 'pratt'}
        Whether zero differences are dropped before ranking, or after.
    conf : float
        Level of the intervals, above 0 and below 1.
    words : ValueWords
        What words mean that stand in place of a number: ``BLQ``.
    bounds : mapping of str to (float or None), optional
        Limits of such words where no column states them: ``lloq``, ``lod``, ``uloq``.

    Returns
    -------
    dict of str to Any
        The JSON of ``qc try paired``; Any: numbers, texts and mappings nest in it.

    Raises
    ------
    ConfigError
        If an option is out of range.
    ReaderError
        If the file cannot be judged.
    """
    policy = _checked(decimals, zeros, conf)
    pairs = read_pairs(text, words, bounds)
    n_unstated = _n_unstated(pairs)
    values = UNSTATED if n_unstated else recensor_in_pairs(pairs.before, pairs.after)
    is_censored = pairs.before.is_censored | pairs.after.is_censored
    n_censored = int(is_censored.sum())
    floors = [] if n_unstated else _floors(pairs, decimals)
    tests: TestedPairs | RefusedPairs
    if isinstance(values, Refusal):
        tests = RefusedPairs(values)
    else:
        measured = _censored_parts if n_censored else _measured_parts
        ranked = _ranked_parts(pairs, values, decimals, policy, conf)
        tests = TestedPairs(ranked, measured(values, decimals, policy, conf))
    return PairedAnswer(
        n_pairs=len(pairs.subjects),
        n_missing=pairs.n_missing,
        n_subjects=len(pairs.subjects) + pairs.n_missing,
        n_pre_only=pairs.n_before_only,
        n_post_only=pairs.n_after_only,
        n_neither=pairs.n_missing - pairs.n_before_only - pairs.n_after_only,
        n_censored=n_censored,
        tests=tests,
        censored=UNSTATED
        if n_unstated
        else CensoredAnswer(
            len(pairs.subjects), censored_summary(pairs.before, pairs.after, decimals=decimals, zeros=policy)
        ),
        notes=[*_notes(tests, pairs, n_censored, conf), *_note_of_unstated(n_unstated), *floors],
    ).as_json()


def _n_unstated(pairs: PairFile) -> int:
    return int(sum(np.isnan(visit.number).sum() for visit in (pairs.before, pairs.after)))


def _note_of_unstated(n_unstated: int) -> list[str]:
    return [f"{n_unstated} values lie beyond a limit that is not stated: they stay censored."] if n_unstated else []


def _floors(pairs: PairFile, decimals: int | None) -> list[str]:
    names = ("'before'", "'after'")
    return [floor.sentence for floor in undeclared_floors(pairs.before, pairs.after, names, decimals=decimals)]


def _checked(decimals: int | None, zeros: str, conf: float) -> Zeros:
    if decimals is not None and not -15 <= decimals <= 15:
        raise ConfigError(f"Decimals '{decimals}' are out of range: -15 to 15 are expected.")
    if not 0 < conf < 1:
        raise ConfigError(f"Level '{conf}' is out of range: a fraction above 0 and below 1 is expected, such as 0.95.")
    if zeros == "wilcox":
        return "wilcox"
    if zeros == "pratt":
        return "pratt"
    raise ConfigError(f"Policy for zeros '{zeros}' is not known: say 'wilcox' or 'pratt'.")


def _ranked_parts(pairs: PairFile, values: Recensored, decimals: int | None, zeros: Zeros, conf: float) -> RankedPairs:
    differences = pair_differences(values.before, values.after, decimals=decimals)
    ranked = signed_rank(differences, zeros=zeros)
    is_censored = bool((pairs.before.is_censored | pairs.after.is_censored).any())
    return RankedPairs(
        n_zero=int(differences.size - np.count_nonzero(differences)),
        wilcoxon=ranked if isinstance(ranked, Refusal) else ExactSignedRank(ranked),
        hodges_lehmann=_bounded_shift(pairs, ranked, conf) if is_censored else hodges_lehmann(differences, conf=conf),
        counts=counts_of_differences(differences),
        more=_without_sizes(ranked_descriptions(differences, conf))
        if is_censored
        else ranked_descriptions(differences, conf),
    )


def _bounded_shift(pairs: PairFile, ranked: SignedRank | Refusal, conf: float) -> HodgesLehmann | Refusal:
    return ranked if isinstance(ranked, Refusal) else ranked_shift(pairs.before, pairs.after, ranked, conf=conf)


def _without_sizes(descriptions: RankedDescriptions) -> RankedDescriptions:
    return replace(descriptions, hl_nonzero=BOUNDED, hl_all=BOUNDED)


def _censored_parts(values: Recensored, decimals: int | None, zeros: Zeros, conf: float) -> MeasuredPairs:
    """Refuse everything that needs the size of a difference; its sign is known."""
    differences = pair_differences(values.before, values.after, decimals=decimals)
    effect = effect_size(differences, values.before, values.after)
    left_out = _left_out(leave_one_out(differences, scale=_scale(values), zeros=zeros))
    return MeasuredPairs(
        t=CENSORED,
        shapiro=CENSORED,
        effect=EffectAnswer(EffectSize(CENSORED, CENSORED, CENSORED, CENSORED, effect.rank_biserial)),
        log_ratio=CENSORED,
        leave_one_out=NothingLeftOut(left_out, CENSORED)
        if isinstance(left_out, Refusal)
        else replace(left_out, t_p=CENSORED, t_p_min=CENSORED, t_p_max=CENSORED),
        more=MeasuredDescriptions(perm_mean_exact=CENSORED, bootstrap_mean_diff=CENSORED, tost_half_sd_pre=CENSORED),
    )


def _measured_parts(values: Recensored, decimals: int | None, zeros: Zeros, conf: float) -> MeasuredPairs:
    before, after, scale = values.before, values.after, _scale(values)
    differences = pair_differences(before, after, decimals=decimals)
    return MeasuredPairs(
        t=paired_t(differences, scale=scale, conf=conf),
        shapiro=shapiro(differences, scale=scale),
        effect=EffectAnswer(effect_size(differences, before, after), scales_of_effect(differences, before, after)),
        log_ratio=log_ratio(before, after),
        leave_one_out=_left_out(leave_one_out(differences, scale=scale, zeros=zeros)),
        more=measured_descriptions(differences, before, after, conf),
    )


def _scale(values: Recensored) -> float:
    return float(np.abs(np.concatenate([values.before, values.after])).max(initial=0.0))


def _left_out(outcome: LeaveOneOut | Refusal) -> LeftOutAnswer | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    t_p_min, t_p_max = _range(outcome.t_p)
    wilcoxon_p_min, wilcoxon_p_max = _range(outcome.wilcoxon_exact_p)
    return LeftOutAnswer(
        t_p=outcome.t_p,
        wilcoxon_exact_p=outcome.wilcoxon_exact_p,
        t_p_min=t_p_min,
        t_p_max=t_p_max,
        wilcoxon_p_min=wilcoxon_p_min,
        wilcoxon_p_max=wilcoxon_p_max,
    )


def _range(p_values: tuple[float | Refusal, ...]) -> tuple[float | Refusal, float | Refusal]:
    numbers = [p for p in p_values if not isinstance(p, Refusal)]
    if numbers:
        return min(numbers), max(numbers)
    nothing = Refusal("No test was possible with any pair left out.")
    return nothing, nothing


def _notes(tests: TestedPairs | RefusedPairs, pairs: PairFile, n_censored: int, conf: float) -> list[str]:
    notes = ["One file, tested outside the gate: nothing says that these data were approved."]
    if n_censored and not isinstance(tests, RefusedPairs):
        notes += _notes_on_bounds(pairs)
    return notes if isinstance(tests, RefusedPairs) else [*notes, *_notes_on_ranks(tests.ranked, conf)]


def _notes_on_bounds(pairs: PairFile) -> list[str]:
    notes = [
        "Each pair is ranked at the limits in force for it. Shift and interval are what that test does not reject: a "
        "bound counts as a bound, and a pair without a known direction not at all."
    ]
    n_hidden = n_hidden_by_one_limit(pairs.before, pairs.after)
    if n_hidden:
        notes.append(
            f"Limits differ: one for all would hide {n_hidden} measured values ('recensored_at_highest_limit'); "
            "'wilcoxon', 'ppw_nada2' and 'sign_test' keep them."
        )
    return notes


def _notes_on_ranks(ranked: RankedPairs, conf: float) -> list[str]:
    notes, shift = [], ranked.hodges_lehmann
    if isinstance(ranked.wilcoxon, ExactSignedRank):
        n_used = ranked.wilcoxon.ranked.n_used
        least = smallest_two_sided_p(n_used)
        if least >= 0.05:
            notes.append(f"{n_used} moving pairs cannot give a two-sided p below {least:g}: read no 'no effect'.")
        if isinstance(shift, HodgesLehmann):
            p, ends = ranked.wilcoxon.ranked.p_two, (shift.ci_low, shift.ci_high)
            notes.append(contradiction(p, ends, 0.0, 1 - conf, ranked.n_zero))
    if isinstance(shift, HodgesLehmann) and not shift.is_attainable:
        notes.append("So few pairs cannot reach the level asked for: the interval has the level in 'conf_achieved'.")
    return [note for note in notes if note]
