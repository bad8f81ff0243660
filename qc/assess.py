"""Assess: judge every run that is new or has changed, in the order in which the runs were measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qc.assessing.decided import Owed, changed_decisions, owed_runs, record_decisions, standing_decisions
from qc.assessing.excluded import without_excluded
from qc.assessing.following import following_runs
from qc.assessing.judged_run import JudgedRun
from qc.assessing.judging import measure_run
from qc.assessing.kept import kept_findings, with_kept
from qc.assessing.left_out import fresh_left_out, needs_left_out, stored_left_out
from qc.assessing.linked import judge_linked, load_links
from qc.assessing.linked_up_to import newest_assessment_id, not_compared, record_compared
from qc.assessing.loaded import load_runs
from qc.assessing.reanalysed import asks_for_reanalyses
from qc.assessing.relinked import record_links, relinked_runs
from qc.assessing.rule_set import RuleSet, load_rule_set
from qc.assessing.stale import compared_runs, inputs_hash, newest_sheet_id, record_same
from qc.assessing.stored_rows import row_findings
from qc.assessing.suites import earlier_summaries, with_suites
from qc.assessing.team import JudgingTeam, judging_team
from qc.assessing.writing import Ready, write_assessments
from qc.elsewhere import aside_now, decided_states, items_set_aside, rejected_now, results_elsewhere
from qc.excluded import excluded_wells
from qc.reviewing.masking import masked_rules
from qc.store.facts import transaction
from qc.store.frames import query
from qc.store.seals import seal
from schemas.finding import Verdict

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from qc.assessing.excluded import ExcludedWells
    from qc.assessing.judging import MeasuredRun, PreparedRun
    from qc.assessing.loaded import LoadedRun
    from qc.assessing.stale import Compared, StaleRun
    from qc.lab import Lab
    from qc.states import ItemState

CHUNK = 64
"""Runs that are judged between two writes; bounds memory and what a kill can cost."""

PASSES = 3
"""Passes of judging: the first, and others while decisions lapse because of the pass before."""
ROUNDS = 3
"""Rounds of judging: the first, one for runs that others linked to later, and one to spare."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """What one run was found to be."""

    run_id: int
    """Id of the run."""
    run: str
    """Name of the run."""
    study: str
    """Study of the run."""
    assessment_id: int
    """Id of the assessment."""
    verdict: Verdict
    """Gravest verdict of all findings."""
    n_results: int
    """Sample results."""
    n_auto_approved: int
    """Those that passed everything."""
    n_waiting: int
    """Those that wait for a person."""
    is_held: bool
    """Whether anything of the run waits, be it the run itself."""
    n_by_rule: dict[str, int]
    """Number of findings by rule."""

    def as_json(self) -> dict[str, Any]:
        """Return the assessment as a mapping of JSON values."""
        told: dict[str, Any] = {"item": f"R{self.run_id}", "run": self.run, "study": self.study}
        told |= {"assessment_id": self.assessment_id, "verdict": self.verdict.value, "n_results": self.n_results}
        told |= {"n_auto_approved": self.n_auto_approved, "n_waiting": self.n_waiting}
        return told | {"findings": self._told_rules()}

    def _told_rules(self) -> dict[str, int]:
        told: dict[str, int] = {}
        for rule, count in self.n_by_rule.items():
            (name,) = masked_rules([rule])
            told[name] = told.get(name, 0) + count
        return told

    def line(self) -> str:
        """Return the assessment as one line for a person."""
        rules = ", ".join(f"{rule} {count}" for rule, count in self._told_rules().items()) or "no findings"
        counts = f"{self.n_auto_approved} approved, {self.n_waiting} wait"
        return f"R{self.run_id} {self.run}: {self.verdict.value}, {counts} ({rules})"


def assess(lab: Lab, *, everything: bool = False, progress: Callable[[int, int], None] | None = None) -> list[Assessed]:
    """Judge every run that is new, or whose sheets, limits or rules have changed.

    Parameters
    ----------
    lab : Lab
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
    lab: Lab, rule_set: RuleSet, everything: bool, progress: Callable[[int, int], None] | None
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
    lab: Lab, judges: Judges, compared: Compared | None, progress: Callable[[int, int], None] | None
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
    lab: Lab, judges: Judges, waiting: Sequence[StaleRun], progress: Callable[[int, int], None] | None
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


def _begin(lab: Lab, judges: Judges, chunk: Sequence[StaleRun]) -> _Begun | None:
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
    lab: Lab, judges: Judges, begun: _Begun, following: Sequence[StaleRun]
) -> tuple[list[Assessed], _Begun | None]:
    judged, next_begun = _judge_chunk(lab, judges, begun, following)
    return _write(lab, judges.team.rule_set, judged.runs, judged.newest_sheet, judged.hashes), next_begun


