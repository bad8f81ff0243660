"""One chunk of runs: read, judged, and written in one transaction with what each looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.changes.kinds import EARLIER, OWN, Kind
from qc.assess.changes.record import LookedAt, overtake, record
from qc.assess.changes.settled import Moment, moment_of
from qc.assess.controls.earlier_controls import EarlierControls, earlier_controls, measured_in_order
from qc.assess.controls.excluded_controls import stored_exclusions
from qc.assess.judge.assessment import Assessed, assessed_of
from qc.assess.judge.batch_suites import earlier_summaries, with_suites
from qc.assess.judge.earlier_suites import earlier_suites
from qc.assess.judge.judge_links import judge_linked
from qc.assess.judge.link_findings import kept_findings, with_kept
from qc.assess.judge.row_findings import row_findings
from qc.assess.links.incurred_samples import asks_for_reanalyses
from qc.assess.links.links import load_links
from qc.assess.links.set_aside import set_aside_now
from qc.assess.prepare.excluded_wells import without_excluded
from qc.assess.prepare.inputs_hash import inputs_hash
from qc.assess.prepare.stored_run import load_runs
from qc.assess.write.assessment_write import Ready, write_assessments
from qc.items.names import parse_item
from qc.lab.blinding import read_secret
from qc.store.facts import transaction
from qc.store.seals import seal

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.changes.stale_runs import StaleRun
    from qc.assess.judge.judged_run import JudgedRun
    from qc.assess.judge.judging_team import JudgingTeam
    from qc.assess.links.links import Links
    from qc.assess.prepare.excluded_wells import ExcludedWells
    from qc.assess.prepare.prepared_run import PreparedRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.assess.prepare.stored_run import LoadedRun
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

CHUNK = 64
"""Runs that are judged between two writes; bounds memory and what a kill can cost."""


@dataclass(frozen=True, slots=True)
class JudgedChunk:
    """Runs that were judged and are not written yet."""

    runs: list[tuple[JudgedRun, pl.DataFrame]]
    """Each run with its summary."""
    looked_at: LookedAt
    """What they were judged by."""
    moment: Moment
    """What the facts held when they were read."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """Runs that were loaded and are being prepared."""

    stale: Sequence[StaleRun]
    loaded: Sequence[LoadedRun]
    prepared: Callable[[], list[PreparedRun]]
    moment: Moment


def judged_chunks(
    lab: LabFolder, team: JudgingTeam, excluded: ExcludedWells, waiting: Sequence[StaleRun]
) -> Iterator[JudgedChunk]:
    """Judge runs chunk by chunk.

    Parameters
    ----------
    waiting : sequence of StaleRun
        Runs, in the order in which they were measured.

    Yields
    ------
    JudgedChunk
        A chunk is to be written before the next one is asked for: that one looks at it.
    """
    chunks = [waiting[start : start + CHUNK] for start in range(0, len(waiting), CHUNK)]
    begun = _begin(lab, team, excluded, chunks[0]) if chunks else None
    for following in [*chunks[1:], ()]:
        if begun is not None:
            judged, begun = _judge(lab, team, excluded, begun, following)
            yield judged


def _begin(lab: LabFolder, team: JudgingTeam, excluded: ExcludedWells, chunk: Sequence[StaleRun]) -> _Begun | None:
    # What a run is prepared from does not depend on what is being judged: it is loaded while others work.
    if not chunk:
        return None
    with lab.facts.reading() as con:
        loaded = [without_excluded(run, excluded) for run in load_runs(con, [stale.run_id for stale in chunk])]
        moment = moment_of(con)
    return _Begun(chunk, loaded, team.prepare(loaded), moment)


def _judge(
    lab: LabFolder, team: JudgingTeam, excluded: ExcludedWells, begun: _Begun, following: Sequence[StaleRun]
) -> tuple[JudgedChunk, _Begun | None]:
    """Judge one chunk, and begin the one behind it while this one is being judged."""
    loaded, run_ids = begun.loaded, [run.run_id for run in begun.loaded]
    rule_set = team.rule_set
    with lab.facts.reading() as con:
        moment = replace(moment_of(con), sheet=begun.moment.sheet)
        set_aside = set_aside_now(lab, con)
        history = earlier_controls(con, run_ids)
        excluded_controls = stored_exclusions(con, history, loaded, set_aside.states)
        subjects = sorted({(run.run.study, name) for run in loaded for name in run.samples["subject"]})
        links = load_links(con, subjects, run_ids, set_aside, studies=asks_for_reanalyses(loaded, rule_set))
        anew = _judged_anew(con, begun, rule_set)
        keeping = _items_that_stand(begun.stale, anew, set_aside.items)
        kept = kept_findings(con, run_ids, keeping)
        malformed = row_findings(con, run_ids)
        suites = earlier_suites(con, _runs_as_summarised(begun.stale, anew), rule_set)
        earlier = earlier_summaries(con, run_ids)
    controls = EarlierControls(history, excluded_controls, set_aside.states)
    measured = measured_in_order(begun.prepared(), rule_set, controls)
    judging, cases = judge_linked(measured, team, links, anew=anew)
    next_begun = _begin(lab, team, excluded, following)
    judged = [run.with_findings(tuple(malformed.get(run.loaded.run_id, ()))) for run in judging()]
    ready = [
        (with_kept(run, kept.get(run.loaded.run_id, ()), keeping), summary)
        for run, summary in with_suites(
            judged, rule_set, earlier, set_aside=_own_set_aside(set_aside.items, run_ids, anew), earlier_suites=suites
        )
    ]
    looked_at = LookedAt(
        rule_set=rule_set,
        set_aside=set_aside,
        anew=anew,
        rejected_wells={run.run_id: run.excluded for run in loaded},
        late={case.measured.loaded.run_id: frozenset(case.late.values()) for case in cases},
        copied=_copied(links),
        causes={run.run_id: run.causes for run in begun.stale},
        reanalysed=[case.measured.loaded.run_id for case in cases if case.reanalyses is not None],
    )
    return JudgedChunk(ready, looked_at, moment), next_begun


def _runs_as_summarised(stale: Sequence[StaleRun], anew: Collection[int]) -> list[int]:
    """Return the runs of which suites would be asked the same again, but for flagged results."""
    own = {
        run.run_id: [parse_item(key) for kind, key in run.causes if kind is Kind.SET_ASIDE and key.startswith("R")]
        for run in stale
    }
    # Findings on a run or an analyte that was set aside stood still: once it counts again they are judged anew.
    freed = {run_id for run_id, items in own.items() if any(i.run_id == run_id and i.scope != "result" for i in items)}
    return [run.run_id for run in stale if run.run_id not in {*anew, *freed} and not run.kinds & {*OWN, Kind.SUMMARIES}]


def _own_set_aside(
    items: Collection[str], run_ids: Collection[int], anew: Collection[int]
) -> dict[int, frozenset[int]]:
    """Return the ordinals of results that people have set aside one by one, by run that is not judged anew."""
    own = set(run_ids) - set(anew)
    found: dict[int, set[int]] = {}
    for item in map(parse_item, items):
        if item.ordinal and item.run_id in own:
            found.setdefault(item.run_id, set()).add(item.ordinal)
    return {run_id: frozenset(ordinals) for run_id, ordinals in found.items()}


_AS_JUDGED = """
    SELECT s.run_id, a.inputs_sha256 FROM run_states s JOIN assessments a USING (assessment_id)
    WHERE s.run_id IN (SELECT unnest(?)) AND a.rule_set_sha256 = ?
