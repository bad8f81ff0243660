"""Runs that were judged beside something on which people have decided since: they must be judged again.

A result that is rejected, or is to be repeated, links nothing any more: consistency, deltas, pairs and duplicates of
its subject were judged by it. A run that is rejected, or approved over a failure, counts otherwise towards the targets
of control lots that rest on results.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qc.assess.controls.excluded_controls import OVER_RUNS
from qc.items.names import parse_item
from qc.items.states import APPROVED, REJECTED, REPEAT

if TYPE_CHECKING:
    import duckdb

    from qc.assess.links.rejected_samples import RejectedSamples
    from qc.items.states import ItemState

_WORDS = {REJECTED: "was rejected", REPEAT: "is to be repeated", APPROVED: "was approved"}
_GONE = (REJECTED, REPEAT)
RULE = "identity.rejected_sample"
"""Rule whose findings rest on what people have said of samples."""
_SHOWN = 3
"""Items that a sentence names."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Runs that wait for another judgement because of what people have decided."""

    linked: Mapping[int, str] = field(default_factory=dict)
    """Runs that share subjects with a result that went or came back, with the reason as a sentence."""
    following: Mapping[int, str] = field(default_factory=dict)
    """Runs whose controls are judged by a run that counts otherwise now, with the reason as a sentence."""

    @property
    def why(self) -> dict[int, str]:
        """Every run with the reason why it must be judged again."""
        return {**self.linked, **self.following}


def standing_decisions(states: Mapping[str, ItemState], rejected: RejectedSamples) -> dict[str, str]:
    """Return the decisions that other judgements look at.

    Parameters
    ----------
    states : mapping of str to ItemState
        State of every item that is held or was decided.
    rejected : RejectedSamples
        Samples that are rejected as a whole.

    Returns
    -------
    dict of str to str
        State by item: what is rejected or to be repeated, samples among it, and runs and analytes in runs that a person
        has approved.
    """
    decided = {item: one.state for item, one in states.items() if one.decision is not None}
    own = {
        item: state
        for item, state in decided.items()
        if state in _GONE or (state == APPROVED and parse_item(item).scope != "result")
    }
    return own | {str(one.sample): REJECTED for one in rejected.rejections}


