"""``qc try lots``: a new reagent lot against the old one."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option


@click.command("lots")
@FILES
@click.option("--allowed", type=float, default=None, metavar="PERCENT", help="Largest bias that is allowed.")
@click.option("--at", "levels", type=float, multiple=True, metavar="LEVEL", help="Level to judge at; repeatable.")
@click.option("--error-ratio", type=float, default=1.0, show_default=True, help="Error variance of new over old.")
@trial_json_option("checks.trials.lots:LotsAnswer")
def command(
    files: tuple[Path, ...], allowed: float | None, levels: tuple[float, ...], error_ratio: float, as_json: bool
) -> int:
    """Compare a new lot with the old one (CSV: old, new and, if there are several changes, group)."""
    from checks.trials.lots import LotSettings, lots

    settings = LotSettings(allowed_percent=allowed, at=levels, error_ratio=error_ratio)
    settings.check()
    return each_file(files, lambda text: lots(text, settings), as_json=as_json)
