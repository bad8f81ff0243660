"""``qc status``: the state of a lab, for a person or a monitor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab

if TYPE_CHECKING:
    from qc.triage.lab_status import LabStatus


@click.command("status")
@click.option(
    "--prometheus",
    "metrics_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the numbers to this file, whole or not at all, for Prometheus' node exporter.",
)
@json_option("qc.triage.lab_status:LabStatus")
@lab_option
def command(metrics_file: Path | None, as_json: bool, lab_folder: Path | None) -> int:
    """Say when the last good night was, what waits and for how long, and what is in trouble.

    Nothing about a patient or a sample is printed. Exit code 0 if nothing is in trouble, else 1; that items wait is no
    trouble. How old a night may be and how full the disk stands in [nightly] of qc.toml.
    """
    from qc.cli.output import data
    from qc.cli.prometheus_text import prometheus_text
    from qc.ingest.archive import write_whole
    from qc.triage.lab_status import lab_status

    lab = open_named_lab(lab_folder)
    with lab.facts.reading() as con:
        status = lab_status(lab, con)
    if metrics_file is not None:
        write_whole(metrics_file, prometheus_text(status).encode())
    if as_json:
        data(status)
    else:
        _say(status)
    return ExitCode.CLEAN if status.is_well else ExitCode.WAITS


def _say(status: LabStatus) -> None:
    from qc.cli.output import say

    good = status.good_night_age_h
    say(f"Lab '{status.lab}'")
    say(f"  last good night  {'none yet' if good is None else f'{good:.1f} hours ago'}")
    waits = ", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in status.n_waiting_by_verdict.items())
    oldest = status.oldest_waiting_h
    age = "" if oldest is None else f"; the oldest was judged {oldest:.1f} hours ago"
    say(f"  waiting          {status.n_waiting} items{f' ({waits})' if waits else ''}{age}")
    say(f"  quarantine       {status.n_quarantined} deliveries")
    say(f"  corrections      {status.n_corrections} wait")
    say(f"  disk             {status.free_percent:.0f} % free")
    for trouble in status.troubles:
        say(f"! {trouble}")
    say("Nothing is in trouble." if status.is_well else f"{len(status.troubles)} to look at.")
