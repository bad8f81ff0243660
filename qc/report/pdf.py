"""The report as a printed document: the same words, tables and plots as the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.contrast_words.cautions import honesty_sentences
from checks.contrast_words.methods import methods_sentences, references
from checks.contrast_words.numbers import contrast_name, matrix_text
from checks.contrasts.family import CORRECTION_WORDS
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import Plan
from checks.contrasts.planned_tests import PairedReport
from qc.ingest.archive import write_whole
from qc.report.differences import difference_figures
from qc.report.forest import forest_figure, forest_rows
from qc.report.html import lock_words, looks_words, provenance, since_last_words
from qc.report.palette import png
from qc.report.pdf_parts import document, heading, listed, paragraph, picture, pictures, table
from qc.report.pdf_sections import exception_parts, imbalance_parts, suite_parts
from qc.report.report_rows import contrast_row, names_of, sensitivity_row, visits_row
from qc.report.software_versions import versions
from qc.report.suite_section import SuiteRow
from qc.report.table_one import TableOne, tables_one
from qc.report.trajectories import trajectory_figures
from qc.report.uncertainty_rows import HEAD, KEY, budget_lines

if TYPE_CHECKING:
    from qc.plan.plan_lock import PlanLock


def write_pdf(
    report: PairedReport,
    release: Release,
    plan: Plan,
    path: Path,
    *,
    lock: PlanLock | None = None,
    came_first: bool | None = None,
    suites: Sequence[SuiteRow] = (),
) -> None:
    """Write the report as a PDF of A4 pages.

    Parameters
    ----------
    path : Path
        File to write; its folder must be there.
    lock : PlanLock, optional
        When and by whom the plan was locked.
    suites : sequence of SuiteRow
        What the batch suites said of the runs; none leaves their section out.
    """
    label = str(release.manifest.get("label") or "")
    parts: list[Any] = [  # Any: flowables
        heading(f"Visit {plan.followup} against visit {plan.baseline}, {len(report.contrasts)} contrasts", 1),
        paragraph(f"Study {release.study}, release {release.name}"),
        *_headline(report),
        *_tables(report, release, plan),
        *_plots(report, release, plan),
        *exception_parts(release, report),
        *_looks(release),
        *_since_last(release),
        heading("Before you believe a p-value"),
        listed(honesty_sentences(report, release, lock_words(lock, came_first))),
        heading("Pairs in, pairs lost"),
        *_losses(report),
        *imbalance_parts(release, names_of(report)),
        *_budgets(report, release),
        *suite_parts(suites),
        heading("Methods"),
        paragraph(" ".join(methods_sentences(report, plan))),
        listed(references(report, plan), is_numbered=True),
        heading("Where this comes from"),
        *[paragraph(f"{name}: {value}", is_small=True) for name, value in provenance(report, release)],
        paragraph(f"Software: {', '.join(f'{n} {v}' for n, v in versions(release).items())}", is_small=True),
    ]
    buffer = io.BytesIO()
    document(
        buffer, parts, title=f"Paired tests of {release.study}", label=label, foot=f"release {release.sha256[:12]}"
    )
    write_whole(path, buffer.getvalue())


def _budgets(report: PairedReport, release: Release) -> list[Any]:  # Any: flowables
    lines = budget_lines(release, names_of(report))
    if not lines:
        return []
    body = [[line.name, *line.cells] for line in lines]
    return [heading("Uncertainty of measurement"), table(list(HEAD), body), paragraph(KEY, is_small=True)]


def _looks(release: Release) -> list[Any]:  # Any: flowables
    sentences = looks_words(release)
    return [heading("What had been seen before"), listed(sentences)] if sentences else []


def _since_last(release: Release) -> list[Any]:  # Any: flowables
    changes = since_last_words(release)
    return (
        [] if changes is None else [heading(f"What has changed since {changes['first']}"), listed(changes["sentences"])]
    )


def _headline(report: PairedReport) -> list[Any]:  # Any: flowables
    names = names_of(report)
    rows = [contrast_row(contrast, contrast_name(contrast, names)) for contrast in report.contrasts if contrast.is_held]
    word = CORRECTION_WORDS[report.correction]
    if not rows:
        text = f"No contrast holds at {report.alpha:g} after adjustment over {report.n_tested} tested."
        return [paragraph(f"{text} This does not show that nothing changed.", is_strong=True)]
    return [
        paragraph(
            f"{row['name']} in {row['matrix']} {row['verb']} by {row['size']} "
            f"({row['words'].interval}); {row['test']}, p = {row['p']}, "
            f"after {word} {row['adjusted']}; {row['n']} pairs.",
            is_strong=True,
        )
        for row in rows
    ]


def _tables(report: PairedReport, release: Release, plan: Plan) -> list[Any]:  # Any: flowables
    names = names_of(report)
    parts = [heading("Table 1. Subjects and results by visit, median (quartiles)")]
    for arm, one in tables_one(release, plan):
        parts += [*([paragraph(f"Arm {arm}")] if arm else []), table(*_first(one, names))]
    word = CORRECTION_WORDS[plan.correction]
    rows = [contrast_row(contrast, contrast_name(contrast, names)) for contrast in report.contrasts]
    head = [
        "Contrast",
        "Pairs",
        "Baseline",
        "Follow-up",
        "Shift (CI)",
        "Rank-biserial (CI)",
        "p",
        f"p, {word}",
        "q, BH",
    ]
    body = [
        [f"{row['name']}, {row['matrix']} ({row['unit']})", str(row["n"]), *_numbers(row)]
        if not row["reason"]
        else [f"{row['name']}, {row['matrix']}", str(row["n"]), f"not tested: {row['reason']}"]
        for row in rows
    ]
    marked = [place for place, row in enumerate(rows) if row["is_held"]]
    parts += [heading("Table 2. Contrasts"), table(head, body, marked)]
    within = [contrast for contrast in report.contrasts if contrast.between_arms is None]
    held_within = [place for place, contrast in enumerate(within) if contrast.is_held]
    parts += [heading("Does the conclusion ever change?"), table(*_sensitivity(report, plan, names), held_within)]
    if report.visits:
        parts += [heading("All visits together (outside the family)"), table(*_visits(report, names))]
    return parts


def _losses(report: PairedReport) -> list[Any]:  # Any: flowables
    names = names_of(report)
    body = [
        [
            f"{contrast_name(contrast, names)}, {matrix_text(contrast.matrix)}",
            str(contrast.n_pairs),
            "; ".join(f"{loss.n_subjects} × {loss.reason}" for loss in contrast.losses),
        ]
        for contrast in report.contrasts
        if contrast.losses
    ]
    if not body:
        return [paragraph("Every subject of the release gave a pair in every contrast.")]
    return [table(["Contrast", "Pairs", "Lost, and why"], body), paragraph("Contrasts not listed lost nobody.")]


def _numbers(row: dict[str, Any]) -> list[str]:
    words = row["words"]
    shift = f"{words.estimate} ({words.interval})"
    effect = " ".join(row["effect"])
    return [
        words.median_before,
        words.median_after,
        shift,
        effect,
        f"{row['p']}{row['mark']}",
        row["adjusted"],
        row["bh"],
    ]


def _first(found: TableOne, names: dict[str, str]) -> tuple[list[str], list[list[str]]]:
    head = ["", *(f"Visit {visit}" for visit in found.visits)]
    body = [[f"Subjects of {found.n_in_all}", *map(str, found.n_subjects)]]
    body += [[f"{name} ({unit})" if unit else name, *cells] for name, unit, cells in found.people]
    for row in found.rows:
        name = f"{names[row.endpoint.analyte]}, {matrix_text(row.endpoint.matrix)} ({row.unit})"
        cells = [cell.middle + (f" c{cell.n_limits}" if cell.n_limits else "") for cell in row.cells]
        body.append([name, *cells])
    return head, body


def _sensitivity(report: PairedReport, plan: Plan, names: dict[str, str]) -> tuple[list[str], list[list[str]]]:
    head = ["Contrast", f"At {plan.alpha:g}", "Changes under", "Pairs to turn it", "Detectable", "p, equivalence"]
    body = []
    for contrast in report.contrasts:
        if contrast.between_arms is not None:
            continue
        row = sensitivity_row(contrast, contrast_name(contrast, names))
        changing = "; ".join(row["changing"]) or f"none of {row['n_analyses']} analyses"
        name = f"{row['name']}, {row['matrix']}"
        body.append(
            [name, row["holds"], changing, row["tipping"], row["detectable"], row["tost"]]
            if row["is_tested"]
            else [name, "not tested"]
        )
    return head, body


def _visits(report: PairedReport, names: dict[str, str]) -> tuple[list[str], list[list[str]]]:
    head = ["Endpoint", "Complete", "Friedman", "Page, fall", "Page, rise", "Mixed model"]
    rows = [visits_row(report, one, names[one.analyte]) for one in report.visits]
    return head, [
        [
            f"{row['name']}, {row['matrix']}",
            str(row["n_complete"]),
            row["friedman"],
            row["fall"],
            row["rise"],
            row["model"],
        ]
        for row in rows
    ]


def _plots(report: PairedReport, release: Release, plan: Plan) -> list[Any]:  # Any: flowables
    names = names_of(report)
    titles = [f"{contrast_name(c, names)}, {matrix_text(c.matrix)}" for c in report.contrasts]
    forest = png(forest_figure(forest_rows(report.contrasts, names), plan.equivalence_ratio))
    lines = [png(figure) for figure in trajectory_figures(release, plan, report.contrasts)]
    drawn = zip(titles, difference_figures(report.contrasts), strict=True)
    changes = [(title, png(figure)) for title, figure in drawn if figure is not None]
    return [
        heading("Forest plot: ratio with 95 % interval"),
        picture(forest, 430),
        heading("Trajectories: subjects, and their median"),
        pictures([(title, one) for title, one in zip(titles, lines, strict=True)]),
        heading("Change against level"),
        pictures(changes),
    ]
