"""``qc queue``: list what waits for a person."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("queue")
@click.option("--study", default=None, help="Only this study.")
@json_option()
@lab_option
def command(study: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """List what waits for a person, gravest first, blind to subject and visit.

    Samples carry fixed pseudonyms. Exit code 1 if anything waits.
    """
    from qc.cli.output import data
    from qc.cli.tables import queue_table

    items = open_named_lab(lab_folder).queue(study)
    if as_json:
        data({"n_waiting": len(items), "items": [item.as_json() for item in items]})
    else:
        queue_table(items)
    return ExitCode.WAITS if items else ExitCode.CLEAN
