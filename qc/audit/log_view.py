"""The ledger as it is read: filtered by person, object, kind and time, and without what would unblind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.ingest.correction_rows import differing_columns
from qc.items.decisions import touched_items
from qc.store.entry import Entry, Kind
from qc.store.tables import SHEET_TABLES
from schemas.blinded_labels import LABELS
from schemas.counted import first_of
from schemas.errors import ConfigError
from schemas.json_model import JsonModel
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_UNTOLD: Mapping[str, frozenset[str]] = {
    Kind.USER: frozenset({"password_hash", "sign_key", "second_factor"}),
    Kind.PLAN_LOCK: frozenset({"text"}),
}
"""Keys of the body that are left out: a password's hash, and a plan's text, which names visits (`qc plan show`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are asked for; what is None or empty does not filter."""

    actor: str = ""
    """Only acts of this person."""
    about: str = ""
    """Only what is about this item, release, plan or account; of a run, also what is about its results."""
    kinds: tuple[str, ...] = ()
    """Only these kinds: ``decision``, ``undo``, ``signature`` and so on."""
    since: datetime | None = None
    """Only entries from this moment on, in UTC."""
    until: datetime | None = None
    """Only entries before this moment, in UTC."""
    last: int = 0
    """Only the newest so many; 0 for all."""


def log(lab: LabFolder, wanted: Wanted) -> list[Entry]:
    """Return entries of the ledger, oldest first.

    Returns
    -------
    list of Entry
        Entries; use :func:`shown_entry` to show them.

    Raises
    ------
    ConfigError
        If a kind is not known.
    """
    unknown = [kind for kind in wanted.kinds if kind not in list(Kind)]
    if unknown:
        near = did_you_mean(unknown[0], Kind)
        raise ConfigError(f"'{unknown[0]}' is no kind of entry.{near} Expected one of: {', '.join(Kind)}.")
    entries = lab.ledger.entries(kinds=[Kind(kind) for kind in wanted.kinds] or None)
    found = [entry for entry in entries if _fits(entry, wanted)]
    return found[-wanted.last :] if wanted.last else found


def _fits(entry: Entry, wanted: Wanted) -> bool:
    if wanted.actor and entry.actor != wanted.actor:
        return False
    if wanted.since is not None and entry.at < wanted.since:
        return False
    if wanted.until is not None and entry.at >= wanted.until:
        return False
    return not wanted.about or _is_about(touched_items(entry), wanted.about)


def _is_about(names: Iterable[str], wanted: str) -> bool:
    below = tuple(f"{wanted}{sign}" for sign in "./@")
    return any(name == wanted or name.startswith(below) for name in names)


@dataclass(frozen=True, slots=True)
class LogEntry(JsonModel):
    """One entry of the ledger, without passwords' hashes and without what would unblind."""

    seq: int
    """Number."""
    at: datetime
    """When, in UTC."""
    actor: str
    """Who."""
    kind: Kind
    """What kind of act."""
    object: str
    """What it is about."""
    body: Mapping[str, Any]
    """Details."""
    hash: str
    """Hash of the entry and of all before it."""


def shown_entry(entry: Entry) -> LogEntry:
    """Return an entry without passwords' hashes and without what would unblind."""
    return LogEntry(entry.seq, entry.at, entry.actor, entry.kind, entry.object, shown_body(entry), entry.hash)


def shown_body(entry: Entry) -> dict[str, Any]:
    """Return the details of an entry that may be shown to anybody.

    Returns
    -------
    dict of str to JSON value
        Without passwords' hashes and without what would unblind.
    """
    untold = _UNTOLD.get(entry.kind, frozenset())
    body = {key: value for key, value in entry.body.items() if key not in untold}
    return body | {"correction": _shown_correction(body["correction"])} if "correction" in body else body


_HIDDEN = "blinded"
"""What stands in place of a label: the log is open to the blinded, who see that it changes and not to what."""


def _shown_correction(correction: Mapping[str, Any]) -> dict[str, Any]:
    # A measured row names a sample beside its value; a row of a sheet names no value.
    return {**correction, "rows": [_shown_row(row) for row in correction["rows"] if row["table"] in SHEET_TABLES]}


def _shown_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **{part: _without_labels(row[part]) for part in ("key", "before", "after")}}


def _without_labels(cells: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if cells is None:
        return None
    return {name: _HIDDEN if name in LABELS and value else value for name, value in cells.items()}


_MOST_ROWS = 3
"""Rows of a correction, or files, that a line tells; the body of the entry holds all of them."""


def _correction_words(correction: Mapping[str, Any]) -> str:
    rows = [row for row in correction["rows"] if row["table"] in SHEET_TABLES]
    said = [_row_words(row) for row in rows[:_MOST_ROWS]]
    n_more = len(correction["rows"]) - len(said)
    said += [f"{n_more} {'more rows' if said else 'measured rows'}"] * bool(n_more)
    return f"[{correction['file']} by {correction['delivered_by']}: {'; '.join(said)}]"


def _row_words(row: Mapping[str, Any]) -> str:
    differs = differing_columns(row["before"], row["after"])
    changes = [name if name in LABELS else f"{name} {old} -> {new}" for name, (old, new) in differs.items()]
    key = [str(part) for name, part in row["key"].items() if name not in LABELS]
    return f"{' '.join(key)}: {', '.join(changes)}"


def delivery_words(deliveries: Sequence[Mapping[str, Any]]) -> str:
    """Return the first files of some deliveries, how many rows came in and how many wait."""
    names = [one["parts"][0]["name"] for one in deliveries]
    rows = f"{sum(one['n_rows'] for one in deliveries)} rows in"
    waiting = sum(one["n_waiting"] for one in deliveries)
    return f"{first_of(names, _MOST_ROWS)}: {rows}{f', {waiting} wait' if waiting else ''}"


def entry_line(entry: Entry) -> str:
    """Return an entry as one line for a person."""
    body = entry.body
    words = [str(body.get(key)) for key in ("act", "meaning", "outcome", "reason", "note") if body.get(key)]
    if body.get("over"):
        words.insert(1, f"over {', '.join(body['over'])}")
    if "undoes" in body:
        words.insert(0, f"undoes {body['undoes']}")
    if entry.kind is Kind.DELIVERY:
        words.append(f"[{delivery_words(body['deliveries'])}]")
    if "correction" in body:
        words.append(_correction_words(body["correction"]))
    said = " ".join(words)
    when = f"{entry.seq:>6}  {entry.at:%Y-%m-%d %H:%M:%S}"
    return f"{when}  {entry.actor:<12} {entry.kind:<10} {entry.object}  {said}".rstrip()
