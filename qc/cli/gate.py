"""``qc gate``: say whether a study may be released."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("gate")
@click.argument("study", required=False)
@json_option("qc.release.gate:Gate")
@lab_option
def command(study: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Say whether STUDY may be released, and what holds it.

    The gate opens on nothing but a pass or a person's recorded decision. Exit code 0 if it is open, 1 if closed.
    """
    from qc.cli.output import data
    from qc.cli.tables import gate_text

    looked = open_named_lab(lab_folder).gate(study)
    if as_json:
        data(looked)
    else:
        gate_text(looked)
    return ExitCode.CLEAN if looked.is_open else ExitCode.WAITS
