from __future__ import annotations

from dataclasses import replace

import qc
from qc.report.suites import SuiteRow, suites_section
from qc.suites import suite_rows

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


def test_the_report_of_a_release_holds_the_suites(released_demo, tmp_path):
    from qc.gated import write_page

    page = write_page(qc.open_lab(released_demo), None, tmp_path / "page.html").read_text(encoding="utf-8")

    assert "Runs as a whole" in page
    assert "serum_run" in page
