"""``qc assess``: judge every run that is new or has changed."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("assess")
@click.option("--all", "everything", is_flag=True, help="Judge runs again whose inputs are the same.")
@json_option()
@lab_option
def command(everything: bool, as_json: bool, lab_folder: Path | None) -> int:
    """Judge every run that is new, or whose sheets, limits or rules have changed.

    Each run gets a new assessment; the old ones stay. What passes everything is approved by itself, the rest waits.
    Exit code 1 if anything waits.
    """
    from qc.assess.assess import assess
    from qc.cli.output import data, say

    judged = assess(open_named_lab(lab_folder), everything=everything)
    if as_json:
        data({"assessed": [run.as_json() for run in judged]})
    else:
        for run in judged:
            say(run.line())
        say(f"{len(judged)} runs assessed.")
    return ExitCode.WAITS if any(run.n_waiting or run.is_held for run in judged) else ExitCode.CLEAN
