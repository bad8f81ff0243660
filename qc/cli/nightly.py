"""``qc nightly``: empty the inbox, judge, and say what is new."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab

if TYPE_CHECKING:
    from qc.api.lab import Lab


@click.command("nightly")
@click.option(
    "--install",
    type=click.Choice(["systemd", "cron", "launchd"]),
    help="Do nothing but print the unit that calls this command each night.",
)
@click.option("--at", default="02:30", show_default=True, metavar="HH:MM", help="With --install: local time.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --install: write the unit to this folder.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="Tell what is new against the last night before this local time, such as 2026-03-06 after a weekend.",
)
@click.option("--dry-run", is_flag=True, help="Say what it would do, and change nothing.")
@json_option("qc.nights.night:Night", "qc.nights.rehearsal:Rehearsal")
@lab_option
def command(
    *,
    install: str | None,
    at: str,
    into: Path | None,
    since: datetime | None,
    dry_run: bool,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Empty the inbox, judge what is new or has changed, and print one summary.

    Idempotent: a second call does nothing more. One bad file never stops the others.
    Exit code 5 if a fault of the program stopped a file or a rule, else 3 if a file was refused, else 1 if anything
    waits, else 0. With [nightly] exit = "new" in qc.toml, 1 only where something waits that did not before.

    With --dry-run every file of the inbox is read and every run asked, and nothing is written: exit code 3 if a file
    would be refused, else 0.
    """
    if install is not None:
        return _install(install, at, into, lab_folder)
    from qc.cli.night_text import night_text
    from qc.cli.output import data
    from qc.cli.progress_bars import progress_bars

    lab = open_named_lab(lab_folder)
    if dry_run:
        return _rehearse(lab, as_json=as_json)
    with progress_bars("ingest", "assess") as progress:
        night = lab.nightly(since=since.astimezone() if since else None, progress=progress)
    if as_json:
        data(night)
    else:
        night_text(night)
    if night.faults:
        return ExitCode.FAULT
    if night.failed:
        return ExitCode.REFUSED
    is_new_only = lab.settings.nightly.exit == "new"
    waits = night.changed.n_newly if is_new_only else night.waiting or night.gaps
    return ExitCode.WAITS if waits else ExitCode.CLEAN


def _rehearse(lab: Lab, *, as_json: bool) -> int:
    from qc.cli.output import data, say

    rehearsal = lab.rehearse_night()
    if as_json:
        data(rehearsal)
    else:
        say(f"What a night would do in lab '{rehearsal.lab}' now; nothing was changed")
        for one in rehearsal.files:
            runs = f", runs {', '.join(one.runs)}" if one.runs else ""
            about = f"{one.n_rows} rows{runs} ({one.reader})" if one.outcome == "in" else one.says or "is in already"
            say(f"  {one.outcome:8} {one.file}: {about}")
            for fault in one.faults[:3]:
                say(f"             {fault}")
        say(f"  assess   {len(rehearsal.stale_runs)} runs that are in, and those of the files")
    return ExitCode.REFUSED if rehearsal.refused else ExitCode.CLEAN


def _install(kind: str, at: str, into: Path | None, lab_folder: Path | None) -> int:
    import sys

    from qc.cli.output import say
    from qc.cli.schedules import NEXT, UNITS, schedule_of

    lab = open_named_lab(lab_folder)
    schedule = schedule_of(lab.paths.root.resolve(), Path(sys.executable), at)
    for name, text in UNITS[kind](schedule).items():
        if into is None:
            say(f"--- {name}")
            say(text)
        else:
            into.mkdir(parents=True, exist_ok=True)
            (into / name).write_text(text, encoding="utf-8")
            say(f"Written: {into / name}")
    say(NEXT[kind].format(name=schedule.name))
    return ExitCode.CLEAN
