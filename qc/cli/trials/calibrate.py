"""``qc try calibrate``: a standard curve, and samples read from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option
from schemas.curve_names import CurveModel, CurveWeight

MODELS = (*get_args(CurveModel), "auto")


@click.command("calibrate")
@FILES
@click.option("--model", type=click.Choice(MODELS), default="4pl", show_default=True, help="Curve.")
@click.option("--weight", type=click.Choice(get_args(CurveWeight)), default="1/y2", show_default=True, help="Weight.")
@click.option("--profile", default="m10-lba", show_default=True, help="Acceptance profile.")
@click.option("--refit", is_flag=True, help="Reject a failed standard inside the range and fit once again.")
@trial_json_option("checks.trials.calibrate:CalibrateAnswer")
def command(files: tuple[Path, ...], model: str, weight: str, profile: str, refit: bool, as_json: bool) -> int:
    """Fit a standard curve (CSV: role, name, conc, signal, dilution) and back-calculate samples."""
    from checks.profile import load_profile
    from checks.trials.calibrate import calibrate as fit

    load_profile(profile)  # a profile that is not known is wrong usage, not a fault of a file

    def judge(text: str) -> dict[str, Any]:
        return fit(text, model=model, weight=weight, profile=profile, refits=refit)

    return each_file(files, judge, as_json=as_json)
