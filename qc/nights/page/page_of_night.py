"""Everything that the page of a night shows, gathered from the night and the facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from qc.assess.judge.assessment import Assessed
from qc.decide.queue_causes import by_cause
from qc.ingest.outcome import Ingested
from qc.items.names import parse_item
from qc.nights.page.controls_of_night import control_charts
from qc.nights.page.earlier_nights import NAME_FORMAT, NOTHING, Earlier
from qc.nights.page.night_page import FileOfNight, NightPage, Outcome, RunOfNight, Since, SuiteOfNight, ThingToSettle
from qc.nights.page.plates_of_night import failed_curves, flagged_plates
from schemas.finding import Verdict

if TYPE_CHECKING:
    from qc.decide.queue_and_show import QueueItem
    from qc.items.cause_shown import CauseShown
    from qc.lab.folder import LabFolder
    from qc.nights.night import Night
    from qc.store.connection import Connection

_RUNS = "SELECT run_id, analyte, matrix, instrument FROM runs WHERE run_id IN (SELECT unnest(?::BIGINT[]))"
_SUITES = """
    SELECT p.rule, count(*), count(*) FILTER (p.n_findings > 0) FROM rule_runs p
    JOIN run_states s USING (run_id, assessment_id)
    WHERE p.run_id IN (SELECT unnest($1::BIGINT[])) AND split_part(p.rule, '.', 1) IN (SELECT unnest($2::VARCHAR[]))
    GROUP BY 1 ORDER BY 3 DESC, 1
"""
_SAID = """
    SELECT f.rule, s.run, f.sentence FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE f.run_id IN (SELECT unnest($1::BIGINT[])) AND split_part(f.rule, '.', 1) IN (SELECT unnest($2::VARCHAR[]))
    ORDER BY s.run, f.ordinal
