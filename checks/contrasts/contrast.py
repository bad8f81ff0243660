"""One contrast: the follow-up against the baseline of one analyte in one matrix."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from checks.arithmetic.censoring.censored_summary import CensoredSummary, censored_summary
from checks.arithmetic.censoring.pair_limits import n_hidden_by_one_limit
from checks.arithmetic.pairs.contradiction import contradiction
from checks.arithmetic.pairs.effect_interval import EffectScales, effect_scales, rank_biserial_interval
from checks.arithmetic.pairs.effect_size import EffectSize, effect_size
from checks.arithmetic.pairs.log_ratio import LogRatio, log_ratio
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.shapiro import Shapiro, shapiro
from checks.arithmetic.pairs.signed_rank import ExactSignedRank, SignedRank, signed_rank, smallest_two_sided_p
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.uncertainty.worlds import Worlds
from checks.contrasts.arm_comparison import ArmComparison
from checks.contrasts.floors import undeclared_floors
from checks.contrasts.measured_worlds import measured_worlds, world_words
from checks.contrasts.outcome import TEST_WORDS, Estimate, Outcome, Test, outcome_of
from checks.contrasts.pairing import Loss, Pairs
from checks.contrasts.plan import Endpoint, Plan
from checks.contrasts.policy import TestedValues
from checks.contrasts.reach import Reach, reach_of
from checks.contrasts.sensitivity import Sensitivity
from schemas.json_model import JsonFacet, JsonModel

CENSORED = Refusal("A value is censored, so this would rest on an invented number.")
_DECLARE = "Give what lies at the limit as '<limit' or '>limit', hand it in again and release: then it is tested."
NO_SHIFT = Refusal("So many values lie at a limit that is not marked that no size of the change is given.")


@dataclass(frozen=True, slots=True)
class EffectWithIntervals(JsonModel):
    """Effect sizes with their intervals, or the refusals in their places."""

    json_keys = "*effect rank_biserial_ci? d_z_ci g_z_ci d_av_ci"

    effect: EffectSize
    """The effect sizes."""
    rank_biserial_ci: tuple[float, float] | None
    """Interval of the rank-biserial correlation; None where there is none."""
    scales: EffectScales | Refusal
    """Intervals of the others."""

    @property
    def d_z_ci(self) -> tuple[float, float] | Refusal:
        """Return the interval of ``d_z``."""
        return self.scales if isinstance(self.scales, Refusal) else self.scales.d_z_ci

    @property
    def g_z_ci(self) -> tuple[float, float] | Refusal:
        """Return the interval of ``g_z``."""
        return self.scales if isinstance(self.scales, Refusal) else self.scales.g_z_ci

    @property
    def d_av_ci(self) -> tuple[float, float] | Refusal:
        """Return the interval of ``d_av``."""
        return self.scales if isinstance(self.scales, Refusal) else self.scales.d_av_ci


@dataclass(frozen=True, slots=True)
class Contrast(JsonModel):
    """Outcome of one contrast, tested or not."""

    json_keys = """baseline=baseline_visit followup=followup_visit analyte matrix arm unit n_subjects n_pairs test scale
        p_value p_adjusted p_holm p_bh estimator n_on_two_plates overridden estimate ci_low ci_high conf_achieved
        is_held n_missing n_zero n_censored n_lost plates_confounded_with_visits=is_confounded
        n_across_bridged=n_across decimals recensored_at primary between_arms wilcoxon t shapiro=shape
        effect=effect_with_intervals log_ratio=ratio reach censored worlds sensitivity reason=why_not_tested notes"""

    analyte: str
    """Id of the analyte."""
    matrix: str
    """Matrix."""
    baseline: str
    """Visit that was subtracted."""
    followup: str
    """Visit that it was subtracted from."""
    unit: str
    """Unit of the values, and of the estimate where it is a difference."""
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
    is_confounded: bool
    """True where no plate holds results of both visits: plates and visits cannot be told apart."""
    n_across: int
    """Pairs across platforms, methods or lots that a bridging holds together."""
    test: str
    """Test that was made; where none was, that of the plan."""
    estimator: str
    """Estimator of the plan."""
    scale: Annotated[str, JsonFacet("enum", ("raw", "log"))]
    """``raw``, or ``log`` where the estimate is a ratio."""
    reason: str = ""
    """Why the contrast was not tested; empty if it was."""
    arm: str = ""
    """Arm that it is within; ``second - first`` where the arms are compared; empty in a study of one arm."""
    between_arms: ArmComparison | None = None
    """The changes of two arms, where they are compared."""
    p_value: float | None = None
    """p in the direction of the plan."""
    p_adjusted: float | None = None
    """That p, adjusted over the family by the correction of the plan."""
    is_held: bool = False
    """Whether the adjusted p is at most the alpha of the plan."""
    p_holm: float | None = None
    """That p, adjusted over the family by Holm."""
    p_bh: float | None = None
    """That p, adjusted by Benjamini and Hochberg: as description."""
    values: TestedValues | None = None
    """Numbers that were tested."""
    ranked: SignedRank | None = None
    """The exact signed rank of the differences, where there is one."""
    shift: Estimate | None = None
    """The estimate, None where there is none."""
    t: PairedT | Refusal | None = None
    """Paired t as sensitivity, or why there is none."""
    shape: Shapiro | Refusal | None = None
    """Shapiro-Wilk as description, or why there is none."""
    effect: EffectSize | None = None
    """Effect sizes."""
    scales: EffectScales | Refusal | None = None
    """Intervals of the effect sizes."""
    rank_biserial_ci: tuple[float, float] | None = None
    """Interval of the rank-biserial correlation."""
    ratio: LogRatio | Refusal | None = None
    """Change as a ratio, or why there is none."""
    reach: Reach | None = None
    """What the pairs can show."""
    censored: CensoredSummary | None = None
    """The pairs under every policy for censored values; None where none is censored."""
    worlds: Worlds | Refusal | None = None
    """The test in worlds that the uncertainty of measurement allows, or why not; None where p is not below alpha."""
    sensitivity: Sensitivity | None = None
    """The contrast under other choices."""
    pairs: Pairs | None = None
    """The pairs themselves, for plots."""
    outcome: Outcome | None = None
    """Planned test and estimate, for what repeats them."""
    notes: tuple[str, ...] = ()
    """Sentences on this contrast."""

    @property
    def baseline_visit(self) -> int | str:
        """Return the visit that was subtracted; a number where it is one."""
        return _visit(self.baseline)

    @property
    def followup_visit(self) -> int | str:
        """Return the visit that it was subtracted from; a number where it is one."""
        return _visit(self.followup)

    @property
    def estimate(self) -> float | None:
        """Return the estimate; None where there is none."""
        return self.shift.estimate if self.shift else None

    @property
    def ci_low(self) -> float | None:
        """Return its lower limit."""
        return self.shift.ci_low if self.shift else None

    @property
    def ci_high(self) -> float | None:
        """Return its upper limit."""
        return self.shift.ci_high if self.shift else None

    @property
    def conf_achieved(self) -> float | None:
        """Return the level that the interval has, 0 to 1."""
        return self.shift.conf_achieved if self.shift else None

    @property
    def n_missing(self) -> int:
        """Return the subjects without a pair."""
        return self.n_subjects - self.n_pairs

    @property
    def n_zero(self) -> int | None:
        """Return the pairs that did not move."""
        return int((self.values.differences == 0).sum()) if self.values else None

    @property
    def n_censored(self) -> int | None:
        """Return the pairs of which a value is a bound."""
        return self.values.n_censored if self.values else None

    @property
    def n_lost(self) -> dict[str, int]:
        """Return the subjects without a pair, by reason."""
        return {loss.reason: loss.n_subjects for loss in self.losses}

    @property
    def decimals(self) -> int | None:
        """Return the decimals that differences were rounded to."""
        return self.values.decimals if self.values else None

    @property
    def recensored_at(self) -> float | None:
        """Return the limit at which values were censored again."""
        return self.values.lower_limit if self.values else None

    @property
    def primary(self) -> Test | None:
        """Return the test of the plan."""
        return self.outcome.tested if self.outcome else None

    @property
    def wilcoxon(self) -> ExactSignedRank | None:
        """Return the exact signed rank of the differences, where there is one."""
        return ExactSignedRank(self.ranked) if self.ranked else None

    @property
    def effect_with_intervals(self) -> EffectWithIntervals | None:
        """Return the effect sizes with their intervals."""
        if self.effect is None or self.scales is None:
            return None
        return EffectWithIntervals(self.effect, self.rank_biserial_ci, self.scales)

    @property
    def why_not_tested(self) -> str | None:
        """Return why the contrast was not tested; None if it was."""
        return self.reason or None


def _visit(visit: str) -> int | str:
    return int(visit) if visit.lstrip("-").isdecimal() else visit


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
    frame = stated(pairs, endpoint, plan)
    outcome = outcome_of(pairs, plan)
    if isinstance(outcome, Refusal):
        return Contrast(**frame, reason=outcome.sentence)
    names = (f"visit {plan.baseline}", f"visit {plan.followup}")
    floors = undeclared_floors(*outcome.values.reported, names, decimals=outcome.values.decimals)
    alone = next((floor.sentence for floor in floors if floor.is_in_one_visit), "")
    if alone:
        return Contrast(**frame, reason=f"{alone} {_DECLARE}")
    if any(floor.fraction > plan.prentice_wilcoxon_above for floor in floors):
        outcome = replace(outcome, shift=NO_SHIFT)
    judged = _outcome(outcome, pairs, plan)
    judged["worlds"] = worlds = measured_worlds(pairs, outcome, plan)
    if isinstance(worlds, Worlds):
        judged["notes"] = (*judged["notes"], world_words(worlds))
    judged["notes"] = (*(floor.sentence for floor in floors), *judged["notes"])
    return Contrast(**{**frame, **judged})


def stated(pairs: Pairs, endpoint: Endpoint, plan: Plan) -> dict[str, Any]:  # Any: fields of Contrast
    """Return what is known of a contrast before anything is tested.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs and losses.
    endpoint : Endpoint
        Analyte and matrix.
    plan : Plan
        Visits, test and scale.

    Returns
    -------
    dict
        Fields of :class:`Contrast`.
    """
    first, second = pairs.plates
    return {
        "analyte": endpoint.analyte,
        "matrix": endpoint.matrix,
        "baseline": plan.baseline,
        "followup": plan.followup,
        "unit": pairs.unit,
        "n_subjects": pairs.n_subjects,
        "n_pairs": pairs.n_pairs,
        "losses": pairs.losses,
        "overridden": pairs.n_overridden,
        "n_on_two_plates": pairs.n_on_two_plates,
        "is_confounded": bool(first and second and not first & second),
        "n_across": pairs.n_across,
        "test": plan.test,
        "estimator": plan.estimator,
        "scale": plan.scale,
        "pairs": pairs,
    }


def _outcome(outcome: Outcome, pairs: Pairs, plan: Plan) -> dict[str, Any]:  # Any: fields of Contrast
    values = outcome.values
    ranked = outcome.tested if isinstance(outcome.tested, SignedRank) else signed_rank(values.differences)
    found = ranked if isinstance(ranked, SignedRank) else None
    n_pairs = values.differences.size
    return {
        "values": values,
        "outcome": outcome,
        "test": values.test,
        "p_value": outcome.p_value,
        "ranked": found,
        "rank_biserial_ci": _interval_of_ranks(found, n_pairs, plan),
        "shift": outcome.shift if isinstance(outcome.shift, Estimate) else None,
        "censored": censored_summary(pairs.before, pairs.after, decimals=values.decimals, zeros=plan.zeros)
        if values.n_censored
        else None,
        "reach": reach_of(values, plan, len(plan.gates)),
        "notes": _notes(outcome, pairs, plan),
        **_descriptions(values, plan),
    }


def _interval_of_ranks(ranked: SignedRank | None, n_pairs: int, plan: Plan) -> tuple[float, float] | None:
    # Where all pairs move one way Fisher's z has no width: an interval of one point would claim too much.
    if ranked is None or abs(ranked.rank_biserial) == 1:
        return None
    return rank_biserial_interval(ranked.rank_biserial, n_pairs, conf=plan.confidence)


def _descriptions(values: TestedValues, plan: Plan) -> dict[str, Any]:
    differences = pair_differences(values.before, values.after) if plan.scale == "log" else values.differences
    effect = effect_size(differences, values.before, values.after)
    if values.n_censored and not values.is_invented:
        hidden = EffectSize(CENSORED, CENSORED, CENSORED, CENSORED, effect.rank_biserial)
        return {"t": CENSORED, "shape": CENSORED, "effect": hidden, "scales": CENSORED, "ratio": CENSORED}
    return {
        "t": paired_t(differences, scale=values.scale, conf=plan.confidence),
        "shape": shapiro(differences, scale=values.scale),
        "effect": effect,
        "scales": effect_scales(differences, values.before, values.after, conf=plan.confidence),
        "ratio": log_ratio(values.before, values.after),
    }


def _notes(outcome: Outcome, pairs: Pairs, plan: Plan) -> tuple[str, ...]:
    values, notes = outcome.values, []
    if values.n_censored:
        how = POLICY_OF_TEST.get(values.test, plan.policy_words if values.is_invented else RECENSORED)
        notes.append(f"Values outside a limit in {values.n_censored} pairs: {how}.")
        notes += _notes_on_bounds(outcome)
    if isinstance(outcome.shift, Refusal):
        notes.append(outcome.shift.sentence)
    if outcome.simulation:
        notes.append(f"The p is {outcome.simulation}.")
    if values.test != plan.test:
        notes.append(f"The ladder of the plan asks for the {TEST_WORDS[values.test]} here.")
    if values.decimals is None and plan.resolution == "reported":
        notes.append("Differences were not rounded: the reported decimals are not known.")
    if pairs.n_across:
        notes.append(f"{pairs.n_across} pairs stand across platforms, methods or lots, held together by a bridging.")
    return (*notes, *_notes_on_size(outcome, plan), *_notes_on_contradiction(outcome, plan))


def _notes_on_bounds(outcome: Outcome) -> list[str]:
    values = outcome.values
    if values.is_invented:
        return []
    notes = []
    n_hidden = n_hidden_by_one_limit(*values.reported)
    if n_hidden:
        notes.append(f"Limits differ: one for all would hide {n_hidden} measured values, so each pair keeps its own.")
    if isinstance(outcome.shift, Estimate):
        notes.append("Shift and interval are what the test itself does not reject: a bound counts as a bound.")
    return notes


def _notes_on_contradiction(outcome: Outcome, plan: Plan) -> list[str]:
    shift, alpha = outcome.shift, 1 - plan.confidence
    if plan.alternative != "two_sided" or not isinstance(shift, Estimate):
        return []
    sentence = contradiction(
        outcome.p_value,
        (shift.ci_low, shift.ci_high),
        shift.no_change,
        alpha,
        int((outcome.values.differences == 0).sum()),
    )
    return [sentence] if sentence else []


RECENSORED = "re-censored pair by pair at the limits in force"
POLICY_OF_TEST = {
    "prentice_wilcoxon": "scored by what each limit says, signs flipped exactly",
    "sign_test": "used by their direction alone, where it is certain",
}


def _notes_on_size(outcome: Outcome, plan: Plan) -> list[str]:
    notes = []
    n_moving = int((outcome.values.differences != 0).sum())
    least = smallest_two_sided_p(max(1, n_moving))
    if least >= plan.alpha:
        notes.append(f"{n_moving} moving pairs cannot give a two-sided p below {least:g}: this is not 'no effect'.")
    if isinstance(outcome.shift, Estimate) and not outcome.shift.is_attainable:
        notes.append(f"The interval reaches a level of {outcome.shift.conf_achieved:.3f} only.")
    return notes
