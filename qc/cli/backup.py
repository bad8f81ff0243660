"""``qc backup``: copy a lab as it is at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class BackupOutput(JsonModel):
    """A backup that was made."""

    backup: str
    """Its folder."""
    n_files: int
    """Files of the lab in it."""
    ledger_seq: int
    """Number of the newest entry of the ledger in it."""
    manifest_sha256: str
    """SHA-256 of its manifest: write it down elsewhere, and a changed backup is seen."""


@click.command("backup")
@click.argument("into", type=click.Path(file_okay=False, path_type=Path))
@json_option("qc.cli.backup:BackupOutput")
@lab_option
def command(into: Path, as_json: bool, lab_folder: Path | None) -> int:
    """Copy the lab into a new folder below INTO, and read every copy again.

    People go on working meanwhile; only who writes facts waits. The copy holds names of patients and the secret of the
    pseudonyms: guard it like the lab. 'qc restore' makes a lab of it.
    """
    from qc.audit.backup.make import make_backup
    from qc.audit.backup.manifest import MANIFEST, read_manifest
    from qc.cli.output import data, say
    from schemas.canonical import sha256_file

    made = make_backup(open_named_lab(lab_folder), into)
    manifest = read_manifest(made)
    output = BackupOutput(str(made), len(manifest.files), manifest.ledger_seq, sha256_file(made / MANIFEST))
    if as_json:
        data(output)
    else:
        say(f"Backup '{output.backup}': {output.n_files} files, ledger up to entry {output.ledger_seq}.")
        say(f"SHA-256 of its manifest: {output.manifest_sha256}")
        say(f"Try the way back now and then: qc restore '{output.backup}' --rehearse")
    return ExitCode.CLEAN
