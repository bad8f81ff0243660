"""The planned paired tests on a release: every contrast, and the family that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from checks.arithmetic.families.false_discovery import benjamini_hochberg
from checks.arithmetic.families.family_wise import chance_of_any, holm
from checks.contrasts.arm_contrast import arm_contrasts
from checks.contrasts.bridges import bridging_of
from checks.contrasts.contrast import Contrast
from checks.contrasts.family import Family
from checks.contrasts.frozen_release import Release
from checks.contrasts.pairing import ReleaseRows, release_rows
from checks.contrasts.plan import Plan
from checks.contrasts.sensitivity import sensitivity
from checks.contrasts.visits import SeveralVisits, several_visits
from schemas.errors import GateError
from schemas.json_model import JsonModel

HEADLINE_P = 0.01  # the unadjusted p that headlines are made of; no unit


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyAnswer(JsonModel):
    """The family of the planned tests."""

    n_planned: int
    """Contrasts that were planned."""
    n_tested: int
    """Contrasts that could be tested."""
    alpha: float
    """Chance of any false finding that the family is held to."""
    correction: str
    """How it is held."""
    chance_of_any_p_below_alpha: float
    """Chance of at least one p below alpha if nothing changed at all, tests taken as independent."""
    chance_of_any_p_below_0_01: float
    """The same below 0.01."""


@dataclass(frozen=True, slots=True)
class PairedReport(JsonModel):
    """Outcome of all planned tests on one release."""

    json_keys = """release release_sha256 plan_sha256 gated study arms family below_lloq=policy overridden notes
        contrasts secondary visits"""

    release: str
    """Name of the release."""
    release_sha256: str
    """SHA-256 of its manifest."""
    plan_sha256: str
    """SHA-256 of the plan."""
    study: str
    """Study of both."""
    arms: tuple[str, ...]
    """Arms of the plan, the one to compare with first; empty for one arm."""
    alpha: float
    """Chance of any false finding that the family is held to."""
    correction: str
    """How it is held."""
    policy: str
    """What was done below the limit, in words."""
    contrasts: tuple[Contrast, ...]
    """Every contrast of the plan, in its order."""
    secondary: tuple[Contrast, ...]
    """The other follow-ups against the baseline: described, and not in the family."""
    visits: tuple[SeveralVisits, ...]
    """Tests over all visits of each endpoint, where the plan names three or more: described too."""
    overridden: int
    """Results among the pairs that were approved over a finding."""
    notes: tuple[str, ...]
    """Sentences that hold for the whole report."""

    @property
    def n_tested(self) -> int:
        """Return the size of the family: contrasts that could be tested."""
        return sum(contrast.p_value is not None for contrast in self.contrasts)

    @property
    def chance_of_headline(self) -> float:
        """Return the chance of at least one p below 0.01 if nothing changed at all, tests taken as independent."""
        return chance_of_any(HEADLINE_P, self.n_tested)

    @property
    def gated(self) -> Literal[True]:
        """Return that the data passed the gate."""
        return True

    @property
    def family(self) -> FamilyAnswer:
        """Return the family of the planned tests."""
        return FamilyAnswer(
            n_planned=len(self.contrasts),
            n_tested=self.n_tested,
            alpha=self.alpha,
            correction=self.correction,
            chance_of_any_p_below_alpha=chance_of_any(self.alpha, self.n_tested),
            chance_of_any_p_below_0_01=self.chance_of_headline,
        )


def paired_tests(release: Release, plan: Plan) -> PairedReport:
    """Run the planned tests on a release.

    Parameters
    ----------
    release : Release
        Approved results of one study, verified.
    plan : Plan
        Locked plan of the same study.

    Returns
    -------
    PairedReport
        Every contrast; one that could not be tested says why and does not count in the family.

    Raises
    ------
    GateError
        If the plan is for another study.
    """
    if plan.study != release.study:
        raise GateError(f"The plan is for study '{plan.study}', the release '{release.name}' for '{release.study}'.")
    released = release_rows(release.results, bridging_of(release.manifest))
    contrasts = _in_family(_tested(released, plan), plan)
    secondary = [one for visit in plan.other_followups for one in _tested(released, replace(plan, followup=visit))]
    several = [
        several_visits(released.of_arms(*filter(None, [arm])), endpoint, plan, arm=arm)
        for endpoint in plan.endpoints
        for arm in plan.arms or ("",)
        if plan.other_followups
    ]
    return PairedReport(
        release=release.name,
        release_sha256=release.sha256,
        plan_sha256=plan.sha256,
        study=plan.study,
        arms=plan.arms,
        alpha=plan.alpha,
        correction=plan.correction,
        policy=plan.policy_words,
        contrasts=contrasts,
        secondary=tuple(secondary),
        visits=tuple(several),
        overridden=sum(contrast.overridden for contrast in contrasts),
        notes=_notes(plan, contrasts, released, release.results.height - sum(map(len, released.rows.values()))),
    )


def _tested(released: ReleaseRows, plan: Plan) -> list[Contrast]:
    return [one for endpoint in plan.endpoints for one in arm_contrasts(released, endpoint, plan)]


def _in_family(contrasts: Sequence[Contrast], plan: Plan) -> tuple[Contrast, ...]:
    p_values = [contrast.p_value for contrast in contrasts]
    family = Family(plan, tuple(p_values))
    columns = zip(contrasts, family.adjusted(), holm(p_values), benjamini_hochberg(p_values), strict=True)
    judged = []
    for place, (contrast, adjusted, p_holm, p_bh) in enumerate(columns):
        repeated = None
        if contrast.outcome is not None and contrast.pairs is not None:
            repeated = sensitivity(contrast.pairs, plan, contrast.outcome, family, place)
        judged.append(
            replace(
                contrast,
                p_adjusted=adjusted,
                is_held=family.holds(adjusted),
                p_holm=p_holm,
                p_bh=p_bh,
                sensitivity=repeated,
            )
        )
    return tuple(judged)


def _cause(plan: Plan) -> str:
    if plan.arms:
        return "A change within an arm does not show what caused it; the arms against each other do, if drawn by lot."
    return "One arm without a control group cannot show what caused a change."


def _notes(plan: Plan, contrasts: Sequence[Contrast], released: ReleaseRows, n_unpaired: int) -> tuple[str, ...]:
    notes = [_cause(plan)]
    n_without = sum(subject not in released.arms for subject in released.subjects)
    if plan.arms and n_without:
        notes.append(f"{n_without} subjects of the release have no arm in the subject sheet and are in no contrast.")
    if plan.below_lloq.startswith("substitute_"):
        notes.append(f"Values below the limit were {plan.policy_words}: not a main analysis.")
    n_results = [len(rows) for rows in released.rows.values() if len(rows) > 1]
    if n_results and plan.several_results == "mean":
        notes.append(
            f"{sum(n_results)} results of {len(n_results)} samples: the mean of each sample counts, as the plan says."
        )
    n_split = sum(contrast.n_on_two_plates > 0 for contrast in contrasts)
    if n_split:
        notes.append(
            f"In {n_split} contrasts some pairs were measured on two plates: drift is part of their difference."
        )
    n_confounded = sum(contrast.is_confounded for contrast in contrasts)
    if n_confounded:
        notes.append(
            f"In {n_confounded} contrasts no plate holds both visits: a shift between plates looks like a change."
        )
    changing = [contrast for contrast in contrasts if contrast.sensitivity and contrast.sensitivity.changes]
    if changing:
        notes.append(
            f"{len(changing)} of {len(contrasts)} conclusions change under at least one other choice: see sensitivity."
        )
    if n_unpaired:
        notes.append(f"{n_unpaired} released results name no subject or no visit and could not be paired.")
    return tuple(notes)
