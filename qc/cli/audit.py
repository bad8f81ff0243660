"""``qc audit``: verify the ledger, the archive and the releases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.near_group import NearGroup
from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.audit.anchor import Anchor
    from qc.audit.audit_review import Remark
    from schemas.errors import Fault

_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class VerifyOutput(JsonModel):
    """Whether the trail holds."""

    holds: bool
    """Whether everything is what it was."""
    entries: int
    """Entries of the ledger."""
    head: str
    """Hash of the newest one."""
    anchored: bool
    """Whether it was compared with an anchor."""
    faults: list[Fault]
    """What is wrong."""
    n_runs: int
    """Runs that were judged again, and gave what is stored unless a fault tells otherwise."""
    n_judged: int
    """Runs that stand as judged; 0 where nothing was judged again."""
    waiting: list[str]
    """Runs whose inputs have changed since they were judged, and that were not compared."""
    remarks: list[str]
    """What breaks nothing and should be known."""


@dataclass(frozen=True, slots=True)
class AnchorOutput(JsonModel):
    """An anchor that was written."""

    json_keys = "*anchor file request"

    anchor: Anchor
    """What it says."""
    file: Path
    """File that it was written to."""
    request: Path | None
    """File of the request for a time stamp; None if none was asked for."""


@dataclass(frozen=True, slots=True)
class ReviewOutput(JsonModel):
    """What auditors look for."""

    n_remarks: int
    """Remarks."""
    remarks: list[Remark]
    """Each of them."""


@click.group("audit", cls=NearGroup)
def command() -> None:
    """Verify the trail that everything leaves."""


@command.command("verify")
@click.option("--anchor", type=_FILE, default=None, help="Anchor to compare with; shows a tail that was cut off.")
@click.option("--stamp", type=_FILE, default=None, help="Time stamp (RFC 3161) of the anchor.")
@click.option("--roots", type=_FILE, default=None, help="Trusted certificates (PEM) of the time stamp.")
@click.option("--quick", is_flag=True, help="Neither read the files of the archive again nor judge runs again.")
@click.option("--full", is_flag=True, help="Judge every run again, not some that are chosen by chance.")
@json_option("qc.cli.audit:VerifyOutput")
@lab_option
def verify(
    anchor: Path | None,
    stamp: Path | None,
    roots: Path | None,
    *,
    quick: bool,
    full: bool,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Recompute ledger, archive, facts, decisions, signatures, releases and reports, offline.

    Names the first broken link of the ledger, and every file, row and signature that is not what it was. The files of
    the archive are read again, and runs are judged again from them: wells, results, findings, approvals, states and
    held items must come out as they are stored. Exit code 1 if anything differs.
    """
    from qc.audit.again.judged_again import SAMPLE
    from qc.audit.anchor import read_anchor, stamp_faults
    from qc.audit.verify import verified
    from qc.cli.output import data, say
    from schemas.errors import ConfigError

    if quick and full:
        raise ConfigError("Give --quick or --full, not both.")

    if (stamp or roots) and not (anchor and stamp and roots):
        raise ConfigError("A time stamp is verified with all of --anchor, --stamp and --roots.")
    lab = open_named_lab(lab_folder)
    found = verified(
        lab,
        anchor=read_anchor(anchor) if anchor else None,
        reads_again=not quick,
        n_runs=0 if quick else None if full else SAMPLE,
    )
    faults, again = found.faults, found.again
    if anchor and stamp and roots:
        faults += stamp_faults(anchor, stamp, roots)
    seq, head = _head(lab)
    if as_json:
        counts = (again.n_runs, again.n_judged, list(again.waiting))
        data(VerifyOutput(not faults, seq, head, anchor is not None, faults, *counts, found.remarks))
        return ExitCode.WAITS if faults else ExitCode.CLEAN
    for fault in faults:
        say(str(fault))
    for remark in found.remarks:
        say(f"To know: {remark}")
    if again.waiting:
        say(f"Not judged again, since they wait for 'qc assess': {', '.join(again.waiting)}.")
    if again.n_judged:
        say(f"Judged again: {again.n_runs} of {again.n_judged} runs.")
    say("Something does not hold." if faults else f"All holds: {seq} ledger entries, head {head}.")
    return ExitCode.WAITS if faults else ExitCode.CLEAN


