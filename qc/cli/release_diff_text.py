"""What differs between two releases, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.cli.output import say

if TYPE_CHECKING:
    from checks.releases.changes import ColumnChange, ReleaseDiff


def diff_text(diff: ReleaseDiff) -> None:
    """Print what differs, in sentences and then one by one.

    Parameters
    ----------
    diff : ReleaseDiff
        The differences.
    """
    say(f"{diff.first} -> {diff.second}")
    for sentence in diff.sentences:
        say(f"  {sentence}")
    for sample in diff.samples:
        say(f"sample {sample.sample}: {_columns(sample.columns)}")
    for one in diff.results:
        say(f"result {one.change}: {one.run} {one.sample} {one.analyte} {one.matrix}: {_columns(one.columns)}")
    for decision in diff.decisions:
        reason = f", {decision.reason}" if decision.reason else ""
        say(f"decision {decision.item}: {decision.act} by {decision.actor} (entry {decision.seq}){reason}")
    for file in diff.files:
        say(f"file {file.file} ({file.kind}) {file.sha256[:12]}")


def _columns(columns: Sequence[ColumnChange]) -> str:
    return ", ".join(f"{one.column} {_cell(one.before)} -> {_cell(one.after)}" for one in columns)


def _cell(value: object) -> str:
    return "(none)" if value in (None, "") else str(value)
