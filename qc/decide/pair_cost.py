"""What the loss of results means for pairs, in words: told without subject or visit, and only where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class PairCost(JsonModel):
    """What the loss of some results means for one contrast, or for contrasts of two visits that lose alike."""

    json_keys = """study analyte matrix n_pairs n_lost n_left minimum falls_below planned=is_planned
        contrasts=n_contrasts sentence"""

    study: str
    """Study."""
    analyte: str
    """Analyte id."""
    matrix: str
    """Matrix id."""
    n_pairs: int
    """Pairs that there are now: subjects with a usable result at both visits of the contrast."""
    n_lost: int
    """Pairs that would be lost."""
    minimum: int
    """Fewest pairs that the plan (or, without one, qc.toml) asks for."""
    is_planned: bool
    """Whether a locked plan names the contrast; without a plan every two visits of the study are a contrast."""
    n_contrasts: int = 1
    """Contrasts with these numbers: 1 of a plan; without one, how many of every two visits."""

    @property
    def n_left(self) -> int:
        """Pairs that would remain."""
        return self.n_pairs - self.n_lost

    @property
    def falls_below(self) -> bool:
        """Whether fewer than the minimum would remain."""
        return self.n_left < self.minimum

    @property
    def sentence(self) -> str:
        """What a person reads of it before results are set aside."""
        lost = f"{self.n_lost} of {self.n_pairs} pairs would be lost"
        if not self.is_planned:
            return f"{self.analyte} in {self.matrix}, by two visits: {self.share}."
        below = "below" if self.falls_below else "at least"
        return f"{self.analyte} in {self.matrix}: {lost}, {self.n_left} remain, {below} the {self.minimum} asked for."

    @property
    def share(self) -> str:
        """How many contrasts of two visits have these numbers, and what they would lose."""
        what = f"would lose {self.n_lost} of {self.n_pairs} pairs" if self.n_lost else f"would keep {self.n_pairs}"
        return f"{self.n_contrasts} {what}"


@dataclass(frozen=True, slots=True)
class LossCost(JsonModel):
    """What it would cost in pairs if some results were set aside: rejected, repeated or diluted."""

    json_keys = "costs known=is_known sentences"

    costs: tuple[PairCost, ...]
    """Contrasts that would lose pairs; without a plan, all contrasts of two visits of what would lose any."""
    notes: tuple[str, ...]
    """What is not known, and why, or why nothing would be lost."""
    is_known: bool
    """Whether ``costs`` is all that would be lost: False before a plan is locked, and for samples of no sheet."""

    @property
    def is_free(self) -> bool:
        """Whether it is known that no pair would be lost."""
        return self.is_known and not self.costs

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a person reads before results are set aside, what is not known first."""
        planned = tuple(cost.sentence for cost in self.costs if cost.is_planned)
        return (*self.notes, *planned, *_by_two_visits([cost for cost in self.costs if not cost.is_planned]))


def _by_two_visits(costs: Sequence[PairCost]) -> list[str]:
    return [
        f"{analyte} in {matrix}, by two visits: of {sum(cost.n_contrasts for cost in group)} contrasts"
        f" {', '.join(cost.share for cost in group)}."
        for (_, analyte, matrix), members in groupby(costs, key=lambda cost: (cost.study, cost.analyte, cost.matrix))
        if (group := list(members))
    ]
