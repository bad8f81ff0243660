"""The parts of a printed report beside its tests: whether visits lose alike, and what the suites said of the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from checks.contrast_words.exceptions import sensitivity_sentences
from checks.contrast_words.numbers import matrix_text
from qc.report.exception_groups import exception_groups
from qc.report.pdf_parts import heading, listed, paragraph, table

if TYPE_CHECKING:
    from checks.contrasts.frozen_release import Release
    from checks.contrasts.planned_tests import PairedReport
    from qc.report.suite_section import SuiteRow


def imbalance_parts(release: Release, names: Mapping[str, str]) -> list[Any]:  # Any: flowables
    """Say whether both visits lose subjects alike.

    Returns
    -------
    list of flowables
        Empty if the release does not say it.
    """
    imbalance = release.manifest.get("imbalance")
    if not isinstance(imbalance, dict):
        return []
    rows = [
        (f"{names.get(one['analyte'], one['analyte'])}, {matrix_text(one['matrix'])}", one)
        for one in imbalance["contrasts"]
    ]
    body = [
        [name, str(one["n_baseline_only"]), str(one["n_followup_only"]), _p_text(one["p_value"])]
        for name, one in (*rows, ("any of them", imbalance["overall"]))
    ]
    head = ["Contrast", *(f"Visit {visit} alone" for visit in imbalance["visits"]), "p"]
    words = f"Subjects with a result set aside at one visit alone; {imbalance['test']}."
    return [heading("Do both visits lose alike?"), paragraph(words), table(head, body)]


def exception_parts(release: Release, report: PairedReport) -> list[Any]:  # Any: flowables
    """Say what did not simply pass: by whose hand, in spite of what, and what was set aside.

    Returns
    -------
    list of flowables
        Empty if everything passed, or the release does not say it.
    """
    groups = exception_groups(release)
    parts: list[Any] = [heading("What did not simply pass")] if groups else []
    for place, group in enumerate(groups):
        parts += [paragraph(f"{group.title}: {group.n}", is_strong=True), listed(group.sentences)]
        if not place and (without := sensitivity_sentences(report)):
            parts.append(listed(without))
    return parts


def _p_text(p_value: float | None) -> str:
    return "–" if p_value is None else f"{p_value:.3g}"


def suite_parts(rows: Sequence[SuiteRow]) -> list[Any]:  # Any: flowables
    """Say what the batch suites said of the runs.

    Parameters
    ----------
    rows : sequence of SuiteRow
        Expectations in the order of their suites.

    Returns
    -------
    list of flowables
        Empty if there is none.
    """
    if not rows:
        return []
    parts: list[Any] = [heading("Runs as a whole")]
    head = ["Expectation", "Held to", "Runs", "Failed", "Verdict, and where the limit comes from"]
    for suite in dict.fromkeys(row.suite for row in rows):
        own = [row for row in rows if row.suite == suite]
        body = [
            [row.expectation, row.limit, str(row.n_runs), str(row.n_failed), f"{row.verdict} ({row.basis})"]
            for row in own
        ]
        parts += [paragraph(suite, is_strong=True), table(head, body)]
        parts += [
            paragraph(f"{row.expectation}. {run}: {said}", is_small=True) for row in own for run, said in row.said
        ]
    parts.append(paragraph("Suites judge the summary of each run, one row an analyte, as last assessed."))
    return parts
