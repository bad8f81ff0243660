"""The report of the paired tests: one page that opens offline, with nothing to fetch."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.contrast_words.cautions import honesty_sentences, losses_by_reason
from checks.contrast_words.exceptions import sensitivity_sentences
from checks.contrast_words.methods import methods_sentences, references
from checks.contrast_words.numbers import contrast_name, matrix_text
from checks.contrasts.family import CORRECTION_WORDS
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import Plan
from checks.contrasts.planned_tests import PairedReport
from qc.ingest.archive import write_whole
from qc.report.differences import difference_figures
from qc.report.exception_groups import exception_groups
from qc.report.forest import forest_figure, forest_rows
from qc.report.palette import PAGE, inline_svg
from qc.report.report_rows import contrast_row, grouped, names_of, sensitivity_row, visits_row
from qc.report.software_versions import versions
from qc.report.suite_section import SuiteRow, suites_section
from qc.report.table_one import tables_one
from qc.report.trajectories import trajectory_figures
from qc.report.uncertainty_rows import HEAD, KEY, budget_lines

if TYPE_CHECKING:
    from qc.plan.plan_history import PlanOverTime
    from qc.plan.plan_lock import PlanLock


def write_report(
    report: PairedReport,
    release: Release,
    plan: Plan,
    path: Path,
    *,
    lock: PlanLock | None = None,
    came_first: bool | None = None,
    suites: Sequence[SuiteRow] = (),
    over_time: PlanOverTime | None = None,
) -> None:
    """Write the report as one self-contained HTML page.

    Parameters
    ----------
    release : Release
        Release that was tested; its trajectories are drawn, subjects without their names.
    path : Path
        File to write; its folder must be there.
    lock : PlanLock, optional
        When and by whom the plan was locked.
    suites : sequence of SuiteRow
        What the batch suites said of the runs; none leaves their section out.
    over_time : PlanOverTime, optional
        Versions of the plan up to now; nothing is said of them where the plan never changed.
    """
    from jinja2 import Environment, StrictUndefined

    home = files("qc.report")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((home / "report.html.j2").read_text(encoding="utf-8"))
    style = (home / "report.css").read_text(encoding="utf-8")
    context = _context(report, release, plan, lock_words(lock, came_first))
    page = template.render(style=style, suites=suites_section(suites), plan_over_time=over_time, **context)
    write_whole(path, page.encode())


def _context(report: PairedReport, release: Release, plan: Plan, locked: str) -> dict[str, Any]:
    # Any: texts, lists and mappings for the template
    names = names_of(report)
    rows = [contrast_row(contrast, contrast_name(contrast, names)) for contrast in report.contrasts]
    _add_plots(rows, report, release, plan)
    within = [contrast for contrast in report.contrasts if contrast.between_arms is None]
    tested = [contrast for contrast in report.contrasts if contrast.p_value is not None]
    firsts = tables_one(release, plan)
    return {
        "label": str(release.manifest.get("label") or ""),
        "study": release.study,
        "release": release,
        "plan": plan,
        "report": report,
        "correction": CORRECTION_WORDS[plan.correction],
        "rows": rows,
        "groups": grouped(rows),
        "held": [row for row in rows if row["is_held"]],
        "n_nominal": sum(c.p_value <= plan.alpha for c in tested if c.p_value is not None),
        "level": f"{100 * plan.confidence:g} %",
        "firsts": [
            (arm, one, [(names[row.endpoint.analyte], matrix_text(row.endpoint.matrix), row) for row in one.rows])
            for arm, one in firsts
        ],
        "forest": forest_svg(report, names, plan),
        "sensitivity": [sensitivity_row(contrast, contrast_name(contrast, names)) for contrast in within],
        "names": names,
        "visits": [visits_row(report, one, names[one.analyte]) for one in report.visits],
        "losses": losses_by_reason(report),
        "budget_head": HEAD,
        "budgets": budget_lines(release, names),
        "budget_key": KEY,
        "honesty": honesty_sentences(report, release, locked),
        "methods": methods_sentences(report, plan),
        "references": references(report, plan),
        "provenance": provenance(report, release),
        "exceptions": exception_groups(release),
        "without_them": sensitivity_sentences(report),
        "since_last": since_last_words(release),
        "looks": looks_words(release),
        "versions": versions(release),
    }


def _add_plots(rows: list[dict[str, Any]], report: PairedReport, release: Release, plan: Plan) -> None:
    drawn = zip(
        trajectory_figures(release, plan, report.contrasts, PAGE),
        difference_figures(report.contrasts, PAGE),
        strict=True,
    )
    for number, (row, (trajectory, difference)) in enumerate(zip(rows, drawn, strict=True), start=1):
        row["svg"] = inline_svg(trajectory, f"c{number}")
        row["difference"] = None if difference is None else inline_svg(difference, f"d{number}")


def forest_svg(report: PairedReport, names: dict[str, str], plan: Plan) -> str:
    """Draw the forest plot for a page."""
    return inline_svg(forest_figure(forest_rows(report.contrasts, names), plan.equivalence_ratio, PAGE), "f")


def lock_words(lock: PlanLock | None, came_first: bool | None) -> str:
    """Say when the plan was locked.

    Parameters
    ----------
    lock : PlanLock or None
        The lock, if it was handed in.

    Returns
    -------
    str
        A sentence; empty if nothing was handed in.
    """
    if lock is None:
        return ""
    order = {True: "before the release was made", False: "after the release was made", None: ""}[came_first]
    return f"The plan (version {lock.version}) was locked on {lock.locked_at:%Y-%m-%d %H:%M} UTC {order}".strip() + "."


def since_last_words(release: Release) -> dict[str, Any] | None:
    """Return what has changed since the release before.

    Returns
    -------
    dict or None
        ``first`` (its name), ``sentences``, and ``before`` (all releases before); None for a first release.
    """
    changes = release.manifest.get("since_last")
    if not changes:
        return None
    before = [one["release"] for one in release.manifest.get("releases_before", [])]
    return {"first": changes["first"], "sentences": changes["sentences"], "before": before}


def looks_words(release: Release) -> list[str]:
    """Return who had seen p-values of earlier releases when this one was made, in sentences."""
    return list(release.manifest.get("looks_before", {}).get("sentences", ()))


def provenance(report: PairedReport, release: Release) -> list[tuple[str, str]]:
    """Name what a report rests on."""
    manifest = release.manifest
    lines = [
        ("Release", release.name),
        ("Release SHA-256", release.sha256),
        ("Plan SHA-256", report.plan_sha256),
    ]
    labels = {
        "released_at": "Released at",
        "released_by": "Released by",
        "n_approved": "Results in the release",
        "n_set_aside": "Results set aside",
        "n_decisions": "Decisions by a person",
    }
    lines += [(label, str(manifest[key])) for key, label in labels.items() if key in manifest]
    states = manifest.get("n_by_state")
    if isinstance(states, dict):
        lines.append(("Results by state", ", ".join(f"{state} {n}" for state, n in sorted(states.items()))))
    return lines
