"""``qc try lots``: a new reagent lot against the old one."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.trials.each_file import each_file, print_answer, trial_json_option


@click.command("lots")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--allowed", type=float, default=None, metavar="PERCENT", help="Largest bias that is allowed.")
@click.option("--at", "levels", type=float, multiple=True, metavar="LEVEL", help="Level to judge at; repeatable.")
@click.option("--error-ratio", type=float, default=1.0, show_default=True, help="Error variance of new over old.")
@click.option("--cv", type=float, default=None, metavar="PERCENT", help="CV of one result of the old lot.")
@click.option("--cv-new", type=float, default=None, metavar="PERCENT", help="CV of the new lot, if it is another.")
@click.option("--design", is_flag=True, help="Tell the samples needed to find a bias of --allowed (EP26).")
@click.option("--power", type=float, default=0.9, show_default=True, help="Chance of finding it, for --design.")
@trial_json_option("checks.trials.lots:LotsAnswer", "checks.trials.lot_plan:LotPlanAnswer")
def command(
    files: tuple[Path, ...],
    levels: tuple[float, ...],
    *,
    allowed: float | None,
    error_ratio: float,
    cv: float | None,
    cv_new: float | None,
    design: bool,
    power: float,
    as_json: bool,
) -> int:
    """Compare a new lot with the old one (CSV: old, new and, if there are several changes, group).

    A lot passes if the 95 % interval of its bias is allowed at every level, and the samples scatter no more than the
    precision of both lots explains.
    """
    from checks.trials.lot_plan import lot_plan
    from checks.trials.lots import LotSettings, lots
    from schemas.errors import ConfigError

    settings = LotSettings(
        allowed_percent=allowed, at=levels, error_ratio=error_ratio, cv_percent=cv, cv_new_percent=cv_new
    )
    settings.check()
    if design == bool(files):
        raise ConfigError("Give files to compare, or --design for the samples needed; one of the two.")
    if design:
        print_answer(lot_plan(allowed, cv, cv_new, power), as_json=as_json)
        return ExitCode.CLEAN
    return each_file(files, lambda text: lots(text, settings), as_json=as_json)
