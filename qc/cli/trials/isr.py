"""``qc try isr``: incurred samples measured again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option


@click.command("isr")
@FILES
@click.option("--samples", type=click.IntRange(min=1), help="Samples of the study, to judge how many were repeated.")
@click.option("--profile", default="m10-lba", show_default=True, help="Acceptance profile.")
@trial_json_option("checks.trials.isr:IsrAnswer")
def command(files: tuple[Path, ...], samples: int | None, profile: str, as_json: bool) -> int:
    """Compare samples that were measured again (CSV: sample, initial, repeat) with their first results."""
    from checks.profile import load_profile
    from checks.trials.isr import isr

    load_profile(profile)  # a profile that is not known is wrong usage, not a fault of a file

    def judge(text: str) -> dict[str, Any]:
        return isr(text, n_samples=samples, profile=profile)

    return each_file(files, judge, as_json=as_json)
