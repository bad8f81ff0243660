"""``qc try paired``: pairs compared."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option
from qc.cli.trials.stated_bounds import bound_options, words_around


@click.command("paired")
@FILES
@click.option("--decimals", type=int, default=None, help="Decimals that the laboratory reports.")
@click.option("--zeros", type=click.Choice(["wilcox", "pratt"]), default="wilcox", show_default=True, help="Zeros.")
@click.option("--conf", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@click.option("--subject", default="", help="Column of the subject, if not 'subject'.")
@click.option("--before", default="", help="Column of the first values, if not 'before'.")
@click.option("--after", default="", help="Column of the second values, if not 'after'.")
@click.option("--time", default="", help="One value a line: column that tells the visits apart.")
@click.option("--value", default="", help="One value a line: column of the values.")
@click.option("--visits", default="", help="One value a line: the two visits, 'FIRST,SECOND'.")
@click.option("--where", multiple=True, help="Take lines with COLUMN=VALUE alone; may be given several times.")
@bound_options
@trial_json_option("checks.trials.paired:PairedAnswer")
def command(
    files: tuple[Path, ...],
    decimals: int | None,
    zeros: str,
    conf: float,
    as_json: bool,
    visits: str,
    where: tuple[str, ...],
    lloq: float | None,
    lod: float | None,
    uloq: float | None,
    **columns: str,
) -> int:
    """Compare pairs (CSV: subject, before, after; a cell may be censored or empty)."""
    from checks.trials.pair_columns import Layout, as_pairs
    from checks.trials.paired import paired as compare

    layout = Layout(visits=tuple(visit.strip() for visit in visits.split(",") if visit), where=where, **columns)

    words, bounds = words_around(), {"lloq": lloq, "lod": lod, "uloq": uloq}

    def judge(text: str) -> dict[str, object]:
        pairs = as_pairs(text, layout)
        return compare(pairs, decimals=decimals, zeros=zeros, conf=conf, words=words, bounds=bounds)

    return each_file(files, judge, as_json=as_json)
