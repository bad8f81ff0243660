"""``qc restore``: make a lab of a backup, or rehearse it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab

if TYPE_CHECKING:
    from qc.audit.backup.restore import Restored


@click.command("restore")
@click.argument("backup", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--rehearse", "is_rehearsal", is_flag=True, help="Restore into a folder that goes again; record it.")
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the private key of an encrypted backup.",
)
@click.option("--beside", is_flag=True, help="Count what the lab (--lab) has that the backup has not.")
@actor_option
@json_option("qc.audit.backup.restore:Restored")
@lab_option
def command(
    backup: Path,
    folder: Path | None,
    *,
    is_rehearsal: bool,
    key: Path | None,
    beside: bool,
    actor: str | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Make a lab of BACKUP in FOLDER, which must be empty or not be there, and verify it.

    With --rehearse the lab (--lab) stays as it is; its ledger tells that its backup was tried, and whether it holds.
    Exit code 0 if everything holds, else 1.
    """
    from qc.audit.backup.encrypted import opened
    from qc.audit.backup.restore import rehearse, restore
    from qc.cli.output import data
    from qc.people.acting_person import acting_person
    from schemas.errors import ConfigError

    if is_rehearsal == (folder is not None):
        raise ConfigError("Name the folder of the new lab, or --rehearse; one of the two.")
    lab = open_named_lab(lab_folder) if is_rehearsal or beside else None
    place = (lab.paths.root if is_rehearsal and lab else folder or Path()).absolute().parent
    with opened(backup, key, place) as whole:
        if is_rehearsal and lab is not None:
            restored, _ = rehearse(lab, whole, actor=acting_person(lab, actor).name)
        else:
            restored = restore(whole, folder or Path(), beside=lab)
    if as_json:
        data(restored)
    else:
        _say(restored)
    return ExitCode.CLEAN if restored.holds else ExitCode.WAITS


def _say(restored: Restored) -> None:
    from qc.cli.output import say

    where = f"Lab in '{restored.folder}'" if restored.folder else "Rehearsed"
    say(f"{where}: backup of {restored.made_at}, {restored.n_files} files, ledger up to entry {restored.ledger_seq}.")
    if restored.n_newer_entries is not None:
        say(f"The lab beside it has {restored.n_newer_entries} newer entries and {restored.n_newer_files} newer files.")
    for fault in restored.faults:
        say(str(fault))
    say("Everything holds." if restored.holds else "Something does not hold.")
