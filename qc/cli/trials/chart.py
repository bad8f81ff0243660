"""``qc try chart``: one series on control charts."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option


@click.command("chart")
@FILES
@click.option("--center", "--centre", type=float, default=None, help="Centre; else the mean of the baseline.")
@click.option("--sd", type=float, default=None, help="SD; else the moving-range SD of the baseline.")
@click.option(
    "--sd-from",
    type=click.Choice(["target", "long-term", "moving-range"]),
    default=None,
    help="SD to judge by: of the target (--center, --sd), of all results of the baseline, or of its moving ranges.",
)
@click.option("--baseline", type=int, default=None, metavar="N", help="First N results give what is not set.")
@click.option("--ewma", "ewmas", multiple=True, metavar="LAMBDA,L", help="EWMA chart with exact limits; repeatable.")
@click.option("--cusum", "cusums", multiple=True, metavar="K,H[,HEADSTART]", help="CUSUM chart in SD; repeatable.")
@trial_json_option("checks.trials.chart:ChartAnswer", "checks.trials.chart:ChartsAnswer")
def command(
    files: tuple[Path, ...],
    *,
    center: float | None,
    sd: float | None,
    sd_from: str | None,
    baseline: int | None,
    ewmas: tuple[str, ...],
    cusums: tuple[str, ...],
    as_json: bool,
) -> int:
    """Put series of results (CSV: value, in order of time, and series) on Levey-Jennings, EWMA and CUSUM charts."""
    from checks.trials.chart import ChartSettings, chart

    settings = ChartSettings(
        center=center,
        sd=sd,
        sd_from=sd_from or "",
        baseline=baseline,
        ewmas=tuple((one[0], one[1]) for one in (_numbers("--ewma", text, 2, 2) for text in ewmas)),
        cusums=tuple((*one, 0.0)[:3] for one in (_numbers("--cusum", text, 2, 3) for text in cusums)),  # type: ignore[misc]
    )
    settings.check()
    return each_file(files, lambda text: chart(text, settings), as_json=as_json)


def _numbers(option: str, text: str, least: int, most: int) -> tuple[float, ...]:
    from math import isfinite

    from schemas.errors import ConfigError

    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if not (least <= len(numbers) <= most and all(isfinite(number) for number in numbers)):
        wanted = f"{least}" if least == most else f"{least} or {most}"
        raise ConfigError(f"Option {option} '{text}' is not {wanted} numbers joined by commas.")
    return numbers
