"""``qc release``: freeze approved results."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("release")
@click.argument("study", required=False)
@json_option
@lab_option
def command(study: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Freeze the approved results of STUDY as Parquet with a manifest, and print the hash to cite.

    Refused with exit code 1 while anything waits.
    """
    from qc.cli.output import data, say

    lab = open_named_lab(lab_folder)
    made = lab.release(study)
    folder = lab.paths.releases / made.name
    if as_json:
        told = {"release": made.name, "release_sha256": made.sha256, "folder": str(folder)}
        data(told | {"n_approved": made.manifest["n_approved"], "n_set_aside": made.manifest["n_set_aside"]})
        return 0
    say(f"Release {made.name}: {made.manifest['n_approved']} results, {made.manifest['n_set_aside']} set aside.")
    say(f"Folder {folder}")
    say(f"SHA-256 {made.sha256}")
    return 0