def _judge_chunk(
    lab: Lab, judges: Judges, begun: _Begun, following: Sequence[StaleRun]
) -> tuple[_Judged, _Begun | None]:
    """Judge one chunk, and begin the one behind it while this one is being judged."""
    loaded, run_ids = begun.loaded, [run.run_id for run in begun.loaded]
    rule_set = judges.team.rule_set
    with lab.facts.reading() as con:
        newest_sheet = newest_sheet_id(con)
        history = _history(con, run_ids)
        states = decided_states(lab, con) if needs_left_out(loaded) else {}
        left_out = stored_left_out(con, history, loaded, states)
        elsewhere = results_elsewhere(lab, con, run_ids)
        subjects = sorted({(run.run.study, name) for run in loaded for name in run.samples["subject"]})
        links = load_links(con, subjects, run_ids, aside_now(lab, con), studies=asks_for_reanalyses(loaded, rule_set))
        set_aside = items_set_aside(lab, con) if judges.only_links else frozenset()
        kept = kept_findings(con, run_ids, set_aside)
        malformed = row_findings(con, run_ids)
        earlier = earlier_summaries(con, run_ids)
    controls = _EarlierControls(history, left_out, states)
    measured = _measured(begun.prepared(), rule_set, controls, elsewhere)
    judging, hashes = judge_linked(measured, judges.team, links, only_links=judges.only_links)
    next_begun = _begin(lab, judges, following)
    judged = [run.with_findings(tuple(malformed.get(run.loaded.run_id, ()))) for run in judging()]
    ready = [
        (with_kept(run, kept.get(run.loaded.run_id, ()), set_aside), summary)
        for run, summary in with_suites(judged, rule_set, earlier)
    ]
    return _Judged(ready, newest_sheet, hashes), next_begun


def rejudged(lab: Lab, rule_set: RuleSet) -> Iterator[JudgedRun]:
    """Judge every run again by a rule set, and store nothing.

    Parameters
    ----------
    lab : Lab
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


@dataclass(slots=True)
class _EarlierControls:
    """Controls of all runs that are judged already, and of those that were measured before in this chunk."""

    rows: pl.DataFrame
    left_out: dict[tuple[int, int], str]
    states: Mapping[str, ItemState]

    def before(self, run: LoadedRun) -> pl.DataFrame:
        """Return the controls of the run's instrument that were measured before it."""
        import polars as pl

        began_at = run.run.started_at
        on_it = self.rows.filter(pl.col("instrument") == run.run.instrument)
        return on_it.filter(pl.col("started_at") < began_at) if began_at else on_it.clear()

    def add(self, run: MeasuredRun, rule_set: RuleSet) -> None:
        """Take in the controls of a run that was measured."""
        import polars as pl

        if run.loaded.run.started_at is None:
            return
        names = ("instrument", "method")
        controls = run.run_input.controls.with_columns(
            pl.lit(getattr(run.loaded.run, name)).alias(name) for name in names
        )
        self.rows = pl.concat([self.rows, controls.select(self.rows.columns)]).sort("started_at", maintain_order=True)
        if needs_left_out([run.loaded]):
            self.left_out |= fresh_left_out(run, rule_set, self.states)


def _measured(
    prepared: Sequence[PreparedRun],
    rule_set: RuleSet,
    controls: _EarlierControls,
    elsewhere: dict[str, dict[tuple[str, str, str], int]],
) -> list[MeasuredRun]:
    """Return the runs one after the other: each sees earlier results, and controls of its instrument."""
    measured: list[MeasuredRun] = []
    for run in prepared:
        own = elsewhere.setdefault(run.loaded.run.study, {})
        earlier = controls.before(run.loaded)
        measured.append(measure_run(run, rule_set, history=earlier, elsewhere=own, left_out=controls.left_out))
        controls.add(measured[-1], rule_set)
        _count(own, measured[-1])
    return measured


_HISTORY = """
    SELECT c.run_id, r.run, r.started_at, CAST(c.position AS BIGINT) AS position, c.analyte, c.matrix, c.material,
        c.level, c.lot, c.value, c.unit, c.target, c.sd, c.z,
        CASE WHEN c.z IS NULL THEN 'not_measured' ELSE 'ok' END AS z_state, r.instrument, r.reagent_lot, r.method
    FROM control_results c JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
    WHERE NOT s.is_superseded AND r.started_at IS NOT NULL AND c.run_id NOT IN (SELECT unnest(?))
    ORDER BY r.started_at, c.run_id, c.position
"""


def _history(con: duckdb.DuckDBPyConnection, run_ids: Sequence[int]) -> pl.DataFrame:
    return query(con, _HISTORY, [list(run_ids)])


def _count(counts: dict[tuple[str, str, str], int], measured: MeasuredRun) -> None:
    for sample, analyte, matrix in measured.run_input.results.select("sample", "analyte", "matrix").iter_rows():
        counts[sample, analyte, matrix] = counts.get((sample, analyte, matrix), 0) + 1


def _write(
    lab: Lab,
    rule_set: RuleSet,
    judged: Sequence[tuple[JudgedRun, pl.DataFrame]],
    newest_sheet: int,
    hashes: Mapping[int, str],
) -> list[Assessed]:
    from qc import __version__

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
    return [_assessed(run, assessment_id) for (run, _), assessment_id in zip(judged, ids, strict=True)]


def _assessed(run: JudgedRun, assessment_id: int) -> Assessed:
    states = run.result_states()["state"]
    n_by_rule: dict[str, int] = {}
    for finding in run.findings:
        n_by_rule[finding.rule] = n_by_rule.get(finding.rule, 0) + 1
    n_waiting = int((states == "waiting").sum())
    return Assessed(
        run_id=run.loaded.run_id,
        run=run.loaded.run.run,
        study=run.loaded.run.study,
        assessment_id=assessment_id,
        verdict=run.verdict,
        n_results=states.len(),
        n_auto_approved=states.len() - n_waiting,
        n_waiting=n_waiting,
        is_held=bool(run.held_items),
        n_by_rule=n_by_rule,
    )
