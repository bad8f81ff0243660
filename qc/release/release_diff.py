"""What differs between two releases of a study: results, samples, corrections, decisions, plan, files and rules.

It rests on what the two releases froze alone, so that a stranger with both folders finds the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: JSON values and rows

from checks.releases.change_sentences import diff_sentences
from checks.releases.changes import (
    ColumnChange,
    CorrectionChange,
    DecisionChange,
    FileChange,
    ReleaseDiff,
    ResultChange,
    SampleChange,
)

if TYPE_CHECKING:
    import polars as pl

_COMPARED = (
    "subject",
    "visit",
    "value",
    "unit",
    "censor",
    "censor_limit",
    "method",
    "state",
    "approval",
    "overridden",
    "reason",
    "verdict",
    "run_id",
)
"""Columns of a result of which a difference is told."""
_SAMPLE = ("subject", "visit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What a release froze, as far as it is compared."""

    name: str
    """Name of the release."""
    sha256: str
    """Hash of its manifest; empty while it is being made."""
    manifest: Mapping[str, Any]
    """Manifest, or as much of it as is known while it is being made."""
    results: pl.DataFrame
    """Approved results."""
    set_aside: pl.DataFrame
    """Results that were set aside."""
    decisions: Sequence[Mapping[str, Any]]
    """Decisions, oldest first."""


def frozen_of(folder: Path) -> Frozen:
    """Read what a release froze.

    Parameters
    ----------
    folder : Path
        Folder of a release whose files are what its manifest names.
    """
    import polars as pl

    from schemas.canonical import sha256_file

    lines = (folder / "decisions.json").read_text(encoding="utf-8").splitlines()
    return Frozen(
        name=folder.name,
        sha256=sha256_file(folder / "manifest.json"),
        manifest=json.loads((folder / "manifest.json").read_text(encoding="utf-8")),
        results=pl.read_parquet(folder / "results.parquet"),
        set_aside=pl.read_parquet(folder / "set_aside.parquet"),
        decisions=[json.loads(line) for line in lines],
    )


def release_diff(first: Frozen, second: Frozen) -> ReleaseDiff:
    """Compare two releases.

    Returns
    -------
    ReleaseDiff
        Every difference; what a release of an older program did not keep is not told.
    """
    since = int(first.manifest.get("ledger", {}).get("seq", 0))
    before, after = _named(first), _named(second)
    diff = ReleaseDiff(
        first=first.name,
        second=second.name,
        first_sha256=first.sha256,
        results=tuple(_results(before, after)),
        samples=tuple(_samples(before, after)),
        corrections=tuple(_corrections(second, since)),
        decisions=tuple(_decisions(first, second, since)),
        plan=_columns(_plan(first), _plan(second), ("plan_sha256", "version")),
        files=tuple(_files(first, second)),
        rules=_rules(first, second),
    )
    return replace(diff, sentences=tuple(diff_sentences(diff)))


_Rows = dict[tuple[Any, ...], dict[str, Any]]


def _named(frozen: Frozen) -> _Rows:
    # Several results of one sample and analyte in a run are told apart by their order.
    found: _Rows = {}
    for row in [*frozen.results.to_dicts(), *frozen.set_aside.to_dicts()]:
        name, place = (row["run"], row["sample"], row["analyte"], row["matrix"]), 1
        while (*name, place) in found:
            place += 1
        found[*name, place] = row
    return found


def _results(before: _Rows, after: _Rows) -> Iterable[ResultChange]:
    for name in sorted({*before, *after}, key=str):
        old, new = before.get(name), after.get(name)
        change = "added" if old is None else "gone" if new is None else "changed"
        names = _COMPARED if change == "changed" else ("state", "value", "unit")
        columns = _columns(old or {}, new or {}, names)
        if columns or change != "changed":
            run, sample, analyte, matrix = (str(part) for part in name[:4])
            yield ResultChange(change, run, sample, analyte, matrix, columns)


def _samples(before: _Rows, after: _Rows) -> Iterable[SampleChange]:
    old, new = ({row["sample"]: row for row in rows.values()} for rows in (before, after))
    for sample in sorted(set(old) & set(new)):
        columns = _columns(old[sample], new[sample], _SAMPLE)
        if columns:
            yield SampleChange(sample, columns)


def _columns(before: Mapping[str, Any], after: Mapping[str, Any], names: Iterable[str]) -> tuple[ColumnChange, ...]:
    return tuple(
        ColumnChange(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
    )


def _corrections(second: Frozen, since: int) -> Iterable[CorrectionChange]:
    for one in second.manifest.get("corrections", []):
        if one["seq"] > since and one["act"] != "comment":
            correction = one["correction"]
            yield CorrectionChange(
                **{name: one[name] for name in ("item", "act", "actor", "at", "reason", "note", "seq")},
                **{name: correction[name] for name in ("file", "delivered_by", "n_results", "n_pairs")},
                n_rows=len(correction["rows"]),
            )


def _decisions(first: Frozen, second: Frozen, since: int) -> Iterable[DecisionChange]:
    stood = {one["seq"] for one in first.decisions if not one["undone_by"]}
    for one in second.decisions:
        said = (one["item"], one["act"], one["actor"], one["at"], one["reason"])
        if one["seq"] > since and one["act"] != "comment" and not one["undone_by"]:
            yield DecisionChange(*said, one["seq"])
        elif one["seq"] in stood and one["undone_by"]:
            yield DecisionChange(one["item"], "undo", *said[2:], one["undone_by"])


def _plan(frozen: Frozen) -> Mapping[str, Any]:
    return frozen.manifest.get("plan") or {}


def _files(first: Frozen, second: Frozen) -> Iterable[FileChange]:
    known = {one["sha256"] for one in first.manifest.get("sources", [])}
    for one in second.manifest.get("sources", []):
        if one["sha256"] not in known:
            known.add(one["sha256"])
            yield FileChange(one["file"], one["kind"], one["sha256"])


def _rules(first: Frozen, second: Frozen) -> tuple[ColumnChange, ...]:
    old, new = (
        {one["rule"]: one["version"] for one in frozen.manifest.get("rules", [])}
        | dict(frozen.manifest.get("software", {}))
        for frozen in (first, second)
    )
    return _columns(old, new, sorted({*old, *new}))
