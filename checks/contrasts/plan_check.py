"""Look a plan over before it is locked: what is missing, and what a reviewer would ask about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from checks.arithmetic.families.family_wise import chance_of_any
from checks.arithmetic.pairs.signed_rank import smallest_two_sided_p
from checks.contrasts.plan import DEFAULTS, Plan, parse_plan
from schemas.json_model import JsonModel
from schemas.toml_file import toml_tree

_OF_TWO_ARMS = ("arms", "arm_test")
"""Settings that a study of one arm does not need."""


@dataclass(frozen=True, slots=True)
class PlanCheck(JsonModel):
    """What was found in a plan that can be read."""

    json_keys = "study plan_sha256 n_contrasts is_complete missing advice"

    plan: Plan
    """The plan with every default in it."""
    missing: dict[str, Any]
    """Keys that are not written, with the recommended value that would be taken; Any: texts, numbers and lists."""
    advice: tuple[str, ...]
    """Sentences on what a reviewer would ask about."""

    @property
    def study(self) -> str:
        """Return the study of the plan."""
        return self.plan.study

    @property
    def plan_sha256(self) -> str:
        """Return the hash of the plan."""
        return self.plan.sha256

    @property
    def n_contrasts(self) -> int:
        """Return the number of contrasts that it plans."""
        return len(self.plan.gates)

    @property
    def is_complete(self) -> bool:
        """Return whether every setting is written."""
        return not self.missing


def check_plan(text: str, *, known_analytes: Collection[str] = ()) -> PlanCheck:
    """Look a plan over.

    Parameters
    ----------
    text : str
        TOML.
    known_analytes : collection of str
        Analytes of the catalogue; empty means that they are not looked at.

    Returns
    -------
    PlanCheck
        What is missing, and advice.

    Raises
    ------
    ConfigError
        If the plan cannot be read; every fault is named at once.
    """
    plan = parse_plan(text)
    written = toml_tree(text, "The plan")
    missing = {key: value for key, value in DEFAULTS.items() if key not in written and key not in _OF_TWO_ARMS}
    return PlanCheck(plan, missing, (*_on_the_test(plan), *_on_the_family(plan), *_on_analytes(plan, known_analytes)))


def _on_the_test(plan: Plan) -> list[str]:
    advice = []
    least = smallest_two_sided_p(plan.minimum_pairs)
    if least >= plan.alpha:
        advice.append(
            f"With {plan.minimum_pairs} pairs no exact two-sided p falls below {least:g}: 'minimum_pairs' lets "
            f"contrasts in that cannot reach alpha ({plan.alpha:g})."
        )
    if plan.alternative != "two_sided":
        advice.append("A one-sided test needs a reason on record: a change in the other direction will not be found.")
    if plan.below_lloq.startswith("substitute_"):
        advice.append(f"'{plan.below_lloq}' invents numbers: name it as sensitivity, and 'ladder' as the policy.")
    if plan.test in ("paired_t", "sign_flip") and plan.scale == "raw":
        advice.append("A mean of concentrations follows the largest few: consider 'scale = \"log\"'.")
    if plan.test in ("paired_t", "sign_flip"):
        advice.append("A contrast with a censored value cannot be tested by a mean: it will be listed as not tested.")
    if plan.estimator == "mean" and plan.test in ("signed_rank", "sign_test"):
        advice.append("A mean beside a test of ranks can point the other way: 'hodges_lehmann' belongs to it.")
    if plan.resolution == "none":
        advice.append("Without rounding, equal decimals are not ties: binary noise decides the ranks.")
    if abs(plan.confidence - (1 - plan.alpha)) > 1e-9:
        advice.append(f"Intervals at {plan.confidence:g} and alpha at {plan.alpha:g} do not belong together.")
    return advice


def _on_the_family(plan: Plan) -> list[str]:
    n, advice = len(plan.gates), []
    if n > 1:
        advice.append(
            f"{n} contrasts: were nothing changed, at least one unadjusted p below {plan.alpha:g} turns up in "
            f"{100 * chance_of_any(plan.alpha, n):.0f} % of such families."
        )
    if plan.correction == "bh" and n > 1:
        advice.append("'bh' holds the expected share of false findings, not the chance of any: say so in the paper.")
    if plan.correction == "fixed_sequence" and n > 1:
        advice.append("In a fixed sequence everything after the first contrast that fails is lost, untested ones too.")
    if plan.correction == "gatekeeping" and len({endpoint.gate for endpoint in plan.endpoints}) == 1:
        advice.append("'gatekeeping' with a single gate is Holm: give later families 'gate = 2'.")
    absent = {"leave_one_out", "without_overridden"} - set(plan.sensitivity)
    if absent:
        advice.append(f"Sensitivity leaves out {', '.join(sorted(absent))}: a reviewer will ask for it.")
    return advice


def _on_analytes(plan: Plan, known: Collection[str]) -> list[str]:
    if not known:
        return []
    strangers = sorted({endpoint.analyte for endpoint in plan.endpoints} - set(known))
    return [f"Analyte '{name}' is not in the shipped catalogue: does the lab's own know it?" for name in strangers]
