"""What may differ between two releases of a study, kind by kind."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class ColumnChange(JsonModel):
    """One column that differs."""

    column: str
    """Name of the column."""
    before: str | float | int | bool | None
    """What the first release says; None for nothing."""
    after: str | float | int | bool | None
    """What the second release says; None for nothing."""


@dataclass(frozen=True, slots=True)
class ResultChange(JsonModel):
    """One result that is new, gone or otherwise."""

    change: str
    """``added``, ``gone`` or ``changed``."""
    run: str
    """Name of its run."""
    sample: str
    """Sample code."""
    analyte: str
    """Analyte id."""
    matrix: str
    """Matrix."""
    columns: tuple[ColumnChange, ...]
    """What differs; state and value of a result that is added or gone."""


@dataclass(frozen=True, slots=True)
class SampleChange(JsonModel):
    """One sample whose subject or visit is another."""

    sample: str
    """Sample code."""
    columns: tuple[ColumnChange, ...]
    """What differs."""


@dataclass(frozen=True, slots=True)
class DecisionChange(JsonModel):
    """One decision that was made, or taken back, after the first release."""

    item: str
    """Name of the item."""
    act: str
    """What was said: ``approve``, ``reject`` and so on; ``undo`` for one that was taken back."""
    actor: str
    """Who said it."""
    at: str
    """When, in UTC; of one that was taken back, when it was made."""
    reason: str
    """Code of the reason."""
    seq: int
    """Number of the ledger entry."""


@dataclass(frozen=True, slots=True)
class CorrectionChange(JsonModel):
    """One correction that was accepted or refused after the first release."""

    item: str
    """Name of the correction."""
    act: str
    """``approve`` or ``reject``."""
    actor: str
    """Who decided."""
    at: str
    """When, in UTC."""
    reason: str
    """Code of the reason."""
    note: str
    """Free text."""
    seq: int
    """Number of the ledger entry."""
    file: str
    """File that was handed in."""
    delivered_by: str
    """Who handed it in."""
    n_rows: int
    """Rows that it is about."""
    n_results: int
    """Results that rested on them."""
    n_pairs: int
    """Pairs that rested on them."""


@dataclass(frozen=True, slots=True)
class FileChange(JsonModel):
    """One file that the first release did not rest on."""

    file: str
    """Name."""
    kind: str
    """What came in: ``results``, ``samples`` and so on."""
    sha256: str
    """Hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDiff(JsonModel):
    """Every difference between two releases."""

    json_keys = """first second first_sha256 n_added n_gone n_changed results samples corrections decisions plan files
        rules sentences"""

    first: str
    """Name of the earlier release."""
    second: str
    """Name of the later release."""
    first_sha256: str
    """Hash of the manifest of the earlier one."""
    results: tuple[ResultChange, ...]
    """Results, released or set aside, that are new, gone or otherwise."""
    samples: tuple[SampleChange, ...]
    """Samples whose subject or visit is another."""
    corrections: tuple[CorrectionChange, ...]
    """Corrections that were accepted or refused in between."""
    decisions: tuple[DecisionChange, ...]
    """Decisions that were made or taken back in between."""
    plan: tuple[ColumnChange, ...]
    """Plan in force, where it is another: hash and version."""
    files: tuple[FileChange, ...]
    """Files that came in."""
    rules: tuple[ColumnChange, ...]
    """Rules with another version, new ones and those that were not asked any more; program and its libraries."""
    sentences: tuple[str, ...] = ()
    """What a person reads first; one sentence if nothing differs."""

    @property
    def n_added(self) -> int:
        """Results that are new."""
        return sum(one.change == "added" for one in self.results)

    @property
    def n_gone(self) -> int:
        """Results that are gone."""
        return sum(one.change == "gone" for one in self.results)

    @property
    def n_changed(self) -> int:
        """Results that are otherwise."""
        return sum(one.change == "changed" for one in self.results)

    @property
    def is_empty(self) -> bool:
        """Whether the second release says what the first one says."""
        return not any((self.results, self.samples, self.corrections, self.decisions, self.plan, self.rules))
