"""``qc try detection``: limits of blank, detection and quantitation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option

if TYPE_CHECKING:
    from checks.trials.detection_limits import DetectionSettings
    from checks.trials.detection_rows import CatalogueKey


@click.command("detection")
@FILES
@click.option(
    "--lob",
    "blank_method",
    type=click.Choice(["nonparametric", "parametric"]),
    default="nonparametric",
    show_default=True,
    help="Limit of blank by ranks, or by mean and SD.",
)
@click.option(
    "--lod",
    "detection_method",
    type=click.Choice(["classical", "profile", "probit"]),
    default="classical",
    show_default=True,
    help="Limit of detection by pooled SD, by precision profile, or by hit rates.",
)
@click.option(
    "--profile",
    "profile_shape",
    type=click.Choice(["linear", "quadratic"]),
    default="linear",
    show_default=True,
    help="Shape of the precision profile.",
)
@click.option("--cv", type=float, default=None, metavar="PERCENT", help="Largest CV at the LoQ.  [default: 20]")
@click.option("--total-error", type=float, default=None, metavar="PERCENT", help="Largest total error at the LoQ.")
@click.option(
    "--error-model",
    type=click.Choice(["westgard", "rms"]),
    default="westgard",
    show_default=True,
    help="Total error as bias + 2 SD, or as root of squares.",
)
@click.option(
    "--catalogue",
    "into",
    nargs=3,
    default=None,
    metavar="MATRIX METHOD UNIT",
    help="Print the limits as rows for the analyte's file in catalogue/, by reagent lot.",
)
@trial_json_option("checks.trials.detection:DetectionAnswer")
def command(
    files: tuple[Path, ...],
    *,
    blank_method: str,
    detection_method: str,
    profile_shape: str,
    cv: float | None,
    total_error: float | None,
    error_model: str,
    into: tuple[str, str, str] | None,
    as_json: bool,
) -> int:
    """Give LoB, LoD and LoQ (CSV: sample, kind (blank or low), value; lot, day, replicate, target, detected).

    Each lot by itself and all together, as EP17 does it: of 2 or 3 lots the worst counts, more are pooled.
    """
    from checks.arithmetic.detection.quantitation_limit import CV_GOAL_PERCENT
    from checks.trials.detection import detection
    from checks.trials.detection_limits import DetectionSettings
    from checks.trials.detection_rows import CatalogueKey
    from schemas.errors import ConfigError

    if cv is not None and total_error is not None:
        raise ConfigError("The goal at the limit of quantitation is a CV (--cv) or a total error; give one of the two.")
    for goal in (cv, total_error):
        if goal is not None and not goal > 0:
            raise ConfigError(f"A goal of '{goal:g}' percent must be above 0.")
    settings = DetectionSettings(
        blank_method=blank_method,
        detection_method=detection_method,
        profile_shape=profile_shape,
        cv_goal_percent=CV_GOAL_PERCENT if cv is None else cv,
        error_goal_percent=total_error,
        error_model=error_model,
    )
    if into and len(files) > 1:
        raise ConfigError("The rows of a catalogue come from one experiment; name one file with --catalogue.")
    key = CatalogueKey(*into, source=files[0].name) if into else None
    if key and not as_json:
        return _rows_alone(files[0], settings, key)
    return each_file(files, lambda text: detection(text, settings, key), as_json=as_json)


def _rows_alone(file: Path, settings: DetectionSettings, key: CatalogueKey) -> int:
    from checks.trials.answer_verdict import is_clean
    from checks.trials.detection import detection
    from qc.cli.output import say
    from qc.cli.trials.each_file import exit_code, text_of

    answer = detection(text_of(file), settings, key)
    for line in answer["catalogue"]:
        say(line)
    return exit_code(is_clean=is_clean(answer))
