"""``qc show``: one run or result with all its findings."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("show")
@click.argument("item")
@json_option("qc.decide.queue_and_show:Shown", "qc.items.cause_shown:CauseShown")
@lab_option
def command(item: str, as_json: bool, lab_folder: Path | None) -> int:
    """Show one item with every finding, limit, source and decision.

    ITEM is a run (R12, or its name), an analyte in a run (R12/ferritin), a result (R12.5), or a cause with its items
    (K7F3QX). Exit code 1 if it waits.
    """
    from qc.cli.output import data
    from qc.cli.queue_text import cause_text
    from qc.cli.tables import shown_text
    from qc.items.cause_names import is_cause

    lab = open_named_lab(lab_folder)
    if is_cause(item):
        cause = lab.cause(item)
        data(cause) if as_json else cause_text(cause)
        return ExitCode.WAITS
    shown = lab.show(item)
    if as_json:
        data(shown)
    else:
        shown_text(shown)
    return ExitCode.WAITS if shown.state == "waiting" else ExitCode.CLEAN
