"""Because of what a run must be judged again, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from qc.assess.changes.kinds import LOOKED_AROUND, LOOKED_BACK, Kind
from qc.assess.changes.settled import settled
from qc.assess.changes.stale_runs import decisions_otherwise
from qc.items.states import APPROVED, REJECTED, REPEAT

if TYPE_CHECKING:
    import duckdb

    from qc.assess.changes.stale_runs import StaleRun
    from qc.assess.links.set_aside import SetAside

_SHOWN = 3
"""Things that a sentence names."""
_WORDS = {REJECTED: "was rejected", REPEAT: "is to be repeated", APPROVED: "was approved"}
_JUDGED_BESIDE = "It was judged beside results of which {}: 'qc assess' judges it again."
_JUDGED_BY = "Its controls are judged by runs of which {}: 'qc assess' judges it again."
_DECIDED = {
    Kind.DECIDED_CONTROLS: _JUDGED_BY,
    Kind.SET_ASIDE: _JUDGED_BESIDE,
    Kind.REJECTED_SAMPLE: _JUDGED_BESIDE,
}
_SENTENCES = {
    Kind.NEW: "It was never judged.",
    Kind.UNRECORDED: "What it was judged by is not on record.",
    Kind.ASKED: "Every run is to be judged again.",
    Kind.RULES: "Limits, profiles, suites or rules have changed.",
    Kind.SAMPLES: "The sheets say something else of its samples or their subjects.",
    Kind.CONTROL_SHEET: "The control sheet says something else of its controls.",
    Kind.EVENTS: "Other events are recorded before its start.",
    Kind.BRIDGINGS: "Other bridging records are accepted.",
    Kind.WELLS: "Other wells of it are rejected.",
    Kind.CONTROLS: "Controls of {} that were measured before it came, went or changed.",
    Kind.FAILED_CONTROLS: "Controls of {} that were measured before it are rejected for other reasons.",
    Kind.SUMMARIES: "Medians of {} before it came, went or changed.",
    Kind.RESULTS: "Results of its subjects in other runs came, went or changed.",
    Kind.MEASURED_SAMPLES: "Its study has measured other samples of {}.",
    Kind.COPIED_PLATES: "Its signals were compared with those of other plates.",
}


def owed_decisions(con: duckdb.DuckDBPyConnection, set_aside: SetAside) -> dict[int, str]:
    """Return the runs that must be judged again because of what people have decided.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    set_aside : SetAside
        What people have set aside or approved.

    Returns
    -------
    dict of int to str
        The reason as a sentence, by run.
    """
    causes: dict[int, list[tuple[Kind, str]]] = {}
    for run_id, kind, item in decisions_otherwise(con, set_aside):
        causes.setdefault(run_id, []).append((kind, item))
    before = settled(con).standing if causes else {}
    return {run_id: sentences(own, before, set_aside.standing)[0] for run_id, own in causes.items()}


def sentences(causes: Iterable[tuple[Kind, str]], before: Mapping[str, str], standing: Mapping[str, str]) -> list[str]:
    """Return because of what a run must be judged again, what people have decided first.

    Parameters
    ----------
    causes : iterable of (Kind, str)
        What has changed since it was judged, with the keys.
    before : mapping of str to str
        What people had decided when nothing was stale, by item.
    standing : mapping of str to str
        What they have decided now.

    Returns
    -------
    list of str
        One sentence for each kind.
    """
    keys: dict[Kind, list[str]] = {}
    for kind, key in causes:
        keys.setdefault(kind, []).append(key)
    told = [words.format(_decided(keys[kind], before, standing)) for kind, words in _DECIDED.items() if kind in keys]
    return told + [words.format(_analytes(keys[kind])) for kind, words in _SENTENCES.items() if kind in keys]


def _decided(items: list[str], before: Mapping[str, str], standing: Mapping[str, str]) -> str:
    told = [f"{item} {_said(before.get(item, ''), standing.get(item, ''))} since" for item in items[:_SHOWN]]
    more = len(items) - len(told)
    return ", ".join(told) + (f" and {more} more were decided on" if more else "")


def _said(then: str, now: str) -> str:
    if now:
        return _WORDS[now]
    return f"no longer counts as {then.replace('_', ' ')}" if then else "was decided on"


def _analytes(keys: list[str]) -> str:
    # Keys end in analyte and matrix, but for summaries, whose last part is the method.
    named = sorted({" in ".join(part for part in key.split("/")[1:3] if part) for key in keys if "/" in key})
    more = len(named) - _SHOWN
    return ", ".join(named[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


_OTHERS = """
    SELECT DISTINCT x.run, x.started_at FROM fingerprints f JOIN fingerprints o USING (kind, key)
        JOIN run_states mine ON mine.run_id = f.run_id JOIN run_states s ON s.run_id = o.run_id
        JOIN runs x ON x.run_id = o.run_id JOIN runs own ON own.run_id = f.run_id
    WHERE f.run_id = $run AND f.kind = $kind AND f.key IN (SELECT unnest($keys)) AND o.run_id <> f.run_id
        AND o.said <> 0 AND (s.assessment_id > mine.assessment_id OR s.is_superseded)
        AND (NOT $looks_back OR x.started_at < own.started_at)
    ORDER BY x.started_at, x.run
"""


def changed_runs(con: duckdb.DuckDBPyConnection, run: StaleRun) -> dict[Kind, list[str]]:
    """Return which runs gave a run something else than when it was judged.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    run : StaleRun
        The run.

    Returns
    -------
    dict of Kind to list of str
        Names of runs that were judged or corrected since, by kind, in the order in which they were measured; none where
        a run is gone whose newer version is judged already.
    """
    keys: dict[Kind, list[str]] = {}
    for kind, key in run.causes:
        if kind in (*LOOKED_BACK, *LOOKED_AROUND):
            keys.setdefault(kind, []).append(key)
    found = {}
    for kind, own in keys.items():
        values = {"run": run.run_id, "kind": kind.value, "keys": own, "looks_back": kind in LOOKED_BACK}
        found[kind] = [row[0] for row in con.execute(_OTHERS, values).fetchall()]
    return found
