"""``qc release``: freeze approved results, and verify a release without the lab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.near_group import NearGroup
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel, JsonOf

if TYPE_CHECKING:
    from qc.audit.anchor import Anchor
    from qc.release.exceptions import ReleaseException
    from qc.release.release_account import ContrastCounts
    from schemas.errors import Fault


class NamedOrFirst(NearGroup):
    """Group whose first word may be something else than a command: then its first command is meant.

    Parameters
    ----------
    *args : Any
        As for a group.
    first : str
        Name of that command.
    **settings : Any
        As for a group.
    """

    def __init__(self, *args: Any, first: str, **settings: Any) -> None:  # Any: what click hands on
        super().__init__(*args, **settings)
        self.first = first

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command in front where none is named.

        Parameters
        ----------
        ctx : click.Context
            Context of the call.
        args : list of str
            Words.

        Returns
        -------
        list of str
            Words that are left.
        """
        is_named = bool(args) and args[0] in (*self.commands, "--help", "-h")
        return super().parse_args(ctx, args if is_named else [self.first, *args])


@dataclass(frozen=True, slots=True)
class ReleaseOutput(JsonModel):
    """A release that was made."""

    release: str
    """Name of the release."""
    release_sha256: str
    """Hash to cite."""
    folder: Path
    """Where it lies."""
    n_approved: int
    """Results in it."""
    n_set_aside: int
    """Results that were set aside."""
    contrasts: Sequence[Annotated[Mapping[str, Any], JsonOf(ContrastCounts)]]
    """What came in and went out of each contrast."""
    exceptions: Sequence[Annotated[Mapping[str, Any], JsonOf(ReleaseException)]]
    """What was approved over a finding or in spite of one, and what was set aside: by whom, when and why."""
    anchor: Anchor
    """Heads of ledger and facts with the release in them, to be kept where the lab cannot be written from."""


@dataclass(frozen=True, slots=True)
class ReleaseVerifyOutput(JsonModel):
    """Whether a release holds."""

    holds: bool
    """Whether everything is what it was."""
    release_sha256: str
    """Hash of its manifest; empty if it has none."""
    cited: bool
    """Whether it was compared with the hash that was cited."""
    faults: list[Fault]
    """What is wrong."""


@click.command("release", cls=NamedOrFirst, first="make")
def command() -> None:
    """Freeze the approved results of a study: 'qc release [STUDY]'; 'qc release diff A B' compares two,
    'qc release verify DIR' verifies one."""


@command.command("make")
@click.argument("study", required=False)
@click.option(
    "--anchor",
    "anchor_file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Write the heads of ledger and facts here, too: a place where the lab cannot be written from.",
)
@actor_option
@json_option("qc.cli.release:ReleaseOutput")
@lab_option
def make(study: str | None, anchor_file: Path | None, actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Freeze the approved results of STUDY as Parquet and CSV with a manifest, and print the hash to cite.

    Refused with exit code 1 while anything waits, is broken or not evaluable. A release that was made stays as it was;
    data that come later make a new one.
    """
    from checks.contrast_words.exceptions import exception_sentences, exceptions_of
    from qc.audit.anchor import anchor_of, write_anchor
    from qc.cli.output import data, say

    lab = open_named_lab(lab_folder)
    made = lab.release(study, actor=actor)
    anchor = write_anchor(lab, anchor_file) if anchor_file else anchor_of(lab)
    folder = lab.paths.releases / made.name
    if as_json:
        n_approved, n_set_aside = made.manifest["n_approved"], made.manifest["n_set_aside"]
        contrasts = _without_pairs(made.manifest["contrasts"])
        exceptions = made.manifest["exceptions"]
        data(ReleaseOutput(made.name, made.sha256, folder, n_approved, n_set_aside, contrasts, exceptions, anchor))
        return 0
    n_samples = made.results.select("sample", "analyte", "matrix").n_unique()
    of = "" if n_samples == made.results.height else f" of {n_samples} samples and analytes"
    say(f"Release {made.name}: {made.manifest['n_approved']} results{of}, {made.manifest['n_set_aside']} set aside.")
    for contrast in made.manifest["contrasts"]:
        reasons = ", ".join(f"{one['n']} {one['reason'] or one['state']}" for one in contrast["set_aside"])
        counts = f"{contrast['n_in']} in, {contrast['n_out']} out"
        say(f"  {contrast['analyte']:<12} {contrast['matrix']:<6} {counts}{f' ({reasons})' if reasons else ''}")
    for sentence in exception_sentences(exceptions_of(made)):
        say(f"  {sentence}")
    say(f"Folder {folder}")
    say(f"SHA-256 {made.sha256}")
    heads = f"entry {anchor.seq} {anchor.hash}, {anchor.n_seals} seals {anchor.facts_sha256}"
    say(f"Anchor {anchor_file}: {heads}" if anchor_file else f"Write down elsewhere, or use --anchor FILE: {heads}")
    return 0


def _without_pairs(contrasts: list[dict[str, object]]) -> list[dict[str, object]]:
    # What is lost by visit stands in the manifest, for the unblinded: here only what came in and went out.
    return [{key: value for key, value in contrast.items() if key != "pairs"} for contrast in contrasts]


@command.command("diff")
@click.argument("first")
@click.argument("second")
@click.option("--reason", default="", help="Name samples, subjects and visits, for this reason; recorded.")
@actor_option
@json_option("checks.releases.changes:ReleaseDiff")
@lab_option
def diff(first: str, second: str, reason: str, actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Name every difference between releases FIRST and SECOND: results, samples, corrections, decisions, plan, files.

    Both are verified before they are compared. Samples carry pseudonyms, subjects and visits are left out; with
    --reason they are named to whoever may unblind, and the look is in the ledger first.
    """
    from qc.cli.output import data
    from qc.cli.release_diff_text import diff_text

    difference = open_named_lab(lab_folder).release_diff(first, second, reason=reason, actor=actor)
    if as_json:
        data(difference)
    else:
        diff_text(difference)
    return 0


@command.command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--sha256", default=None, help="SHA-256 of manifest.json, as it was cited.")
@json_option("qc.cli.release:ReleaseVerifyOutput")
def verify(folder: Path, sha256: str | None, as_json: bool) -> int:
    """Verify the release in FOLDER without the lab: every file, every count, every approval.

    Whether it is the one that was cited is known only with --sha256. Exit code 1 if anything differs.
    """
    from qc.cli.output import data, say
    from qc.release.release_proof import MANIFEST, content_faults, folder_faults
    from schemas.canonical import sha256_file

    faults = folder_faults(folder, sha256)
    faults = faults or content_faults(folder)
    found = sha256_file(folder / MANIFEST) if (folder / MANIFEST).is_file() else ""
    if as_json:
        data(ReleaseVerifyOutput(not faults, found, sha256 is not None, faults))
    else:
        for fault in faults:
            say(str(fault))
        cited = "as it was cited" if sha256 else "compare it with what was cited"
        say("Something does not hold." if faults else f"All holds: SHA-256 {found}; {cited}.")
    return ExitCode.WAITS if faults else ExitCode.CLEAN
