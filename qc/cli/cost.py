"""``qc cost``: which pairs a rejection would cost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.decide.pair_cost import PairCost


@dataclass(frozen=True, slots=True)
class CostOutput(JsonModel):
    """Which pairs a rejection would cost."""

    items: tuple[str, ...]
    """Items that were asked about."""
    costs: list[PairCost]
    """Contrasts that would lose pairs."""


@click.command("cost")
@click.argument("items", nargs=-1, required=True)
@json_option("qc.cli.cost:CostOutput")
@lab_option
def command(items: tuple[str, ...], as_json: bool, lab_folder: Path | None) -> int:
    """Say which contrasts would lose pairs if ITEMS were rejected, and how many remain against the plan's minimum.

    Neither subject nor visit is told. Nothing is recorded.
    """
    from qc.cli.output import data, say

    costs = open_named_lab(lab_folder).pair_cost(items)
    if as_json:
        data(CostOutput(items, costs))
        return 0
    for cost in costs:
        say(cost.sentence)
    if not costs:
        say("No pair would be lost.")
    return 0
