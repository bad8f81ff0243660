"""Corrections as a reviewer sees them: in the queue, and old and new side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.decide.decide_correction import seen_of
from qc.ingest.correction_rows import CorrectionRow, changed_columns
from qc.ingest.corrections.correction import Correction, known_correction, waiting_corrections
from qc.ingest.corrections.sentences import advice_of, sentence_of
from qc.ingest.corrections.touched import Touched, touched_of
from qc.items.blinded_item import FindingShown, ItemShown
from qc.items.decisions import Decision, decisions_on, newest_decisions
from qc.items.names import parse_item
from qc.items.seen_item import Seen
from qc.lab.blinding import pseudonym, read_secret
from qc.store.frames import first_row
from qc.store.tables import SHEET_TABLES
from schemas.blinded_labels import LABELS
from schemas.correction_name import number_of_correction
from schemas.errors import ConfigError
from schemas.finding import Verdict
from schemas.json_model import TO_THE_SECOND, JsonModel
from schemas.result_id import result_id_of

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

RULE = "sheet.correction"
"""What holds a correction, where findings have the id of a rule."""


@dataclass(frozen=True, slots=True)
class ChangedRow(JsonModel):
    """One row, old and new side by side."""

    table: str
    """Table of the row: ``samples``, ``subjects``, ``controls``, ``reported`` and so on."""
    line: int | None
    """Line of the file; None where the row has none."""
    key: Mapping[str, Any]
    """What names the row; a sample of a measured row by its pseudonym."""
    before: Mapping[str, Any] | None
    """Columns that differ, as they are in force; None for a row that would be new."""
    after: Mapping[str, Any] | None
    """The same columns as they were handed in; None for a row that would go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionShown(JsonModel):
    """A correction with everything that a decision on it needs."""

    json_keys = "file sha256 delivered_by delivered_at n_results n_pairs studies sentence rows"
    json_time_format = TO_THE_SECOND

    file: str
    """Name of the file."""
    sha256: str
    """Hash of the delivery."""
    delivered_by: str
    """Who handed it in; empty if that is not on record."""
    delivered_at: datetime
    """When, in UTC."""
    n_results: int
    """Results that rest on the rows."""
    n_pairs: int
    """Pairs that rest on them."""
    studies: tuple[str, ...]
    """Studies that it touches."""
    sentence: str
    """What it would change."""
    rows: tuple[ChangedRow, ...]
    """Rows that would be otherwise."""


@dataclass(frozen=True, slots=True)
class QueuedCorrection:
    """A correction that waits, as a line of the queue."""

    shown: ItemShown
    """The item."""
    finding: FindingShown
    """What holds it."""
    seen: Seen
    """What a decision on it names."""


def queued_corrections(
    con: Connection, decisions: Mapping[str, Decision], as_of: int, study: str | None
) -> list[QueuedCorrection]:
    """Return the corrections that wait, oldest first.

    Parameters
    ----------
    as_of : int
        Number of the newest ledger entry, read before.
    study : str or None
        Only those that touch this study; None for all.
    """
    corrections = [(one, touched_of(con, one)) for one in waiting_corrections(con, decisions)]
    return [
        QueuedCorrection(_item(one, touched), _finding(one, touched), seen_of(one, touched, as_of))
        for one, touched in corrections
        if study is None or study in touched.studies
    ]


def _item(one: Correction, touched: Touched) -> ItemShown:
    return ItemShown(
        item=one.name,
        scope="correction",
        study=touched.studies[0] if len(touched.studies) == 1 else "",
        run="",
        matrix="",
        analyte="",
        code="",
        value="",
        wells="",
        n_results=touched.n_results,
        assessed_at=one.delivered_at,
        assessment_id=0,
    )


def _finding(one: Correction, touched: Touched) -> FindingShown:
    said = (sentence_of(one, touched), advice_of(one))
    return FindingShown(RULE, 1, Verdict.WARN, "correction", *said, None, "", (), holds=True)


def touching_sentence(con: Connection, decisions: Mapping[str, Decision], name: str) -> str:
    """Say whether an item waits for a correction that is not decided on.

    Returns
    -------
    str
        A sentence; empty if none touches a result of it. Which one it is, is not said: the correction names the sample.
    """
    item = parse_item(name)
    first, last = result_id_of(item.run_id, 0), result_id_of(item.run_id + 1, 0)
    touched = [
        result_id
        for one in waiting_corrections(con, decisions)
        for result_id in touched_of(con, one).result_ids
        if first <= result_id < last and item.result_id in (None, result_id)
    ]
    if item.analyte and touched:
        sql = "SELECT count(*) FROM latest_results WHERE result_id IN (SELECT unnest(?)) AND analyte = ?"
        touched = touched if (first_row(con, sql, [touched, item.analyte]) or (0,))[0] else []
    return "It waits for the decision on a correction: 'qc queue' lists it first." if touched else ""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A correction that somebody looks at."""

    shown: ItemShown
    """The item."""
    finding: FindingShown
    """What holds it."""
    seen: Seen
    """What a decision on it names."""
    state: str
    """``waiting``, ``approved``, ``rejected`` or ``in force``."""
    correction: CorrectionShown
    """Old and new side by side."""
    decisions: tuple[Decision, ...]
    """Decisions and comments, oldest first."""


def look_at_correction(lab: LabFolder, name: str) -> LookedAt:
    """Show one correction.

    Raises
    ------
    ConfigError
        If there is none of this name.
    """
    as_of = lab.ledger.head()[0]
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        one = known_correction(con, number_of_correction(name) or 0, decisions)
        if one is None:
            raise ConfigError(f"There is no correction '{name}' in this lab. 'qc queue' lists what waits.")
        touched = touched_of(con, one)
    about = _finding(one, touched), seen_of(one, touched, as_of), one.state, correction_shown(lab, one, touched)
    return LookedAt(_item(one, touched), *about, tuple(decisions_on(lab.ledger, [name])))


def correction_shown(lab: LabFolder, one: Correction, touched: Touched) -> CorrectionShown:
    """Return a correction with old and new side by side.

    Notes
    -----
    Sample, subject and visit stand there by pseudonym, each of its own kind, so that a swap can be seen by somebody who
    is blinded; the line of the file says the rest to whoever holds it. A row of a sheet names no value.
    """
    secret = read_secret(lab.paths.blind_secret)
    return CorrectionShown(
        file=one.file,
        sha256=one.sha256,
        delivered_by=one.delivered_by,
        delivered_at=one.delivered_at,
        n_results=touched.n_results,
        n_pairs=touched.n_pairs,
        studies=touched.studies,
        sentence=sentence_of(one, touched),
        rows=tuple(_changed_row(row, secret) for row in one.changes),
    )


def _changed_row(row: CorrectionRow, secret: bytes) -> ChangedRow:
    key, differs = json.loads(row.key), changed_columns(row)
    old, new = ({name: _blind(row, name, pair[i], secret) for name, pair in differs.items()} for i in (0, 1))
    named = {name: _blind(row, name, value, secret) for name, value in key.items() if value not in ("", None)}
    before, after = None if row.before == "null" else old, None if row.after == "null" else new
    return ChangedRow(row.table, row.line, named, before, after)


def _blind(row: CorrectionRow, name: str, value: Any, secret: bytes) -> Any:  # Any: a JSON value
    if row.table not in SHEET_TABLES:
        is_label = name == ("sample" if row.table == "reported" else "name")
        return pseudonym(secret, f"sample:{row.study}", str(value)) if value and is_label else value
    if not value or name not in LABELS:
        return value
    return pseudonym(secret, f"{name}:{row.study}", str(value))
