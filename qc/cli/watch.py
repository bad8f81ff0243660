"""``qc watch``: watch the inbox all day, and take in what comes."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from qc.cli.options import json_option, lab_option, open_named_lab

if TYPE_CHECKING:
    from qc.nights.night import Night
    from schemas.errors import QcError


@click.command("watch")
@click.option(
    "--poll", "poll_s", type=click.FloatRange(min=0.1), metavar="SECONDS",
    help="Look every so many seconds: for network shares, which tell no changes.",
)  # fmt: skip
@json_option("qc.nights.night:Night")
@lab_option
def command(*, poll_s: float | None, as_json: bool, lab_folder: Path | None) -> int:
    """Watch the inbox, take in what has stood still, judge it, and say what is new; until it is stopped.

    A file counts when it and all that belongs to it (its run sheet, its plate map) has stood still for [watch] still_s
    seconds; names such as *.part are left until they are renamed. What grows or is replaced while it is read stays and
    is read again. Each round writes a page like that of a night; with --json each prints one line.

    It beats every [watch] beat_s seconds: 'qc status' tells when it is silent. Stop it with Ctrl-C or SIGTERM.
    """
    from qc.cli.output import talk
    from qc.nights.live.watch import watch

    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    lab = open_named_lab(lab_folder)
    talk(f"Watching '{lab.paths.inbox}'. Ctrl-C ends it.")

    def told(night: Night) -> None:
        _tell(night, as_json=as_json)

    def refused(error: QcError) -> None:
        talk(f"This round was stopped: {error}")

    watch(lambda: open_named_lab(lab.paths.root), stop=stop, told=told, refused=refused, poll_s=poll_s)
    return 0


def _tell(night: Night, *, as_json: bool) -> None:
    from qc.cli.output import data, say

    if as_json:
        data(night)
        return
    say(f"{night.began_at:%Y-%m-%d %H:%M:%S} UTC")
    for one in night.ingested:
        runs = f", runs {', '.join(one.runs)}" if one.runs else ""
        say(f"  {one.outcome:11} {one.file}: {one.n_rows} rows{runs}{f' ({one.message})' if one.message else ''}")
    for run in night.assessed:
        counts = f"{run.n_auto_approved} approved, {run.n_waiting} wait"
        say(f"  {run.verdict.value:11} {run.run}: {counts} (qc show {run.item})")
    for fault in night.faults:
        say(f"  FAULT       {fault}")
