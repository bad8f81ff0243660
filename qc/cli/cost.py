"""``qc cost``: which pairs a rejection would cost."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("cost")
@click.argument("items", nargs=-1, required=True)
@json_option()
@lab_option
def command(items: tuple[str, ...], as_json: bool, lab_folder: Path | None) -> int:
    """Say which contrasts would lose pairs if ITEMS were rejected, and how many remain against the plan's minimum.

    Neither subject nor visit is told. Nothing is recorded.
    """
    from qc.cli.output import data, say

    costs = open_named_lab(lab_folder).pair_cost(items)
    if as_json:
        data({"items": list(items), "costs": [cost.as_json() for cost in costs]})
        return 0
    for cost in costs:
        say(cost.sentence)
    if not costs:
        say("No pair would be lost.")
    return 0
