"""``qc audit``: verify the ledger, the archive and the releases."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab


@click.group("audit")
def command() -> None:
    """Verify the trail that everything leaves."""


@command.command("verify")
@json_option
@lab_option
def verify(as_json: bool, lab_folder: Path | None) -> int:
    """Recompute the ledger's chain, the archive and the releases, offline.

    Names the first broken link of the ledger, and every file that is not what it was. Exit code 1 if anything differs.
    """
    from qc.cli.output import data, say

    lab = open_named_lab(lab_folder)
    faults = lab.verify()
    seq, head = lab.ledger.head()
    if as_json:
        told = [{"where": fault.where, "text": fault.text} for fault in faults]
        data({"holds": not faults, "entries": seq, "head": head, "faults": told})
        return ExitCode.WAITS if faults else ExitCode.CLEAN
    for fault in faults:
        say(str(fault))
    say("Something does not hold." if faults else f"All holds: {seq} ledger entries, head {head}.")
    return ExitCode.WAITS if faults else ExitCode.CLEAN


@command.command("log")
@json_option
@lab_option
def log(as_json: bool, lab_folder: Path | None) -> int:
    """Print the ledger, oldest entry first."""
    from qc.cli.output import data, say

    for entry in open_named_lab(lab_folder).ledger.entries():
        if as_json:
            told = {"seq": entry.seq, "at": entry.at.isoformat(), "actor": entry.actor, "kind": str(entry.kind)}
            data(told | {"object": entry.object, "body": dict(entry.body), "hash": entry.hash})
        else:
            act = entry.body.get("act", "")
            say(f"{entry.seq:>6}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.actor:<12} {entry.kind} {act} {entry.object}")
    return 0
