"""Write down what new assessments looked at, in the transaction that writes them."""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: parameters of a statement

from qc.assess.changes.decided_items import looked_at_decisions, state_seen
from qc.assess.changes.given import write_given
from qc.assess.changes.kinds import Kind
from qc.assess.changes.seen import look
from qc.assess.changes.sentences import sentences
from qc.assess.changes.settled import settled
from qc.assess.controls.excluded_controls import OVER_RUNS
from qc.items.names import parse_item
from schemas.canonical import canonical_json

if TYPE_CHECKING:
    from qc.assess.links.set_aside import SetAside
    from qc.assess.prepare.rule_set import RuleSet
    from qc.store.connection import Connection

_HISTORY_COLUMNS = ("shift_log10", "n_earlier_runs")
"""Columns of summaries that come from earlier runs: a suite that names none of them looks back on nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """What runs were judged by that the facts alone do not tell."""

    rule_set: RuleSet
    """Limits and rules."""
    set_aside: SetAside
    """What people had set aside."""
    anew: frozenset[int]
    """Runs that were judged as if nothing of their own was set aside."""
    rejected_wells: Mapping[int, Sequence[tuple[int, str]]]
    """Wells that people have rejected, by run."""
    late: Mapping[int, frozenset[str]]
    """Decisions on samples in words, by run whose results came later."""
    copied: Mapping[tuple[int, int], int]
    """How many signals two runs share, by run and other run."""
    reanalysed: Sequence[int]
    """Runs that repeat samples of earlier ones."""
    causes: Mapping[int, Sequence[tuple[Kind, str]]]
    """Because of what each run was judged, with the keys."""


def record(con: Connection, assessment_ids: Sequence[int], run_ids: Sequence[int], at: LookedAt) -> None:
    """Write down what the new assessments of some runs give to others, and what they looked at.

    Parameters
    ----------
    assessment_ids : sequence of int
        The assessments, without a gap.
    at : LookedAt
        What they were judged by.
    """
    con.execute(_FORGET, {"runs": list(run_ids)})
    values: dict[str, Any] = {"reanalysed": list(at.reanalysed), "over_runs": OVER_RUNS}
    # Any mention counts, in a comment too: a look too many costs a judgement, one too few leaves a verdict stale.
    values["suites"] = sorted({m for m, text in at.rule_set.suite_texts if any(n in text for n in _HISTORY_COLUMNS)})
    # What all of them give has to stand before any of them looks: runs judged together see each other.
    write_given(con, assessment_ids, values)
    _write_copied(con, run_ids, at.copied)
    look(con, run_ids)
    rows = [(run_id, Kind.RULES, "", at.rule_set.sha256) for run_id in run_ids]
    rows += [(run_id, Kind.WELLS, "", wells_seen(wells)) for run_id, wells in at.rejected_wells.items() if wells]
    rows += _decisions(con, run_ids, at)
    rows += _causes(con, dict(zip(run_ids, assessment_ids, strict=True)), at)
    columns = [list(column) for column in zip(*rows, strict=True)]
    con.execute("INSERT INTO fingerprints SELECT unnest(?), unnest(?), unnest(?), 0, unnest(?)", columns)


# A run that was corrected gives nothing any more: once its newer version is judged, nobody asks what it looked at.
_FORGET = f"""
    DELETE FROM fingerprints WHERE (run_id IN (SELECT unnest($runs)) AND kind <> '{Kind.JUDGED_FOR}')
        OR run_id IN (SELECT supersedes FROM runs WHERE run_id IN (SELECT unnest($runs)))
"""


def overtake(con: Connection, run_ids: Sequence[int]) -> None:
    """Say of runs that others wrote while they were judged, so that they are judged once more."""
    con.execute(
        f"UPDATE fingerprints SET saw = '' WHERE kind = '{Kind.RULES}' AND run_id IN (SELECT unnest(?))",
        [list(run_ids)],
    )


def wells_seen(wells: Iterable[tuple[int, str]]) -> str:
    """Return what a run saw of its rejected wells.

    Parameters
    ----------
    wells : iterable of (int, str)
        Which plate of the run, from 1, and which well.

    Returns
    -------
    str
        The places as text, in their order.
    """
    return canonical_json([list(place) for place in sorted(wells)])


# The other run has not seen what this one found, unless it is judged at the same time: its row says so.
_COPIED = f"""
    WITH found AS (
        SELECT unnest($one) AS run_id, unnest($other) AS other_id, unnest($n) AS n_equal
    ), pairs AS (
        SELECT run_id, other_id, n_equal, CAST(n_equal AS VARCHAR) AS saw FROM found
        UNION ALL SELECT other_id, run_id, n_equal, '0' FROM found
            WHERE other_id NOT IN (SELECT unnest($runs)) AND other_id IN (SELECT run_id FROM run_states)
    )
    INSERT INTO fingerprints
    SELECT run_id, '{Kind.COPIED_PLATES}', pair, n_equal, saw FROM (
        SELECT *, concat_ws('/', least(run_id, other_id), greatest(run_id, other_id)) AS pair FROM pairs
    ) WHERE (run_id, pair) NOT IN (SELECT (run_id, key) FROM fingerprints WHERE kind = '{Kind.COPIED_PLATES}')
"""


def _write_copied(con: Connection, run_ids: Sequence[int], copied: Mapping[tuple[int, int], int]) -> None:
    if copied:
        one, other = [pair[0] for pair in copied], [pair[1] for pair in copied]
        con.execute(_COPIED, {"one": one, "other": other, "n": list(copied.values()), "runs": list(run_ids)})


def _decisions(con: Connection, run_ids: Sequence[int], at: LookedAt) -> list[tuple[int, Kind, str, str]]:
    decided_states = at.set_aside.decided_states
    rows = []
    for run_id, kind, item in looked_at_decisions(con, decided_states, only=run_ids):
        # Judged as if nothing of its own was set aside, a run has not seen what was said of its own items.
        is_own = kind is Kind.SET_ASIDE and parse_item(item).run_id == run_id
        rows.append(
            (run_id, kind, item, "" if is_own and run_id in at.anew else state_seen(kind, decided_states[item]))
        )
    # What is set aside keeps what was said of it, whoever stands beside: once it counts again, its run is judged anew.
    known = {(run_id, item) for run_id, _, item, _ in rows}
    items_set_aside = [(parse_item(item).run_id, item) for item in sorted(at.set_aside.items) if item in decided_states]
    rows += [
        (run_id, Kind.SET_ASIDE, item, state_seen(Kind.SET_ASIDE, decided_states[item]))
        for run_id, item in items_set_aside
        if run_id in {*run_ids} - at.anew and (run_id, item) not in known
    ]
    samples = {words: sample for sample, words in at.set_aside.rejected.words.items()}
    for run_id, late in at.late.items():
        rows += [(run_id, Kind.REJECTED_SAMPLE, samples[words], words) for words in sorted(late)]
    return rows


def _causes(con: Connection, assessments: Mapping[int, int], at: LookedAt) -> list[tuple[int, Kind, str, str]]:
    before = settled(con).decided_states
    sentences_by_run = {
        run_id: sentences(causes, before, at.set_aside.decided_states)
        for run_id, causes in at.causes.items()
        # no reason is owed for the first judgement of a run
        if all(kind is not Kind.NEW for kind, _ in causes)
    }
    return [
        (run_id, Kind.JUDGED_FOR, str(assessments[run_id]), canonical_json(said))
        for run_id, said in sentences_by_run.items()
    ]