"""


def _judged_anew(con: Connection, begun: _Begun, rule_set: RuleSet) -> frozenset[int]:
    # Where nothing is on record, the assessment itself tells whether the run and its rules are what they were.
    anew = {run.run_id: run.kinds & OWN for run in begun.stale if run.kinds & OWN}
    unrecorded = [run_id for run_id, kinds in anew.items() if kinds == {Kind.UNRECORDED}]
    if unrecorded:
        then = dict(con.execute(_AS_JUDGED, [unrecorded, rule_set.sha256]).fetchall())
        for run in begun.loaded:
            if run.run_id in then and then[run.run_id] == inputs_hash(run):
                del anew[run.run_id]
    return frozenset(anew)


def _items_that_stand(stale: Sequence[StaleRun], anew: frozenset[int], items: frozenset[str]) -> frozenset[str]:
    # Runs and analytes are judged by controls and summaries of earlier runs too, results are not.
    looks_back = {run.run_id: bool(run.kinds & EARLIER) for run in stale if run.run_id not in anew}
    named = {name: parse_item(name) for name in items}
    return frozenset(
        name
        for name, item in named.items()
        if item.run_id in looks_back and (item.scope == "result" or not looks_back[item.run_id])
    )


def _copied(links: Links) -> Mapping[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for run_id, other_id, n_equal in links.copied.select("run_id", "other_run_id", "n_equal").iter_rows():
        found[run_id, other_id] = found.get((run_id, other_id), 0) + n_equal
    return found


def write_chunk(lab: LabFolder, chunk: JudgedChunk) -> list[Assessed]:
    """Write new assessments of runs, and what they looked at, both or neither.

    Returns
    -------
    list of Assessed
        The runs in short, in their order. Where others wrote since they were read, they are stale again at once.
    """
    from qc.version import __version__

    now = datetime.now(UTC)
    about = {
        "software": f"assaygate {__version__}",
        "rule_set_sha256": chunk.looked_at.rule_set.sha256,
        "sheets_source_id": chunk.moment.sheet,
    }
    ready = [
        Ready(judged=run, summary=summary, about=about | {"inputs_sha256": inputs_hash(run.loaded)})
        for run, summary in chunk.runs
    ]
    run_ids, secret = [run.loaded.run_id for run, _ in chunk.runs], read_secret(lab.paths.blind_secret)
    with lab.facts.writing() as con, transaction(con):
        is_as_read = moment_of(con) == chunk.moment
        ids = write_assessments(con, ready, now=now, secret=secret)
        seal(con, {"assessment_id": ids})
        record(con, ids, run_ids, chunk.looked_at)
        if not is_as_read:
            overtake(con, run_ids)
    return [assessed_of(run, assessment_id) for (run, _), assessment_id in zip(chunk.runs, ids, strict=True)]
