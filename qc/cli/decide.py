"""``qc decide``: approve, reject, or ask for a repeat."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("decide")
@click.argument("act", type=click.Choice(["approve", "reject", "repeat", "comment"]))
@click.argument("items", nargs=-1, required=True)
@click.option("--reason", default="", help="Code of reasons.toml; needed for all but a plain approval.")
@click.option("--note", default="", help="Free text.")
@json_option
@lab_option
def command(act: str, items: tuple[str, ...], reason: str, note: str, as_json: bool, lab_folder: Path | None) -> int:
    """Record one decision on one or several ITEMS, all or none of them.

    Who decides is the operating-system user. An approval over a failure keeps the failure in sight and needs a reason.
    The decision lapses when the data or the verdicts that it was about change.
    """
    from qc.cli.output import data, say

    decided = open_named_lab(lab_folder).decide(items, act, reason=reason, note=note)
    if as_json:
        data({"decisions": [decision.as_json() for decision in decided]})
        return 0
    for decision in decided:
        over = f" over {', '.join(decision.over)}" if decision.over else ""
        say(f"{decision.item}: {decision.act.value}{over} (ledger entry {decision.seq})")
    return 0
