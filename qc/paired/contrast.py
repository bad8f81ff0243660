"""One contrast: the follow-up against the baseline of one analyte in one matrix."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from checks.arithmetic.effect_size import EffectSize, effect_size
from checks.arithmetic.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.paired_t import PairedT, paired_t
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.shapiro import Shapiro, shapiro
from checks.arithmetic.signed_rank import SignedRank, signed_rank, smallest_two_sided_p
from qc.paired.pairing import Loss, Pairs
from qc.paired.plan import Endpoint, Plan
from qc.paired.policy import TestedValues, apply_policy

CENSORED = Refusal("A value is censored, so this would rest on an invented number.")


@dataclass(frozen=True, slots=True)
class Contrast:
    """Outcome of one contrast, tested or not."""

    analyte: str
    """Id of the analyte."""
    matrix: str
    """Matrix."""
    baseline: str
    """Visit that was subtracted."""
    followup: str
    """Visit that it was subtracted from."""
    unit: str
    """Unit of the estimate and of the medians."""
    n_subjects: int
    """Subjects in the release."""
    n_pairs: int
    """Complete pairs."""
    losses: tuple[Loss, ...]
    """Why the other subjects give no pair."""
    overridden: int
    """Results among the pairs that were approved over a finding."""
    n_on_two_plates: int
    """Pairs whose two results come from different plates."""
    test: str
    """Test of the plan."""
    estimator: str
    """Estimator of the plan."""
    reason: str = ""
    """Why the contrast was not tested; empty if it was."""
    p_value: float | None = None
    """p in the direction of the plan."""
    p_holm: float | None = None
    """That p, adjusted over the family by Holm."""
    p_bh: float | None = None
    """That p, adjusted by Benjamini and Hochberg: as description."""
    values: TestedValues | None = None
    """Numbers that were tested."""
    ranked: SignedRank | None = None
    """The exact signed rank."""
    shift: HodgesLehmann | None = None
    """The estimate."""
    t: PairedT | Refusal | None = None
    """Paired t as sensitivity, or why there is none."""
    shape: Shapiro | Refusal | None = None
    """Shapiro-Wilk as description, or why there is none."""
    effect: EffectSize | None = None
    """Effect sizes."""
    notes: tuple[str, ...] = ()
    """Sentences on this contrast."""

    def as_json(self) -> dict[str, Any]:
        """Return the contrast as a mapping of JSON values.

        Returns
        -------
        dict of str to Any
            One entry of ``contrasts``; null where the contrast was not tested.
        """
        plain = ("analyte", "matrix", "unit", "n_subjects", "n_pairs", "test", "p_value", "p_holm", "p_bh", "estimator")
        visits = {"baseline": _visit(self.baseline), "followup": _visit(self.followup)}
        return (
            visits
            | {name: getattr(self, name) for name in plain}
            | self._shift_json()
            | self._counts_json()
            | {
                "wilcoxon": _json(self.ranked),
                "t": _json(self.t),
                "shapiro": _json(self.shape),
                "effect": _json(self.effect),
                "reason": self.reason or None,
                "notes": list(self.notes),
            }
        )

    def _shift_json(self) -> dict[str, Any]:
        names = {"estimate": "estimate", "ci_low": "ci_low", "ci_high": "ci_high", "conf_achieved": "conf_achieved"}
        return {key: getattr(self.shift, name, None) for key, name in names.items()}

    def _counts_json(self) -> dict[str, Any]:
        return {
            "n_missing": self.n_subjects - self.n_pairs,
            "n_zero": self.ranked.n_zero if self.ranked else None,
            "n_censored": self.values.n_censored if self.values else None,
            "n_lost": {loss.reason: loss.n_subjects for loss in self.losses},
            "n_on_two_plates": self.n_on_two_plates,
            "overridden": self.overridden,
            "decimals": self.values.decimals if self.values else None,
            "recensored_at": self.values.lower_limit if self.values else None,
        }


def tested_contrast(pairs: Pairs, endpoint: Endpoint, plan: Plan) -> Contrast:
    """Test one contrast, unadjusted.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs and losses.
    endpoint : Endpoint
        Analyte and matrix.
    plan : Plan
        How to test.

    Returns
    -------
    Contrast
        Outcome, or the reason why there is none.
    """
    frame: dict[str, Any] = {  # Any: fields of Contrast
        "analyte": endpoint.analyte,
        "matrix": endpoint.matrix,
        "baseline": plan.baseline,
        "followup": plan.followup,
        "unit": pairs.unit,
        "n_subjects": pairs.n_subjects,
        "n_pairs": int(pairs.before.number.size),
        "losses": pairs.losses,
        "overridden": pairs.n_overridden,
        "n_on_two_plates": pairs.n_on_two_plates,
        "test": plan.test,
        "estimator": plan.estimator,
    }
    values = _testable(pairs, plan)
    if isinstance(values, Refusal):
        return Contrast(**frame, reason=values.sentence)
    ranked = signed_rank(values.differences, zeros=plan.zeros)
    shift = hodges_lehmann(values.differences, conf=plan.confidence)
    for outcome in (ranked, shift):
        if isinstance(outcome, Refusal):
            return Contrast(**frame, values=values, reason=outcome.sentence)
    return Contrast(**frame, **_outcome(values, ranked, shift, plan))


def _testable(pairs: Pairs, plan: Plan) -> TestedValues | Refusal:
    n_pairs = pairs.before.number.size
    if pairs.refusal is not None:
        return pairs.refusal
    if n_pairs < plan.minimum_pairs:
        return Refusal(f"There are {n_pairs} complete pairs; the plan asks for {plan.minimum_pairs} or more.")
    return apply_policy(pairs, plan)


def _outcome(values: TestedValues, ranked: Any, shift: Any, plan: Plan) -> dict[str, Any]:
    # Any: SignedRank and HodgesLehmann, both past their refusals
    p_by_alternative = {"two_sided": ranked.p_two, "less": ranked.p_less, "greater": ranked.p_greater}
    return {
        "values": values,
        "ranked": ranked,
        "shift": shift,
        "p_value": p_by_alternative[plan.alternative],
        "notes": _notes(values, ranked, shift, plan),
        **_descriptions(values, plan),
    }


def _descriptions(values: TestedValues, plan: Plan) -> dict[str, Any]:
    effect = effect_size(values.differences, values.before, values.after)
    if values.n_censored and not values.is_invented:
        hidden = EffectSize(CENSORED, CENSORED, CENSORED, CENSORED, effect.rank_biserial)
        return {"t": CENSORED, "shape": CENSORED, "effect": hidden}
    scale = float(np.abs(np.concatenate([values.before, values.after])).max())
    return {
        "t": paired_t(values.differences, scale=scale, conf=plan.confidence),
        "shape": shapiro(values.differences, scale=scale),
        "effect": effect,
    }


def _notes(values: TestedValues, ranked: SignedRank, shift: HodgesLehmann, plan: Plan) -> tuple[str, ...]:
    notes = []
    if values.n_censored:
        notes.append(f"Values below the limit in {values.n_censored} pairs: {plan.policy_words}.")
    if values.lower_limit is not None:
        notes.append("The shift is understated where a value was re-censored.")
    if values.decimals is None:
        notes.append(
            "Differences were not rounded: the reported decimals are not known, or the plan does not ask for it."
        )
    least = smallest_two_sided_p(ranked.n_used)
    if least >= plan.alpha:
        notes.append(
            f"{ranked.n_used} moving pairs cannot give a two-sided p below {least:g}: this is not 'no effect'."
        )
    if not shift.is_attainable:
        notes.append(f"The interval reaches a level of {shift.conf_achieved:.3f} only.")
    return tuple(notes)


def _json(outcome: object) -> Any:  # Any: numbers, texts and mappings nest in it
    if outcome is None:
        return None
    if isinstance(outcome, Refusal):
        return outcome.as_json()
    if isinstance(outcome, EffectSize):
        return {name: _json(getattr(outcome, name)) for name in ("d_z", "g_z", "d_av", "g_av", "rank_biserial")}
    if isinstance(outcome, float):
        return outcome
    extra = {"method": "exact"} if isinstance(outcome, SignedRank) else {}
    return asdict(outcome) | extra  # type: ignore[call-overload]


def _visit(visit: str) -> int | str:
    return int(visit) if visit.lstrip("-").isdecimal() else visit
