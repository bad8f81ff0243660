"""``qc try paired``: pairs compared."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option
from qc.cli.trials.each_file import FILES, each_file


@click.command("paired")
@FILES
@click.option("--decimals", type=int, default=None, help="Decimals that the laboratory reports.")
@click.option("--zeros", type=click.Choice(["wilcox", "pratt"]), default="wilcox", show_default=True, help="Zeros.")
@click.option("--conf", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@json_option
def command(files: tuple[Path, ...], decimals: int | None, zeros: str, conf: float, as_json: bool) -> int:
    """Compare pairs (CSV: subject, before, after; a cell may be censored or empty)."""
    from qc.trial.paired import paired as compare

    return each_file(files, lambda text: compare(text, decimals=decimals, zeros=zeros, conf=conf), as_json=as_json)
