"""``qc try precision``: replicates and variance components."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option


@click.command("precision")
@FILES
@click.option("--claim-repeatability", type=float, default=None, metavar="PERCENT", help="Claimed CV within a run.")
@click.option("--claim-within-lab", type=float, default=None, metavar="PERCENT", help="Claimed CV within the lab.")
@trial_json_option("checks.trials.precision:PrecisionOfFile", "checks.trials.precision:PrecisionOfLevels")
def command(
    files: tuple[Path, ...], claim_repeatability: float | None, claim_within_lab: float | None, as_json: bool
) -> int:
    """Give precision (CSV: value, and level, site, lot, calibration, day, run, group as the design has them).

    Sites, lots, calibrations, days and runs, each nested in those before it, give variance components (EP05, EP15);
    groups give CVs of replicates. Claims may stand in the
    columns claim_repeatability_cv, claim_within_cv and target, level by level, and are verified as EP15 does.
    """
    from checks.trials.precision import precision
    from checks.trials.precision_verdict import Claims
    from schemas.errors import ConfigError

    for claim in (claim_repeatability, claim_within_lab):
        if claim is not None and not claim > 0:
            raise ConfigError(f"A claimed CV of '{claim:g}' percent must be above 0.")
    claims = Claims(claim_repeatability, claim_within_lab)
    return each_file(files, lambda text: precision(text, claims), as_json=as_json)
