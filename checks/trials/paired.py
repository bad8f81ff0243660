"""Paired tests of one file, as ``qc try paired`` prints them; nothing is gated here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import Recensored, recensor
from checks.arithmetic.censoring.censored_summary import censored_summary
from checks.arithmetic.pairs.effect_size import EffectSize, effect_size
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.leave_one_out import LeaveOneOut, leave_one_out
from checks.arithmetic.pairs.log_ratio import LogRatio, log_ratio
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.paired_t import paired_t
from checks.arithmetic.pairs.shapiro import shapiro
from checks.arithmetic.pairs.signed_rank import SignedRank, Zeros, signed_rank, smallest_two_sided_p
from checks.arithmetic.refusal import Refusal
from checks.trials.pair_descriptions import (
    counts_of_differences,
    measured_descriptions,
    ranked_descriptions,
    scales_of_effect,
)
from checks.trials.pair_file import PairFile, read_pairs
from checks.trials.plain_values import plain
from schemas.errors import ConfigError

_MEASURED = ("perm_mean_exact", "bootstrap_mean_diff", "tost_half_sd_pre")
Floats = npt.NDArray[np.float64]
CENSORED = Refusal("A value is censored, so this would rest on an invented number: see 'censored'.")


def paired(text: str, *, decimals: int | None = None, zeros: str = "wilcox", conf: float = 0.95) -> dict[str, Any]:
    """Test the pairs of one file; what cannot be computed is a sentence in its place.

    Parameters
    ----------
    text : str
        Text of a CSV file with the columns ``subject``, ``before`` and ``after``.
    decimals : int, optional
        Decimals that the laboratory reports: differences are rounded to it before anything is computed.
    zeros : {'wilcox', 'pratt'}
        Whether zero differences are dropped before ranking, or after.
    conf : float
        Level of the intervals, above 0 and below 1.

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
    pairs = read_pairs(text)
    values = recensor(pairs.before, pairs.after)
    is_censored = pairs.before.is_censored | pairs.after.is_censored
    outcome: dict[str, Any] = {
        "gated": False,
        "n_pairs": len(pairs.subjects),
        "n_missing": pairs.n_missing,
        "n_subjects": len(pairs.subjects) + pairs.n_missing,
        "n_pre_only": pairs.n_before_only,
        "n_post_only": pairs.n_after_only,
        "n_neither": pairs.n_missing - pairs.n_before_only - pairs.n_after_only,
        "n_censored": int(is_censored.sum()),
    }
    if isinstance(values, Refusal):
        outcome |= {"n_zero": values} | dict.fromkeys(_parts_names(), values)
    else:
        outcome |= _ranked_parts(values, decimals, policy, conf)
        outcome |= _measured_parts(values, decimals, policy, conf, bool(is_censored.any()))
    outcome["censored"] = _censored(pairs, decimals, policy)
    outcome["notes"] = _notes(outcome, decimals)
    told: dict[str, Any] = plain(outcome)
    return told


def _parts_names() -> tuple[str, ...]:
    ranked = ("wilcoxon", "hodges_lehmann", "wilcoxon_exact", "pratt_exact", "hl_all", "hl_nonzero", "sign_test")
    measured = ("t", "shapiro", "effect", "rank_biserial", "log_ratio", "leave_one_out", *_MEASURED)
    return (*ranked, *measured)


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


def _ranked_parts(values: Recensored, decimals: int | None, zeros: Zeros, conf: float) -> dict[str, Any]:
    differences = pair_differences(values.before, values.after, decimals=decimals)
    ranked, shift = signed_rank(differences, zeros=zeros), hodges_lehmann(differences, conf=conf)
    wilcoxon = asdict(ranked) | {"method": "exact"} if isinstance(ranked, SignedRank) else ranked
    return {
        "n_zero": int(differences.size - np.count_nonzero(differences)),
        "wilcoxon": wilcoxon,
        "hodges_lehmann": asdict(shift) if isinstance(shift, HodgesLehmann) else shift,
        **counts_of_differences(differences),
        **ranked_descriptions(differences, conf),
    }


