"""The family of contrasts, and how its chance of any false finding is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.arithmetic.families.false_discovery import benjamini_hochberg
from checks.arithmetic.families.family_wise import holm
from checks.arithmetic.families.ordered_tests import fixed_sequence, gatekeeping
from checks.contrasts.plan import Plan

CORRECTION_WORDS = {
    "holm": "Holm",
    "bh": "Benjamini-Hochberg",
    "fixed_sequence": "the fixed sequence",
    "gatekeeping": "gatekeeping",
}
"""Corrections by name, in words."""


@dataclass(frozen=True, slots=True)
class Family:
    """The p-values of the planned contrasts, in the order of the plan."""

    plan: Plan
    """Plan with the correction."""
    p_values: tuple[float | None, ...]
    """p of each contrast; None where it could not be tested."""

    def adjusted(self) -> list[float | None]:
        """Return the p-values under the correction of the plan."""
        return self._adjust(self.p_values)

    def adjusted_with(self, place: int, p_value: float) -> float | None:
        """Return one adjusted p as if that contrast had another p, all others as they are.

        Parameters
        ----------
        place : int
            Contrast, from 0.
        p_value : float
            Its p under another analysis.

        Returns
        -------
        float or None
            Adjusted p; None where the correction does not come to it.
        """
        changed = [*self.p_values[:place], p_value, *self.p_values[place + 1 :]]
        return self._adjust(changed)[place]

    def holds(self, adjusted: float | None) -> bool:
        """Return whether an adjusted p holds at the alpha of the plan.

        Parameters
        ----------
        adjusted : float or None
            Adjusted p.

        Returns
        -------
        bool
            False where there is none.
        """
        return adjusted is not None and adjusted <= self.plan.alpha * (1 + 1e-12)

    def _adjust(self, p_values: Sequence[float | None]) -> list[float | None]:
        if self.plan.correction == "gatekeeping":
            return gatekeeping(p_values, self.plan.gates)
        methods = {"holm": holm, "bh": benjamini_hochberg, "fixed_sequence": fixed_sequence}
        return methods[self.plan.correction](p_values)
