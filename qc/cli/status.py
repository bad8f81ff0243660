"""``qc status``: the state of a lab, for a person or a monitor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.counted import counted

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.lab_status import LabStatus


_AGES = {"day": "of the last day", "3 days": "up to 3 days", "week": "up to a week", "older": "older"}


@click.command("status")
@click.option(
    "--prometheus",
    "metrics_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the numbers to this file, whole or not at all, for Prometheus' node exporter.",
)
@click.option("--notify", is_flag=True, help="Tell whom [notify] of qc.toml names of what is in trouble.")
@click.option("--test-address", metavar="NAME", help="Do nothing but send a test to this address of [notify].")
@json_option("qc.triage.lab_status:LabStatus")
@lab_option
def command(
    *, metrics_file: Path | None, notify: bool, test_address: str | None, as_json: bool, lab_folder: Path | None
) -> int:
    """Say when the last good night was, what waits and for how long, and what is in trouble.

    Nothing about a patient or a sample is printed. Exit code 0 if nothing is in trouble, else 1; that items wait is no
    trouble. How old a night may be and how full the disk stands in [nightly] of qc.toml.
    """
    from qc.cli.output import data
    from qc.cli.prometheus_text import prometheus_text
    from qc.ingest.archive import write_whole
    from qc.triage.lab_status import lab_status

    lab = open_named_lab(lab_folder)
    if test_address is not None:
        return _test(lab, test_address)
    with lab.facts.reading() as con:
        status = lab_status(lab, con)
    if metrics_file is not None:
        write_whole(metrics_file, prometheus_text(status).encode())
    if as_json:
        data(status)
    else:
        _say(status)
    if notify:
        _notify(lab, status)
    return ExitCode.CLEAN if status.is_well else ExitCode.WAITS


def _notify(lab: Lab, status: LabStatus) -> None:
    from qc.cli.output import talk
    from qc.nights.notices.of_status import notices_of_status
    from qc.nights.notices.send import send

    for one in send(lab, notices_of_status(status)):
        what = "told" if one.is_delivered else "could not be told; it is tried again the next time"
        talk(f"'{one.address}' {what}: {one.title}")


def _test(lab: Lab, address: str) -> int:
    from qc.cli.output import say
    from qc.nights.notices.send import deliver_one

    is_delivered = deliver_one(lab, address).is_delivered
    say(f"'{address}' {'took the test' if is_delivered else 'took nothing: look at its URL'}.")
    return ExitCode.CLEAN if is_delivered else ExitCode.WAITS


def _say(status: LabStatus) -> None:
    from qc.cli.output import say

    good = status.good_night_age_h
    say(f"Lab '{status.lab}'")
    say(f"  last good night  {'none yet' if good is None else f'{good:.1f} hours ago'}")
    waits = ", ".join(f"{n} {verdict.replace('_', ' ')}" for verdict, n in status.n_waiting_by_verdict.items())
    oldest = status.oldest_waiting_h
    age = "" if oldest is None else f"; the oldest was judged {oldest:.1f} hours ago"
    say(f"  waiting          {counted(status.n_waiting, 'item')}{f' ({waits})' if waits else ''}{age}")
    ages = ", ".join(f"{n} {_AGES[age]}" for age, n in status.n_waiting_by_age.items() if n)
    if ages:
        say(f"  by age           {ages}")
    for cause in status.causes:
        about = (
            f"{counted(cause.n_results, 'result')}, {cause.verdict.replace('_', ' ')} by {', '.join(cause.rules[:3])}"
        )
        say(f"  cause            {cause.cause}: {about}")
    say(f"  quarantine       {counted(status.n_quarantined, 'delivery', 'deliveries')}")
    say(f"  corrections      {status.n_corrections} wait")
    backup = status.backup_age_h
    say(f"  newest backup    {'none yet' if backup is None else f'{backup / 24:.1f} days ago'}")
    for one in status.heartbeats:
        alive = "SILENT" if one.name in status.silent else "alive"
        say(f"  qc {one.name:13} {alive}, last beat {one.at:%Y-%m-%d %H:%M:%S} UTC")
    say(f"  disk             {status.free_percent:.0f} % free")
    for trouble in status.troubles:
        say(f"! {trouble}")
    say("Nothing is in trouble." if status.is_well else f"{len(status.troubles)} to look at.")
