"""``qc doctor``: look for what is broken in a lab, and mend it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from schemas.errors import Fault


@dataclass(frozen=True, slots=True)
class DoctorOutput(JsonModel):
    """What was mended, and what is left."""

    finished: list[str]
    """Ingests that were cut off and are finished now."""
    cleared: list[str]
    """Releases that were cut off, never acknowledged, and are taken away."""
    faults: list[Fault]
    """What is wrong, and corrections that wait for a person."""
    applied: list[str]
    """Corrections that were accepted and are in force now."""


@click.command("doctor")
@json_option("qc.cli.doctor:DoctorOutput")
@lab_option
def command(as_json: bool, lab_folder: Path | None) -> int:
    """Finish ingests that were cut off, and name whatever does not fit together.

    Looks at the chain of the ledger, the archive, the releases, and every row of the facts: each table is held against
    its model, and approved results against the catalogue.

    Exit code 1 if something is left that a person must look at.
    """
    from qc.assess.soundness import stored_row_faults
    from qc.audit.verify import verify
    from qc.cli.output import data, say
    from qc.ingest.corrections.apply import apply_accepted
    from qc.ingest.corrections.waiting import correction_faults
    from qc.ingest.ingest import recover
    from qc.release.release import clear_unrecorded
    from qc.release.sheet_gaps import sheet_gaps

    lab = open_named_lab(lab_folder)
    finished = recover(lab)
    cleared = clear_unrecorded(lab)
    applied = apply_accepted(lab)
    faults = verify(lab) + stored_row_faults(lab) + correction_faults(lab)
    with lab.facts.reading() as con:
        faults += sheet_gaps(con)
    if as_json:
        data(DoctorOutput(finished, cleared, faults, applied))
    else:
        for name in finished:
            say(f"Finished the ingest of '{name}', which was cut off.")
        for name in applied:
            say(f"Took '{name}' into force, a correction that was accepted.")
        for name in cleared:
            say(f"Took away '{name}', a release that was cut off and never acknowledged.")
        for fault in faults:
            say(str(fault))
        say("Something is left to look at." if faults else "The lab is sound.")
    return ExitCode.WAITS if faults else ExitCode.CLEAN
