"""``qc nightly``: empty the inbox, judge, and say what is new."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("nightly")
@json_option("qc.api.nightly:Night")
@lab_option
def command(as_json: bool, lab_folder: Path | None) -> int:
    """Empty the inbox, judge what is new or has changed, and print one summary.

    Idempotent: a second call does nothing more. One bad file never stops the others.
    Exit code 5 if a fault of the program stopped a file or a rule, else 3 if a file was refused, else 1 if anything
    waits, else 0.
    """
    from qc.cli.output import data
    from qc.cli.tables import night_text

    night = open_named_lab(lab_folder).nightly()
    if as_json:
        data(night)
    else:
        night_text(night)
    if night.faults:
        return ExitCode.FAULT
    if night.failed:
        return ExitCode.REFUSED
    return ExitCode.WAITS if night.waiting or night.gaps else ExitCode.CLEAN
