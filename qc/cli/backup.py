"""``qc backup``: copy a lab as it is at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.api.lab import Lab


@dataclass(frozen=True, slots=True)
class BackupOutput(JsonModel):
    """A backup that was made."""

    backup: str
    """Its folder, or its file if it is encrypted."""
    n_files: int
    """Files of the lab in it."""
    ledger_seq: int
    """Number of the newest entry of the ledger in it."""
    manifest_sha256: str
    """SHA-256 of its manifest: write it down elsewhere, and a changed backup is seen."""
    public_keys: list[str]
    """Keys that it is encrypted for; empty if everybody who has it can read it."""


@click.command("backup")
@click.argument("into", type=click.Path(file_okay=False, path_type=Path))
@click.option("--for", "public_keys", multiple=True, metavar="KEY", help="Encrypt it for a public key of age.")
@click.option(
    "--new-key", type=click.Path(dir_okay=False, path_type=Path), help="Write a new key to this file; encrypt for it."
)
@json_option("qc.cli.backup:BackupOutput")
@lab_option
def command(
    into: Path, *, public_keys: tuple[str, ...], new_key: Path | None, as_json: bool, lab_folder: Path | None
) -> int:
    """Copy the lab into a new folder below INTO, and read every copy again.

    People go on working meanwhile; only who writes facts waits. The copy holds names of patients and the secret of the
    pseudonyms: guard it like the lab, or encrypt it: with --for it is one file of age, which 'qc restore --key' opens
    with the private key alone. Keep that key elsewhere: without it nobody opens the backup. 'qc restore' makes a lab
    of it.
    """
    from qc.audit.backup.encrypted import make_key
    from qc.cli.output import data, say
    from qc.lab.heartbeat import note_backup

    lab = open_named_lab(lab_folder)
    keys = [*public_keys, *([make_key(new_key)] if new_key is not None else [])]
    output = _made(lab, into, keys)
    note_backup(lab.paths.root)
    if as_json:
        data(output)
    else:
        say(f"Backup '{output.backup}': {output.n_files} files, ledger up to entry {output.ledger_seq}.")
        say(f"SHA-256 of its manifest: {output.manifest_sha256}")
        for key in keys:
            say(f"Encrypted for {key}")
        by_key = f" --key {new_key or 'FILE'}" if keys else ""
        say(f"Try the way back now and then: qc restore '{output.backup}' --rehearse{by_key}")
    return ExitCode.CLEAN


def _made(lab: Lab, into: Path, keys: list[str]) -> BackupOutput:
    from contextlib import nullcontext
    from tempfile import TemporaryDirectory

    from qc.audit.backup.encrypted import encrypted_in
    from qc.audit.backup.make import make_backup
    from qc.audit.backup.manifest import MANIFEST, read_manifest
    from schemas.canonical import sha256_file

    # What is encrypted never lies readable on the disk of the backups: it is gathered beside the lab.
    beside = lab.paths.root.resolve().parent
    with TemporaryDirectory(prefix=".assaygate-", dir=beside) if keys else nullcontext(str(into)) as gathered:
        made = make_backup(lab, Path(gathered))
        manifest, sha256 = read_manifest(made), sha256_file(made / MANIFEST)
        kept = encrypted_in(into, made, keys) if keys else made
    return BackupOutput(str(kept), len(manifest.files), manifest.ledger_seq, sha256, keys)
