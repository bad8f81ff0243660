"""``qc cost``: which pairs it would cost to set results aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.decide.pair_cost import LossCost


@dataclass(frozen=True, slots=True)
class CostOutput(JsonModel):
    """Which pairs it would cost to set results aside."""

    json_keys = "items *cost"

    items: tuple[str, ...]
    """Items that were asked about."""
    cost: LossCost
    """What they would cost."""


@click.command("cost")
@click.argument("items", nargs=-1, required=True)
@json_option("qc.cli.cost:CostOutput")
@lab_option
def command(items: tuple[str, ...], as_json: bool, lab_folder: Path | None) -> int:
    """Say which contrasts would lose pairs if ITEMS were rejected or measured again, and how many would remain.

    Before a plan is locked it is not known which visits will be compared: every two of them are counted. Neither
    subject nor visit is told. Nothing is recorded.
    """
    from qc.cli.output import data, say

    cost = open_named_lab(lab_folder).pair_cost(items)
    if as_json:
        data(CostOutput(items, cost))
        return 0
    for sentence in cost.sentences:
        say(sentence)
    return 0
