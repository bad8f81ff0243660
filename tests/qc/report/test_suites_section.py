from __future__ import annotations

from dataclasses import replace

import qc
from qc.report.suite_rows import suite_rows
from qc.report.suite_section import SuiteRow, suites_section

ROW = SuiteRow(
    suite="serum_run",
    matrix="serum",
    expectation="share_flagged",
    limit="at most 0.167",
    basis="confirmed; Olink",
    verdict="reject",
    n_runs=12,
    n_failed=1,
    said=(("R-<7>", "A share of 0.50 is flagged."),),
)


def test_the_section_names_suite_limit_source_and_the_run_that_failed():
    page = suites_section([ROW, replace(ROW, expectation="median_cv", n_failed=0, said=())])

    for words in ("serum_run", "share_flagged", "at most 0.167", "confirmed; Olink", "A share of 0.50 is flagged."):
        assert words in page
    assert "R-&lt;7&gt;" in page
    assert "http" not in page


def test_without_suites_there_is_no_section():
    assert suites_section([]) == ""


def test_the_runs_of_a_study_are_told_by_expectation(demo_folder):
    rows = suite_rows(qc.open_lab(demo_folder), "ALS-1")

    assert {row.suite for row in rows} == {"serum_run", "csf_run"}
    assert all(row.n_runs >= row.n_failed >= 0 and row.n_runs for row in rows)
    assert all(row.limit and row.basis for row in rows)


def test_the_report_of_a_release_holds_the_suites(looked_at_demo, tmp_path):
    from qc.release.gated_tests import write_page

    page = write_page(qc.open_lab(looked_at_demo), None, tmp_path / "page.html").read_text(encoding="utf-8")

    assert "Runs as a whole" in page
    assert "serum_run" in page


def test_the_printed_report_holds_the_suites_and_whether_visits_lose_alike():
    from checks.contrasts.frozen_release import Release
    from qc.report.pdf_sections import imbalance_parts, suite_parts

    told = {
        "test": "exact McNemar, two-sided",
        "visits": ["0", "3"],
        "contrasts": [{"analyte": "ck", "matrix": "csf", "n_baseline_only": 4, "n_followup_only": 1, "p_value": 0.375}],
        "overall": {"n_baseline_only": 4, "n_followup_only": 1, "p_value": None},
    }
    release = Release("S-R1", "S", "a" * 64, {"imbalance": told}, None)

    said = _words([*suite_parts([ROW]), *imbalance_parts(release, {"ck": "Creatine kinase"})])

    for words in ("serum_run", "share_flagged", "at most 0.167", "R-<7>: A share of 0.50 is flagged."):
        assert words in said
    for words in ("Creatine kinase, CSF", "0.375", "any of them", "–", "Visit 3 alone"):
        assert words in said
    assert suite_parts([]) == []
    assert imbalance_parts(Release("S-R1", "S", "a" * 64, {}, None), {}) == []


def _words(parts):
    """Return the texts of printed parts."""
    told = []
    for part in parts:
        cells = [cell for row in getattr(part, "_cellvalues", ()) for cell in row]
        told += [cell if isinstance(cell, str) else cell.getPlainText() for cell in cells or [part]]
    return "\n".join(told)