def _measured_parts(
    values: Recensored, decimals: int | None, zeros: Zeros, conf: float, has_censored: bool
) -> dict[str, Any]:
    differences = pair_differences(values.before, values.after, decimals=decimals)
    scale = float(np.abs(np.concatenate([values.before, values.after])).max(initial=0.0))
    left_out = leave_one_out(differences, scale=scale, zeros=zeros)
    effect = effect_size(differences, values.before, values.after)
    if has_censored:
        return {
            "t": CENSORED,
            "shapiro": CENSORED,
            "effect": _fields(EffectSize(CENSORED, CENSORED, CENSORED, CENSORED, effect.rank_biserial)),
            "log_ratio": CENSORED,
            "leave_one_out": _left_out(left_out) | {"t_p": CENSORED, "t_p_min": CENSORED, "t_p_max": CENSORED},
            **dict.fromkeys(_MEASURED, CENSORED),
        }
    t, shape, ratio = (
        paired_t(differences, scale=scale, conf=conf),
        shapiro(differences, scale=scale),
        log_ratio(values.before, values.after),
    )
    return {
        "t": t if isinstance(t, Refusal) else asdict(t),
        "shapiro": shape if isinstance(shape, Refusal) else asdict(shape),
        "effect": _fields(effect) | scales_of_effect(differences, values.before, values.after),
        "log_ratio": asdict(ratio) if isinstance(ratio, LogRatio) else ratio,
        "leave_one_out": _left_out(left_out),
        **measured_descriptions(differences, values.before, values.after, decimals, conf),
    }


def _fields(effect: EffectSize) -> dict[str, Any]:
    return {
        "d_z": effect.d_z,
        "g_z": effect.g_z,
        "d_av": effect.d_av,
        "g_av": effect.g_av,
        "rank_biserial": effect.rank_biserial,
    }


def _left_out(outcome: LeaveOneOut | Refusal) -> dict[str, Any]:
    if isinstance(outcome, Refusal):
        return outcome.as_json()
    parts: dict[str, Any] = {"t_p": outcome.t_p, "wilcoxon_exact_p": outcome.wilcoxon_exact_p}
    for short, p_values in (("t_p", outcome.t_p), ("wilcoxon_p", outcome.wilcoxon_exact_p)):
        numbers = [p for p in p_values if not isinstance(p, Refusal)]
        nothing = Refusal("No test was possible with any pair left out.")
        parts[f"{short}_min"] = min(numbers) if numbers else nothing
        parts[f"{short}_max"] = max(numbers) if numbers else nothing
    return parts


def _censored(pairs: PairFile, decimals: int | None, zeros: Zeros) -> dict[str, Any]:
    summary = censored_summary(pairs.before, pairs.after, decimals=decimals, zeros=zeros)
    counts = {"n": len(pairs.subjects), "n_pre_blq": summary.n_pre_blq, "n_post_blq": summary.n_post_blq}
    return counts | {"n_both_blq": summary.n_both_blq} | summary.parts


def _notes(outcome: dict[str, Any], decimals: int | None) -> list[str]:
    notes = ["One file, tested outside the gate: nothing says that these data were approved."]
    if decimals is None:
        notes.append("No resolution was given (--decimals): equal decimals may differ in their last bit.")
    if outcome["n_censored"]:
        notes.append(
            "Ranks and the shift are computed after re-censoring at the highest limit: the shift is understated."
        )
    ranked = outcome["wilcoxon"]
    if isinstance(ranked, dict) and smallest_two_sided_p(ranked["n_used"]) >= 0.05:
        least = smallest_two_sided_p(ranked["n_used"])
        notes.append(f"{ranked['n_used']} moving pairs cannot give a two-sided p below {least:g}: read no 'no effect'.")
    shift = outcome["hodges_lehmann"]
    if isinstance(shift, dict) and not shift["is_attainable"]:
        notes.append("So few pairs cannot reach the level asked for: the interval has the level in 'conf_achieved'.")
    return notes
