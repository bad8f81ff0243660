"""``qc try read``: what a reader makes of a file."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option
from qc.cli.trials.each_file import FILES, print_told


@click.command("read")
@FILES
@click.option("--reader", default=None, help="Reader to use; recognised by content if not given.")
@json_option
def command(files: tuple[Path, ...], reader: str | None, as_json: bool) -> int:
    """Show what a reader makes of a file: runs, wells and what it does not understand."""
    from qc.readers.read_view import read as look

    refused = 0
    for file in files:
        told = look(file, reader=reader)
        refused += bool(told["error"])
        print_told({"file": str(file), "gated": False, **told}, as_json=as_json)
    return ExitCode.REFUSED if refused else ExitCode.CLEAN
