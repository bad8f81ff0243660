"""Decisions as rows, item by item: derived from the entries of the ledger, written with them, and made anew from them.

The entries are the truth. These rows spare whoever opens a lab the reading of every entry there ever was; they name the
entry up to which they go and its hash, and rows that go up to any other entry than the newest are not believed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any  # Any: a column holds whatever was stored

from qc.store.chain import START
from schemas.canonical import canonical_json

DECIDED_COLUMNS = (
    "item",
    "seq",
    "act",
    "actor",
    "at",
    "reason",
    "note",
    "over",
    "judged_sha256",
    "values_sha256",
    "assessment_id",
    "study",
    "expires_at",
    "needs_second",
    "confirms",
    "supersedes",
    "via",
    "bulk",
    "undone_by",
)
"""Columns of a row: those of a decision; ``over`` and ``bulk`` as JSON, ``undone_by`` 0 if it stands."""
FORMAT = 1
"""Raised when the columns change; rows of another format are made anew."""

DecidedRow = tuple[Any, ...]
"""One decision on one item, in the order of :data:`DECIDED_COLUMNS`."""

_TABLES = (
    """CREATE TABLE IF NOT EXISTS decided (
        item TEXT NOT NULL, seq INTEGER NOT NULL, act TEXT, actor TEXT, at TEXT, reason TEXT, note TEXT, over TEXT,
        judged_sha256 TEXT, values_sha256 TEXT, assessment_id INTEGER, study TEXT, expires_at TEXT,
        needs_second INTEGER, confirms INTEGER, supersedes INTEGER, via TEXT, bulk TEXT,
        undone_by INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (item, seq)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS decided_by_entry ON decided (seq)",
    "CREATE INDEX IF NOT EXISTS decided_undone ON decided (undone_by) WHERE undone_by > 0",
    "CREATE TABLE IF NOT EXISTS decided_up_to (seq INTEGER NOT NULL, hash TEXT NOT NULL, format INTEGER NOT NULL)",
)
_AT_A_TIME = 1_000  # rows that are written together
_INSERT = f"INSERT INTO decided VALUES ({', '.join('?' * len(DECIDED_COLUMNS))})"  # noqa: S608  question marks
_ENTRIES = """
    SELECT seq, at, actor, kind, object, body FROM entries
    WHERE seq > ? AND kind IN ('decision', 'undo') ORDER BY seq
"""


class SharedText:
    """The text of a value that the decisions of one act share: it is written once for all that hold it."""

    def __init__(self) -> None:
        self._value: Any = None
        self._text: str | None = None

    def of(self, value: Any) -> str | None:
        """Return its canonical JSON; None of what is not there."""
        if value is not self._value:
            self._value, self._text = value, None if value is None else canonical_json(value)
        return self._text


def rows_of(
    seq: int, at: str, actor: str, item: str, body: Mapping[str, Any], bulk_text: SharedText | None = None
) -> list[DecidedRow]:
    """Return the rows of one decision: of what it was said of, then of each result that it covers.

    Parameters
    ----------
    bulk_text : SharedText, optional
        Where the rows of many decisions are asked for.

    Returns
    -------
    list of tuple
        None of them undone.
    """
    get = body.get
    said = (seq, get("act"), actor, at, get("reason"), get("note"))
    rest = (get("study"), get("expires_at"), 1 if get("needs_second") else 0, get("confirms", 0), get("supersedes", 0))
    tail = ((bulk_text or SharedText()).of(get("bulk")), 0)
    own = (item, *said, *_judged(body), *rest, "", *tail)
    covers = get("covers")
    if not covers:
        return [own]
    return [own, *((name, *said, *_judged(judged), *rest, item, *tail) for name, judged in covers.items())]


def _judged(judgement: Mapping[str, Any]) -> DecidedRow:
    over = judgement.get("over")
    hashes = (judgement.get("judged_sha256"), judgement.get("values_sha256", ""), judgement.get("assessment_id"))
    return (canonical_json(list(over)) if over else "[]", *hashes)


def rows_of_entries(entries: Iterable[tuple[Any, ...]]) -> Iterator[tuple[list[DecidedRow], int, int]]:
    """Return what each decision or undoing changes.

    Parameters
    ----------
    entries : iterable of tuple
        Number, time, actor, kind, object and body of each; the body as stored, or as what was stored.

    Yields
    ------
    tuple
        Rows of a decision; number of the entry that is undone, 0 if none; number of the entry itself.
    """
    bulk_text = SharedText()
    for seq, at, actor, kind, item, text in entries:
        body = json.loads(text) if isinstance(text, str) else text
        if kind == "decision":
            yield rows_of(seq, at, actor, item, body, bulk_text), 0, seq
        elif kind == "undo":
            yield [], int(body.get("undoes", 0)), seq


def is_current(con: sqlite3.Connection) -> bool:
    """Tell whether the rows go up to the newest entry.

    Returns
    -------
    bool
        False too where there are none yet.
    """
    newest = con.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone() or (0, START)
    return _up_to(con) == tuple(newest)


def make_anew(con: sqlite3.Connection) -> None:
    """Throw the rows away and make them from the entries."""
    con.execute("DROP TABLE IF EXISTS decided")
    con.execute("DROP TABLE IF EXISTS decided_up_to")
    catch_up(con)


def catch_up(con: sqlite3.Connection) -> None:
    """Bring the rows up to the newest entry; where they do not go up to an entry of this ledger, make them anew."""
    for text in _TABLES:
        con.execute(text)
    seq, known_hash = _up_to(con) or (0, "")
    stored = con.execute("SELECT hash FROM entries WHERE seq = ?", [seq]).fetchone() if seq else (START,)
    if stored is None or stored[0] != known_hash:
        con.execute("DELETE FROM decided")
        seq = 0
    add(con, con.execute(_ENTRIES, [seq]))


def add(con: sqlite3.Connection, entries: Iterable[tuple[Any, ...]]) -> None:
    """Write what new entries change, up to the newest entry.

    Parameters
    ----------
    con : Connection
        Connection inside a transaction that may write, with the entries stored.
    entries : iterable of tuple
        Number, time, actor, kind, object and body of each, by rising number; the body as stored, or as what was stored.
    """
    new_rows: list[DecidedRow] = []
    for rows, undoes, seq in rows_of_entries(entries):
        new_rows += rows
        if undoes or len(new_rows) >= _AT_A_TIME:
            con.executemany(_INSERT, new_rows)
            new_rows.clear()
        if undoes:
            con.execute("UPDATE decided SET undone_by = ? WHERE seq = ?", [seq, undoes])
    con.executemany(_INSERT, new_rows)
    con.execute("DELETE FROM decided_up_to")
    newest = "SELECT seq, hash, ? FROM entries ORDER BY seq DESC LIMIT 1"
    con.execute(f"INSERT INTO decided_up_to {newest}", [FORMAT])


def _up_to(con: sqlite3.Connection) -> tuple[int, str] | None:
    known = con.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('decided', 'decided_up_to')").fetchone()
    if known != (2,):
        return None
    rows = con.execute("SELECT seq, hash, format FROM decided_up_to").fetchall() or [(0, START, FORMAT)]
    return rows[0][:2] if len(rows) == 1 and rows[0][2] == FORMAT else None
