"""What a correction says to a person: one sentence on what it would change, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qc.ingest.correction_rows import changed_columns

if TYPE_CHECKING:
    from qc.ingest.corrections.correction import Correction
    from qc.ingest.corrections.touched import Touched

_WHAT = {
    "samples": "the sample sheet",
    "subjects": "the subject sheet",
    "controls": "the control sheet",
    "events": "the event sheet",
    "bridgings": "the bridging sheet",
}


def sentence_of(correction: Correction, touched: Touched) -> str:
    """Return what a correction would change, without subject or visit."""
    what = _what(correction)
    who = f"by '{correction.delivered_by}' " if correction.delivered_by else ""
    when = f"{correction.delivered_at:%Y-%m-%d %H:%M} UTC"
    rests = f"{_some(touched.n_results, 'result')} and {_some(touched.n_pairs, 'pair')} rest on it"
    handed_in = f"'{correction.file}', handed in {who}at {when}"
    return f"{handed_in}, would change {what}; {rests}. Until somebody decides the old rows count."


def advice_of(correction: Correction) -> str:
    """Return what to do about a correction that waits."""
    name = correction.name
    return f"'qc show {name}' lays old and new side by side; 'qc decide accept|refuse {name} --reason ...' decides."


def _what(correction: Correction) -> str:
    changes = correction.changes
    if correction.is_run:
        runs = ", ".join(dict.fromkeys(_run_of(row.key) for row in correction.rows))
        n_rows = sum(row.table != "runs" for row in changes)
        facts = dict.fromkeys(name for row in changes if row.table == "runs" for name in changed_columns(row))
        what = [
            *([f"the {' and the '.join(facts)}"] if facts else []),
            *([_some(n_rows, "measured row")] * bool(n_rows)),
        ]
        return f"{' and '.join(what)} of run {runs}"
    columns = Counter(name for row in changes if row.before != "null" for name in changed_columns(row))
    n_new = sum(row.before == "null" for row in changes)
    named = ", ".join(columns) if columns else "new rows"
    sheets = " and ".join(_WHAT[table] for table in dict.fromkeys(row.table for row in changes))
    new = f", {n_new} of them new" if n_new and columns else ""
    return f"{_some(len(changes), 'row')} of {sheets} ({named}{new})"


def _run_of(key: str) -> str:
    import json

    return str(json.loads(key)["run"])


def _some(n: int, one: str) -> str:
    return f"{n} {one if n == 1 else one + 's'}"
