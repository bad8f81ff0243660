"""``qc evidence``: a run or a release with everything that proves it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from qc.cli.release import NamedOrFirst
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from schemas.errors import Fault


@dataclass(frozen=True, slots=True)
class EvidenceVerifyOutput(JsonModel):
    """Whether evidence holds."""

    target: str
    """Run or release that it is of."""
    holds: bool
    """Whether everything is what it was."""
    faults: list[Fault]
    """What is wrong."""
    remarks: list[str]
    """What breaks nothing and should be known: facts that were made again from archive and ledger."""


@click.command("evidence", cls=NamedOrFirst, first="make")
def command() -> None:
    """Write the evidence of a run or a release: 'qc evidence RUN|RELEASE'; or verify one: 'qc evidence verify PATH'."""


@command.command("make")
@click.argument("target")
@click.option("--reason", default="evidence", help="Why it is taken away; an auditor reads it.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Folder, or a file that ends in .zip.")
@actor_option
@json_option("qc.audit.evidence.pack:Pack")
@lab_option
def make(target: str, reason: str, out: Path | None, actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Write files, rows, decisions, signatures and the chain of the ledger of TARGET, a run or a release.

    'qc evidence verify' recomputes all of it on another machine, with nothing but Assaygate. It names subjects: taking
    it needs the right 'unblind' and stands in the ledger.
    """
    from qc.audit.evidence.pack import write_pack
    from qc.cli.output import data, say, talk
    from qc.people.unblinding import NOT_RECORDED
    from qc.store.read_only import is_read_only

    lab = open_named_lab(lab_folder)
    made = write_pack(lab, target, out or Path(f"evidence-{target}.zip"), reason=reason, actor=actor)
    if is_read_only(lab.paths.ledger):
        talk(NOT_RECORDED)
    if as_json:
        data(made)
    else:
        say(f"Evidence of {made.target}: {made.path}, {made.n_files} files, SHA-256 of its index {made.sha256}")
    return 0


@command.command("verify")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@json_option("qc.cli.evidence:EvidenceVerifyOutput")
def verify(path: Path, as_json: bool) -> int:
    """Verify the evidence in PATH, a folder or a zip; no lab is needed. Exit code 1 if anything differs."""
    from qc.audit.evidence.pack_check import check_pack
    from qc.cli.output import data, say

    checked = check_pack(path)
    if as_json:
        data(EvidenceVerifyOutput(checked.target, not checked.faults, checked.faults, checked.remarks))
    else:
        for line in (*checked.faults, *checked.remarks):
            say(str(line))
        say(f"Evidence of {checked.target}: " + ("something does not hold." if checked.faults else "all holds."))
    return ExitCode.WAITS if checked.faults else ExitCode.CLEAN