def changed_decisions(con: duckdb.DuckDBPyConnection, standing: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the decisions that came, went or changed since every run was last compared.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    standing : mapping of str to str
        What :func:`standing_decisions` returned.

    Returns
    -------
    dict of str to (str, str)
        State then and state now by item; empty where nothing stood or stands.
    """
    before = dict(con.execute("SELECT item, state FROM decided_up_to").fetchall())
    items = sorted({*before, *standing})
    both = {item: (before.get(item, ""), standing.get(item, "")) for item in items}
    return {item: (then, now) for item, (then, now) in both.items() if then != now}


# Older rows of the sample sheets are looked at too: a sample that has moved names one run too many, which is compared
# and found the same. The view of the newest rows alone would sort the sheets of all studies for one decision.
_LINKED = """
    WITH touched AS (
        SELECT unnest($items) AS item, unnest($runs) AS run_id, unnest($analytes) AS analyte, unnest($ids) AS result_id
    ), gone AS (
        SELECT t.item, r.result_id, r.study, r.sample FROM latest_results r JOIN touched t
            ON r.run_id = t.run_id AND (t.analyte = '' OR r.analyte = t.analyte)
                AND (t.result_id = 0 OR r.result_id = t.result_id)
        WHERE r.run_id IN (SELECT unnest($runs))
    ), subjects AS (
        SELECT DISTINCT g.item, s.study, s.subject FROM gone g JOIN samples s USING (study, sample)
    ), beside AS (
        SELECT DISTINCT u.item, s.study, s.sample FROM samples s JOIN subjects u USING (study, subject)
    )
    SELECT DISTINCT r.run_id, b.item FROM latest_results r JOIN beside b USING (study, sample)
    WHERE r.result_id NOT IN (SELECT result_id FROM gone) ORDER BY ALL
"""
_LATE = """
    SELECT DISTINCT f.run_id, s.item FROM findings f JOIN run_states USING (run_id, assessment_id),
        (SELECT unnest(?) AS item) s
    WHERE f.rule = ? ORDER BY ALL
"""
_FOLLOWING = """
    WITH touched AS (SELECT unnest(?) AS item, unnest(?) AS run_id, unnest(?) AS analyte
    ), own AS (
        SELECT DISTINCT t.item, c.material, c.level, c.analyte, c.matrix, r.instrument, r.started_at
        FROM touched t JOIN run_states s USING (run_id) JOIN runs r USING (run_id) JOIN control_results c
            ON c.run_id = t.run_id AND c.assessment_id = s.assessment_id AND (t.analyte = '' OR c.analyte = t.analyte)
    )
    SELECT DISTINCT c.run_id, own.item FROM own JOIN control_results c USING (material, level, analyte, matrix)
        JOIN run_states s ON s.run_id = c.run_id AND s.assessment_id = c.assessment_id
        JOIN runs r ON r.run_id = c.run_id AND r.instrument = own.instrument AND r.started_at > own.started_at
    WHERE NOT s.is_superseded AND (c.target_kind NOT IN ('fixed', 'manufacturer')
        OR (c.run_id, c.assessment_id) IN (SELECT (run_id, assessment_id) FROM rule_runs WHERE rule = ?)) ORDER BY ALL
"""


def owed_runs(con: duckdb.DuckDBPyConnection, changed: Mapping[str, tuple[str, str]]) -> Owed:
    """Return the runs that were judged beside what people have decided on since.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    changed : mapping of str to (str, str)
        What :func:`changed_decisions` returned.

    Returns
    -------
    Owed
        The runs with the reasons; nothing where nothing has changed.
    """
    if not changed:
        return Owed()
    items = {item: parse_item(item) for item in changed if item.startswith("R")}
    went = [item for item in items if (changed[item][0] in _GONE) != (changed[item][1] in _GONE)]
    whole = [item for item in items if items[item].scope != "result"]
    ids = [items[name].result_id or 0 for name in went]
    named = dict(zip(("items", "runs", "analytes"), _columns(went), strict=True))
    linked = con.execute(_LINKED, {**named, "ids": ids}).fetchall() if went else []
    if len(items) < len(changed):
        linked += con.execute(_LATE, [[item for item in changed if item not in items], RULE]).fetchall()
    following = con.execute(_FOLLOWING, [*_columns(whole), OVER_RUNS]).fetchall() if whole else []
    return Owed(
        _sentences(linked, changed, "It was judged beside results of which {}: 'qc assess' judges it again."),
        _sentences(following, changed, "Its controls are judged by runs of which {}: 'qc assess' judges it again."),
    )


def record_decisions(con: duckdb.DuckDBPyConnection, standing: Mapping[str, str]) -> None:
    """Write down what people had decided when every run was compared.

    Parameters
    ----------
    con : DuckDBPyConnection
        Connection inside a transaction.
    standing : mapping of str to str
        What :func:`standing_decisions` returned when the comparison began.
    """
    con.execute("DELETE FROM decided_up_to")
    if standing:
        con.execute("INSERT INTO decided_up_to SELECT unnest(?), unnest(?)", [list(standing), list(standing.values())])


def _columns(names: list[str]) -> list[list[Any]]:
    items = [parse_item(name) for name in names]
    return [names, [item.run_id for item in items], [item.analyte for item in items]]


def _sentences(rows: list[tuple[int, str]], changed: Mapping[str, tuple[str, str]], words: str) -> dict[int, str]:
    items: dict[int, list[str]] = {}
    for run_id, item in rows:
        items.setdefault(run_id, []).append(item)
    return {run_id: words.format(_listed(own, changed)) for run_id, own in items.items()}


def _listed(items: list[str], changed: Mapping[str, tuple[str, str]]) -> str:
    told = [f"{item} {_said(*changed[item])} since" for item in items[:_SHOWN]]
    more = len(items) - len(told)
    return ", ".join(told) + (f" and {more} more were decided on" if more else "")


def _said(then: str, now: str) -> str:
    return _WORDS[now] if now else f"no longer counts as {then.replace('_', ' ')}"
