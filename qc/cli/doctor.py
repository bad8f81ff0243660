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
    set_aside: list[str]
    """Where things lie now that were in the way: releases that no entry tells, a journal that was altered."""
    n_entered: int
    """Groups of rows whose writer was cut off before their entry, and that are entered now."""
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
    its model, and approved results against the catalogue. Rows that another program took away or changed, such as a
    notebook that opened the facts bare, are told by the heads in the ledger. Rules that could not be computed are named
    with the runs that they hold. Nothing is deleted.

    Looks at what the lab stands on, too: locks of the file system (a network share is no place for a lab), clocks,
    disk, rights, versions of libraries, packages of the same names, an old backup, watchers that are silent, processes
    that hold a store for hours. Each is told with what to do.

    Exit code 1 if something is left that a person must look at.
    """
    from qc.assess.soundness import broken_rule_faults, stored_row_faults
    from qc.audit.verify import verify
    from qc.cli.output import data, say
    from qc.ingest.corrections.apply import apply_accepted
    from qc.ingest.corrections.waiting import correction_faults
    from qc.ingest.ingest import recover
    from qc.ingest.journal_check import mend_journal
    from qc.lab.open_to_others import open_to_others
    from qc.release.altered_facts import enter_what_is_late
    from qc.release.release import set_aside_unrecorded
    from qc.release.sheet_gaps import sheet_gaps
    from qc.triage.surroundings.faults import surroundings

    lab = open_named_lab(lab_folder)
    finished = recover(lab)
    set_aside = set_aside_unrecorded(lab)
    applied = apply_accepted(lab)
    n_entered = enter_what_is_late(lab)
    if kept := mend_journal(lab):
        set_aside.append(kept)
    faults = verify(lab) + stored_row_faults(lab) + correction_faults(lab)
    faults += [*broken_rule_faults(lab), *open_to_others(lab.paths)]
    with lab.facts.reading() as con:
        faults += sheet_gaps(con)
    faults += surroundings(lab)
    if as_json:
        data(DoctorOutput(finished, set_aside, n_entered, faults, applied))
    else:
        for name in finished:
            say(f"Finished the ingest of '{name}', which was cut off.")
        for name in applied:
            say(f"Took '{name}' into force, a correction that was accepted.")
        for name in set_aside:
            say(f"'{name}' was in the way: no entry of the ledger tells it, or the facts do not hold it.")
        if n_entered:
            say(f"Entered {n_entered} groups of rows in the ledger, whose writer was cut off or went by this program.")
        for fault in faults:
            say(str(fault))
        say("Something is left to look at." if faults else "The lab is sound.")
    return ExitCode.WAITS if faults else ExitCode.CLEAN
