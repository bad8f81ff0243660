"""Assess: judge every run that is new or has changed, in the order in which the runs were measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.controls.earlier_controls import EarlierControls, earlier_controls, measured_in_order
from qc.assess.controls.excluded_controls import looks_at_decisions, stored_left_out
from qc.assess.judge.assessment import Assessed, assessed_of
from qc.assess.judge.batch_suites import earlier_summaries, with_suites
from qc.assess.judge.judge_links import judge_linked
from qc.assess.judge.judged_run import JudgedRun
from qc.assess.judge.judging_team import JudgingTeam, judging_team
from qc.assess.judge.link_findings import kept_findings, with_kept
from qc.assess.judge.row_findings import row_findings
from qc.assess.links.decided_inputs import Owed, changed_decisions, owed_runs, record_decisions, standing_decisions
from qc.assess.links.incurred_samples import asks_for_reanalyses
from qc.assess.links.links import load_links
from qc.assess.links.set_aside import aside_now, decided_states, items_set_aside, rejected_now, results_elsewhere
from qc.assess.prepare.excluded_wells import without_excluded
from qc.assess.prepare.rejected_wells import excluded_wells
from qc.assess.prepare.rule_set import RuleSet, load_rule_set
from qc.assess.prepare.stored_run import load_runs
from qc.assess.write.assessment_write import Ready, write_assessments
from qc.assess.write.changed_links import record_links, relinked_runs
from qc.assess.write.later_runs import following_runs
from qc.assess.write.link_watermark import newest_assessment_id, not_compared, record_compared
from qc.assess.write.stale_runs import compared_runs, inputs_hash, newest_sheet_id, record_same
from qc.store.facts import transaction
from qc.store.seals import seal

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.prepare.excluded_wells import ExcludedWells
    from qc.assess.prepare.prepared_run import PreparedRun
    from qc.assess.prepare.stored_run import LoadedRun
    from qc.assess.write.stale_runs import Compared, StaleRun
    from qc.lab.folder import LabFolder

CHUNK = 64
"""Runs that are judged between two writes; bounds memory and what a kill can cost."""

PASSES = 3
"""Passes of judging: the first, and others while decisions lapse because of the pass before."""
ROUNDS = 3
"""Rounds of judging: the first, one for runs that others linked to later, and one to spare."""


def assess(
    lab: LabFolder, *, everything: bool = False, progress: Callable[[int, int], None] | None = None
) -> list[Assessed]:
    """Judge every run that is new, or whose sheets, limits or rules have changed.

    Parameters
    ----------
    lab : LabFolder
        The lab.
    everything : bool
        Judge runs again whose inputs are the same.
    progress : callable, optional
        Called with the number of runs that are done and to do.

    Returns
    -------
    list of Assessed
        One for each run that was judged, in the order in which they were measured.

    Notes
    -----
    A decision lapses where the run that it was made on now says something else. What was judged beside it is owed
    another judgement then, and gets it in a further pass.
    """
    rule_set = load_rule_set(lab)
    assessed = _pass(lab, rule_set, everything, progress)
    for _ in range(PASSES - 1):
        with lab.facts.reading() as con:
            standing = standing_decisions(decided_states(lab, con), rejected_now(lab))
            is_settled = not changed_decisions(con, standing)
        if is_settled:
            break
        assessed |= _pass(lab, rule_set, False, None)
    return list(assessed.values())


def _pass(
    lab: LabFolder, rule_set: RuleSet, everything: bool, progress: Callable[[int, int], None] | None
) -> dict[int, Assessed]:
    with lab.facts.reading() as con:
        excluded = excluded_wells(lab, con)
        standing = standing_decisions(decided_states(lab, con), rejected_now(lab))
        changed = changed_decisions(con, standing)
        owed = owed_runs(con, changed)
        compared = compared_runs(con, rule_set, excluded, also=owed.following, everything=everything)
        newest_sheet = newest_sheet_id(con)
        is_cut_off = bool(not_compared(con) or following_runs(con) or changed)
    if compared.same:
        with lab.facts.writing() as con, transaction(con):
            record_same(con, compared.same, newest_sheet)
    assessed: dict[int, Assessed] = {}
    if compared.stale or is_cut_off:
        with judging_team(rule_set, n_runs=len(compared.stale), workers=lab.workers) as team:
            judges = Judges(team, excluded, only_links=False, standing=standing, owed=owed)
            assessed |= _assess_with_partners(lab, judges, compared, progress)
            # A run that came late, or whose controls changed, stands in the rows and targets of the runs after it.
            with lab.facts.reading() as con:
                following = following_runs(con)
            assessed |= _assess_all(lab, judges, following, None)
            if following:
                assessed |= _assess_with_partners(lab, replace(judges, only_links=True), None, None)
    return assessed


def _assess_with_partners(
    lab: LabFolder, judges: Judges, compared: Compared | None, progress: Callable[[int, int], None] | None
) -> dict[int, Assessed]:
    """Judge the runs that are stale, then those whose links they changed, until every run was compared."""
    assessed: dict[int, Assessed] = {}
    waiting = compared.stale if compared else []
    for number in range(ROUNDS):
        only_links = judges.only_links or number > 0
        assessed |= _assess_all(lab, replace(judges, only_links=only_links), waiting, progress)
        # Values do not depend on findings: what a later chunk brought is seen by all after one more round.
        with lab.facts.reading() as con:
            since, up_to = not_compared(con), (newest_assessment_id(con), newest_sheet_id(con))
            everywhere = since.has_new_sheet or (compared is not None and compared.has_new_sheet)
            run_ids = since.run_ids if number == 0 else [run.run_id for run in waiting]
            also = judges.owed.linked if number == 0 else ()
            waiting = relinked_runs(con, run_ids, aside_now(lab, con), also=also, everywhere=everywhere)
        if not waiting:
            with lab.facts.writing() as con, transaction(con):
                record_compared(con, *up_to)
                record_decisions(con, judges.standing)
            break
    return assessed


@dataclass(frozen=True, slots=True)
class Judges:
    """What runs are judged by."""

    team: JudgingTeam
    """Who judges, with catalogue, profiles, suites and rules."""
    excluded: ExcludedWells
    """Wells that are rejected now."""
    only_links: bool
    """Whether the runs are judged again for nothing but what other runs and people brought."""
    standing: Mapping[str, str] = field(default_factory=dict)
    """What people had decided when the pass began."""
    owed: Owed = field(default_factory=Owed)
    """Runs that were judged beside something on which people have decided since."""


def _assess_all(
    lab: LabFolder, judges: Judges, waiting: Sequence[StaleRun], progress: Callable[[int, int], None] | None
) -> dict[int, Assessed]:
    assessed: dict[int, Assessed] = {}
    chunks = [waiting[start : start + CHUNK] for start in range(0, len(waiting), CHUNK)]
    begun = _begin(lab, judges, chunks[0]) if chunks else None
    for following in [*chunks[1:], ()]:
        if begun is None:
            break
        chunk, begun = _assess_chunk(lab, judges, begun, following)
        assessed |= {one.run_id: one for one in chunk}
        if progress:
            progress(len(assessed), len(waiting))
    return assessed


@dataclass(frozen=True, slots=True)
class _Begun:
    """Runs that were loaded and are being prepared."""

    loaded: Sequence[LoadedRun]
    prepared: Callable[[], list[PreparedRun]]


def _begin(lab: LabFolder, judges: Judges, chunk: Sequence[StaleRun]) -> _Begun | None:
    # What a run is prepared from does not depend on what is being judged: it is loaded while others work.
    if not chunk:
        return None
    with lab.facts.reading() as con:
        run_ids = [stale.run_id for stale in chunk]
        loaded = [without_excluded(run, judges.excluded) for run in load_runs(con, run_ids)]
    return _Begun(loaded, judges.team.prepare(loaded))


@dataclass(frozen=True, slots=True)
class _Judged:
    """Runs that were judged and are not written yet."""

    runs: list[tuple[JudgedRun, pl.DataFrame]]
    newest_sheet: int
    hashes: Mapping[int, str]


def _assess_chunk(
    lab: LabFolder, judges: Judges, begun: _Begun, following: Sequence[StaleRun]
) -> tuple[list[Assessed], _Begun | None]:
    judged, next_begun = _judge_chunk(lab, judges, begun, following)
    return _write(lab, judges.team.rule_set, judged.runs, judged.newest_sheet, judged.hashes), next_begun


def _judge_chunk(
    lab: LabFolder, judges: Judges, begun: _Begun, following: Sequence[StaleRun]
) -> tuple[_Judged, _Begun | None]:
    """Judge one chunk, and begin the one behind it while this one is being judged."""
    loaded, run_ids = begun.loaded, [run.run_id for run in begun.loaded]
    rule_set = judges.team.rule_set
    with lab.facts.reading() as con:
        newest_sheet = newest_sheet_id(con)
        history = earlier_controls(con, run_ids)
        states = decided_states(lab, con) if looks_at_decisions(loaded, rule_set) else {}
        left_out = stored_left_out(con, history, loaded, states)
        elsewhere = results_elsewhere(lab, con, run_ids)
        subjects = sorted({(run.run.study, name) for run in loaded for name in run.samples["subject"]})
        links = load_links(con, subjects, run_ids, aside_now(lab, con), studies=asks_for_reanalyses(loaded, rule_set))
        set_aside = items_set_aside(lab, con) if judges.only_links else frozenset()
        kept = kept_findings(con, run_ids, set_aside)
        malformed = row_findings(con, run_ids)
        earlier = earlier_summaries(con, run_ids)
    controls = EarlierControls(history, left_out, states)
    measured = measured_in_order(begun.prepared(), rule_set, controls, elsewhere)
    judging, hashes = judge_linked(measured, judges.team, links, only_links=judges.only_links)
    next_begun = _begin(lab, judges, following)
    judged = [run.with_findings(tuple(malformed.get(run.loaded.run_id, ()))) for run in judging()]
    ready = [
        (with_kept(run, kept.get(run.loaded.run_id, ()), set_aside), summary)
        for run, summary in with_suites(judged, rule_set, earlier)
    ]
    return _Judged(ready, newest_sheet, hashes), next_begun


def rejudged(lab: LabFolder, rule_set: RuleSet) -> Iterator[JudgedRun]:
    """Judge every run again by a rule set, and store nothing.

    Parameters
    ----------
    lab : LabFolder
        The lab.
    rule_set : RuleSet
        What to judge by.

    Yields
    ------
    JudgedRun
        Every run that is not superseded, in the order in which they were measured. Results of other runs are looked
        at as they are stored.
    """
    with lab.facts.reading() as con:
        excluded = excluded_wells(lab, con)
        runs = compared_runs(con, rule_set, excluded, everything=True).stale
    chunks = [runs[start : start + CHUNK] for start in range(0, len(runs), CHUNK)]
    with judging_team(rule_set, n_runs=len(runs), workers=lab.workers) as team:
        judges = Judges(team, excluded, only_links=False)
        begun = _begin(lab, judges, chunks[0]) if chunks else None
        for following in [*chunks[1:], ()]:
            if begun is None:
                break
            judged, begun = _judge_chunk(lab, judges, begun, following)
            yield from (run for run, _ in judged.runs)


def _write(
    lab: LabFolder,
    rule_set: RuleSet,
    judged: Sequence[tuple[JudgedRun, pl.DataFrame]],
    newest_sheet: int,
    hashes: Mapping[int, str],
) -> list[Assessed]:
    from qc.version import __version__

    now = datetime.now(UTC)
    about = {
        "software": f"assaygate {__version__}",
        "rule_set_sha256": rule_set.sha256,
        "sheets_source_id": newest_sheet,
    }
    ready = [
        Ready(judged=run, summary=summary, about=about | {"inputs_sha256": inputs_hash(run.loaded)})
        for run, summary in judged
    ]
    with lab.facts.writing() as con, transaction(con):
        ids = write_assessments(con, ready, now=now)
        seal(con, {"assessment_id": ids})
        record_links(con, hashes)
    return [assessed_of(run, assessment_id) for (run, _), assessment_id in zip(judged, ids, strict=True)]