def _head(lab: Lab) -> tuple[int, str]:
    from schemas.errors import StoreError

    try:
        return lab.ledger.head()
    except StoreError:  # told as a fault of the ledger already
        return 0, ""


@command.command("anchor")
@click.argument("file", type=_FILE)
@click.option("--request", type=_FILE, default=None, help="Write a request for a time stamp (RFC 3161) here, too.")
@json_option("qc.cli.audit:AnchorOutput")
@lab_option
def anchor_command(file: Path, request: Path | None, as_json: bool, lab_folder: Path | None) -> int:
    """Write the head of the ledger and of the facts to FILE, to be kept where the lab cannot be written from.

    'qc audit verify --anchor FILE' then shows a tail that was cut off, and a ledger or facts that were written anew.
    Send the request to a time-stamping authority and keep its answer beside FILE.
    """
    from qc.audit.anchor import write_anchor
    from qc.cli.output import data, say

    anchor = write_anchor(open_named_lab(lab_folder), file, request=request)
    if as_json:
        data(AnchorOutput(anchor, file, request))
    else:
        say(f"Anchor {file}: entry {anchor.seq}, {anchor.hash}; {anchor.n_seals} seals of the facts.")
        if request:
            say(f"Request for a time stamp: {request}")
    return 0


@command.command("log")
@click.option("--by", "actor", default="", help="Only acts of this person.")
@click.option(
    "--about", default="", help="Only what is about this item, release, plan or account; of a run, all in it."
)
@click.option("--kind", "kinds", multiple=True, help="Only this kind: decision, undo, signature, release, ...")
@click.option("--since", type=click.DateTime(), default=None, help="UTC; from this moment on.")
@click.option("--until", type=click.DateTime(), default=None, help="UTC; before this moment.")
@click.option("--last", type=click.IntRange(min=1), default=None, help="Only the newest so many.")
@json_option("qc.audit.log_view:LogEntry")
@lab_option
def log(
    actor: str,
    about: str,
    kinds: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    last: int | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Print the ledger, oldest entry first; with --json one entry a line.

    Neither the hash of a password nor the text of a plan is printed: a plan names visits, 'qc plan show' prints it.
    """
    from qc.audit.log_view import Wanted, entry_line, shown_entry
    from qc.audit.log_view import log as entries_of
    from qc.cli.output import data, say

    wanted = Wanted(actor=actor, about=about, kinds=kinds, since=_utc(since), until=_utc(until), last=last or 0)
    for entry in entries_of(open_named_lab(lab_folder), wanted):
        data(shown_entry(entry)) if as_json else say(entry_line(entry))
    return 0


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


@command.command("review")
@json_option("qc.cli.audit:ReviewOutput")
@lab_option
def review(as_json: bool, lab_folder: Path | None) -> int:
    """Point out what auditors look for: odd hours, bursts, self-approvals, repeats until pass, overrides, and the like.

    None of it need be wrong; each needs an answer. Exit code 1 if there is anything.
    """
    from qc.audit.audit_review import review as remarks_of
    from qc.cli.output import data, say

    remarks = remarks_of(open_named_lab(lab_folder))
    if as_json:
        data(ReviewOutput(len(remarks), remarks))
    else:
        for remark in remarks:
            say(f"{remark.what:<20} {remark.sentence} (entries {', '.join(map(str, remark.entries)) or 'none'})")
        say(f"{len(remarks)} remarks." if remarks else "Nothing to remark.")
    return ExitCode.WAITS if remarks else ExitCode.CLEAN