"""


def page_of(lab: LabFolder, night: Night, earlier: Earlier = NOTHING) -> NightPage:
    """Gather what the page of a night shows.

    Parameters
    ----------
    night : Night
        What it did; runs that it judged, and those in which something waits newly, are shown in full.
    earlier : Earlier
        What nights before it brought, where the page is to tell of them too.
    """
    things = tuple(things_to_settle(night))
    newly = {parse_item(item.shown.item).run_id for item in night.newly if item.seen.scope != "correction"}
    with lab.facts.reading() as con:
        runs = _with_earlier(_runs(con, night), earlier.runs)
        own = {parse_item(run.item).run_id for run in runs}
        plates, n_plates_left = flagged_plates(lab, con, own | newly)
        curves, n_curves_left = failed_curves(lab, con, own | newly)
        return NightPage(
            night=night.began_at.strftime(NAME_FORMAT),
            lab=night.lab,
            label=lab.settings.lab.label,
            began_at=night.began_at,
            outcome=outcome_of(night),
            headline=headline(night, things),
            brought_by=night.brought_by,
            n_known=len(night.known_files),
            files=_refused_first([*earlier.files, *(_file(one) for one in (*night.failed, *night.taken_in))]),
            runs=runs,
            waiting=things,
            n_no_longer=night.changed.n_no_longer,
            oldest_waiting_h=night.oldest_waiting_h,
            decided_by=night.decided_by,
            charts=control_charts(con, own),
            plates=plates,
            n_plates_left=n_plates_left,
            curves=curves,
            n_curves_left=n_curves_left,
            suites=_suites(lab, con, own),
            gaps=night.gaps,
            chosen_by_default=night.chosen_by_default,
            faults=night.faults,
        )


def outcome_of(night: Night) -> Outcome:
    """Say how a night ended: the gravest of what happened."""
    if night.faults:
        return "fault"
    if night.failed:
        return "refused"
    return "waits" if night.waiting or night.gaps else "clean"


def headline(night: Night, things: Sequence[ThingToSettle]) -> str:
    """Say in one sentence what matters first."""
    counts = [
        (len(night.faults), "fault of the program", "faults of the program"),
        (len(night.failed), "file refused", "files refused"),
        (sum(one.since == "worse" for one in things), "thing got worse", "things got worse"),
        (sum(one.since == "new" for one in things), "new thing to settle", "new things to settle"),
    ]
    told = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    n_old = sum(one.since == "old" for one in things)
    rest = f"{n_old} from before {'waits' if n_old == 1 else 'wait'} still" if n_old else "nothing from before waits"
    return f"{', '.join(told) or 'Nothing new to settle'}; {rest}."


def things_to_settle(night: Night) -> Iterator[ThingToSettle]:
    """Put what waits in the order in which a person should look: worse, new, old; the gravest of each first."""
    found = by_cause(night.waiting)
    newly, worse = set(night.changed.newly_waiting), set(night.worse)
    things = [_cause(cause, newly, worse) for cause in found.causes]
    things += [_alone(item, newly, worse) for item in found.alone]
    order = ("worse", "new", "old")
    yield from sorted(things, key=lambda one: (order.index(one.since), -Verdict(one.verdict).severity, -one.n_results))


def _cause(cause: CauseShown, newly: set[str], worse: set[str]) -> ThingToSettle:
    about = f"{cause.where} · {', '.join(cause.analytes[:4])}{' …' if cause.analytes[4:] else ''}"
    return ThingToSettle(
        name=cause.cause,
        since=_since(set(cause.items), newly, worse),
        verdict=cause.verdict.value,
        where=f"{cause.study} · {about.removesuffix(' · ')}",
        n_results=cause.n_results,
        says=cause.says,
        way_on=cause.way_on,
        command=f"qc show {cause.cause}",
    )


def _alone(item: QueueItem, newly: set[str], worse: set[str]) -> ThingToSettle:
    shown, first = item.shown, item.findings[0]
    acts = first.guidance.act[0] if first.guidance and first.guidance.act else ""
    where = (shown.study, shown.run, shown.analyte, shown.code, shown.wells)
    return ThingToSettle(
        name=shown.item,
        since=_since({shown.item}, newly, worse),
        verdict=item.verdict.value,
        where=" · ".join(filter(None, where)),
        n_results=shown.n_results,
        says=item.why or first.sentence,
        way_on=first.suggestion or acts,
        command=f"qc show {shown.item}",
    )


def _since(items: set[str], newly: set[str], worse: set[str]) -> Since:
    return "worse" if items & worse else "new" if items & newly else "old"


def _refused_first(files: Sequence[FileOfNight]) -> tuple[FileOfNight, ...]:
    return tuple(sorted(files, key=lambda one: one.outcome != "quarantined"))


def _with_earlier(runs: Sequence[RunOfNight], earlier: Sequence[RunOfNight]) -> tuple[RunOfNight, ...]:
    """Put runs of earlier nights beside those of this one; what was judged again stands once, as it is now."""
    newest = {run.item: run for run in (*earlier, *runs)}
    gravest_first = sorted(newest.values(), key=lambda run: (-Verdict(run.verdict).severity, -run.n_waiting, run.run))
    return tuple(gravest_first)


def _file(one: Ingested) -> FileOfNight:
    account = [*one.notes, *(words for account in one.accounts for words in account.words)]
    return FileOfNight(
        file=one.file,
        outcome=one.outcome,
        kind=one.kind,
        n_rows=one.n_rows,
        runs=one.runs,
        says=one.message,
        faults=tuple(str(fault) for fault in one.faults),
        account=tuple(dict.fromkeys(account)),
    )


def _runs(con: Connection, night: Night) -> list[RunOfNight]:
    about = {row[0]: row[1:] for row in con.execute(_RUNS, [[run.run_id for run in night.assessed]]).fetchall()}
    came = {run for delivery in night.taken_in for run in delivery.runs}
    return [_run(run, about.get(run.run_id, ("", "", "")), is_new=run.run in came) for run in night.assessed]


def _run(run: Assessed, about: tuple[str, str, str], *, is_new: bool) -> RunOfNight:
    analyte, matrix, instrument = about
    return RunOfNight(
        item=run.item,
        run=run.run,
        study=run.study,
        analyte=analyte,
        matrix=matrix,
        instrument=instrument,
        verdict=run.verdict.value,
        n_results=run.n_results,
        n_approved=run.n_auto_approved,
        n_waiting=run.n_waiting,
        findings=", ".join(f"{rule} {n}" for rule, n in run.n_by_shown_rule.items()),
        is_new=is_new,
    )


def _suites(lab: LabFolder, con: Connection, runs: Collection[int]) -> tuple[SuiteOfNight, ...]:
    from checks.expectations.suite_file import load_suite
    from qc.assess.prepare.chosen_suites import chosen_suites

    names = sorted({load_suite(text).name for _, text in chosen_suites(lab)})
    values = [sorted(runs), names]
    said: dict[str, list[str]] = {}
    for rule, run, sentence in con.execute(_SAID, values).fetchall():
        said.setdefault(rule, []).append(f"{run}: {sentence}")
    return tuple(
        SuiteOfNight(name=rule, n_runs=n_runs, n_failed=n_failed, said=tuple(said.get(rule, ())))
        for rule, n_runs, n_failed in con.execute(_SUITES, values).fetchall()
    )
