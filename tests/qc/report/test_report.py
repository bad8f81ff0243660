from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checks.contrast_words.methods import methods_sentences, references
from checks.contrast_words.numbers import number_text, p_text
from checks.contrast_words.text_table import contrast_table
from checks.contrasts.contrast_frame import contrast_frame, sensitivity_frame
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import Plan, parse_plan
from checks.contrasts.plan_template import default_plan_text
from checks.contrasts.planned_tests import PairedReport, paired_tests
from qc.report.forest import ratio_of
from qc.report.html import write_report
from qc.report.pdf import write_pdf
from qc.report.trajectories import trajectories, visit_order


def release() -> Release:
    results: list[dict[str, Any]] = [
        {
            "subject": f"secret-{number}",
            "visit": visit,
            "analyte": analyte,
            "matrix": "csf",
            "method": "M",
            "platform": "P",
            "plate": "A",
            "value": None if number == 7 else 10.0 + 3 * number - step * (number + 1),
            "unit": "<b>pg/mL</b>",
            "censor": "<" if number == 7 else "",
            "censor_limit": 2.0 if number == 7 else None,
            "decimals": 1,
            "overridden": number == 2,
        }
        for analyte in ("tnf_alpha", "prion")
        for visit, step in (("0", 0.0), ("1", 0.5), ("3", 1.0))
        for number in range(9)
        if (analyte, number) != ("prion", 3) or visit != "3"
    ]
    return Release("S-R1", "S", "a" * 64, {"label": "SYNTHETIC"}, pl.DataFrame(results, infer_schema_length=None))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[PairedReport, Release, Plan, str]:
    plan = parse_plan(default_plan_text("S", [("tnf_alpha", "csf"), ("prion", "csf"), ("ck", "csf")]))
    frozen = release()
    report = paired_tests(frozen, plan)
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(report, frozen, plan, path)
    return report, frozen, plan, path.read_text(encoding="utf-8")


class Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag in ("script", "link", "iframe", "img"):
            self.fetched.append(tag)


def test_the_page_fetches_nothing(made: tuple[PairedReport, Release, Plan, str]) -> None:
    page = made[3]
    addresses = Addresses()

    addresses.feed(page)

    assert [address for address in addresses.fetched if not address.startswith("#")] == []
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_ids_in_the_page_are_unique(made: tuple[PairedReport, Release, Plan, str]) -> None:
    addresses = Addresses()

    addresses.feed(made[3])

    assert len(addresses.ids) == len(set(addresses.ids))


def test_the_page_says_that_it_is_synthetic_and_names_no_subject(made: tuple[PairedReport, Release, Plan, str]) -> None:
    page = made[3]

    assert "<title>SYNTHETIC" in page
    assert "secret-" not in page


def test_words_from_the_release_are_escaped(made: tuple[PairedReport, Release, Plan, str]) -> None:
    assert "<b>pg/mL</b>" not in made[3]
    assert "&lt;b&gt;pg/mL" in made[3]


def test_the_page_says_what_one_arm_cannot_show_and_what_was_lost(
    made: tuple[PairedReport, Release, Plan, str],
) -> None:
    page = made[3]

    assert "cannot show what caused a change" in page
    assert "1 × no result at visit 3" in page
    assert "not tested: There are 0 complete pairs" in page
    assert "about 2 %" in page  # 1 - 0.99^2, two contrasts tested


def test_equal_input_gives_the_same_page(made: tuple[PairedReport, Release, Plan, str], tmp_path: Path) -> None:
    report, frozen, plan, page = made

    write_report(report, frozen, plan, tmp_path / "again.html")

    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_a_subject_keeps_its_censored_point(made: tuple[PairedReport, Release, Plan, str]) -> None:
    _, frozen, plan, _ = made

    shown = trajectories(frozen, plan.endpoints[0])

    limits = [point for points in shown.subjects for point in points if point.censor]
    assert shown.visits == ("0", "1", "3")
    assert [(point.place, point.value) for point in limits] == [(0, 2.0), (1, 2.0), (2, 2.0)]


def test_visits_sort_as_numbers_before_texts() -> None:
    assert sorted(["10", "2", "screening", "-1"], key=visit_order) == ["-1", "2", "10", "screening"]


def test_the_table_of_the_terminal_fits_eighty_columns(made: tuple[PairedReport, Release, Plan, str]) -> None:
    table = contrast_table(made[0])

    assert max(map(len, table.splitlines())) <= 80
    assert "TNF-alpha CSF" in table
    assert "was not tested" in table


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (None, "–"),
        (0.0006103515625, "0.00061"),
        (0.049999, "0.050"),
        (0.0996, "0.10"),
        (1.0, "1.00"),
        (1e-9, "<0.00001"),
    ],
)
def test_a_p_has_the_digits_that_matter(p: float | None, text: str) -> None:
    assert p_text(p) == text


def test_a_rounded_zero_has_no_sign() -> None:
    assert number_text(-0.001, 2) == "0.00"
    assert number_text(-2.282, 2) == "\u22122.28"


def test_the_page_has_every_table_and_plot_of_the_report(made: tuple[PairedReport, Release, Plan, str]) -> None:
    page = made[3]

    for title in ("Table 1.", "Table 2.", "Forest plot", "Does the conclusion ever change?", "Trajectories", "Methods"):
        assert title in page
    assert page.count("<svg") == 1 + 3 + 2  # forest, three trajectories, two contrasts with differences
    assert made[0].plan_sha256 in page
    assert made[0].release_sha256 in page


def test_the_methods_cite_what_was_done_and_nothing_else(made: tuple[PairedReport, Release, Plan, str]) -> None:
    report, _, plan, _ = made

    sentences, sources = " ".join(methods_sentences(report, plan)), references(report, plan)

    assert "{" not in sentences
    assert [f"[{number}]" in sentences for number in range(1, len(sources) + 1)] == [True] * len(sources)
    assert any("Holm S." in source for source in sources)
    assert not any("Friedman M." in source for source in sources)  # this plan has two visits


def test_the_printed_report_is_a_document_of_the_same_words(
    made: tuple[PairedReport, Release, Plan, str], tmp_path: Path
) -> None:
    report, frozen, plan, _ = made

    write_pdf(report, frozen, plan, tmp_path / "report.pdf")
    write_pdf(report, frozen, plan, tmp_path / "again.pdf")

    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") >= 2
    assert b"secret-" not in content
    assert (tmp_path / "again.pdf").read_bytes() == content


def test_the_table_as_a_file_has_one_row_a_contrast_and_names_no_subject(
    made: tuple[PairedReport, Release, Plan, str],
) -> None:
    report = made[0]

    frame, analyses = contrast_frame(report), sensitivity_frame(report)

    assert frame.height == len(report.contrasts)
    assert frame["p_value"].to_list() == [contrast.p_value for contrast in report.contrasts]
    assert analyses.height == sum(len(c.sensitivity.variants) for c in report.contrasts if c.sensitivity)
    assert "secret-" not in frame.write_csv() + analyses.write_csv()


def test_the_forest_has_a_ratio_for_censored_values_too(made: tuple[PairedReport, Release, Plan, str]) -> None:
    tested, _, untested = made[0].contrasts

    ratio, is_model = ratio_of(tested)

    assert is_model  # one subject is below the limit
    assert ratio is not None
    assert ratio[1] < ratio[0] < ratio[2]
    assert ratio_of(untested) == (None, False)


def test_table_1_tells_sex_and_age_where_the_release_does(
    made: tuple[PairedReport, Release, Plan, str], tmp_path: Path
) -> None:
    report, frozen, plan, without = made
    ages = {"n": 8, "median": 58.0, "q1": 50.0, "q3": 66.0}
    told = [
        {"visit": "0", "n_subjects": 9, "sex": {"female": 3, "male": 6}, "age_years": ages},
        {"visit": "1", "n_subjects": 9, "sex": {"female": 3, "male": 6}, "age_years": None},
    ]
    people = Release("S-R1", "S", "a" * 64, {**frozen.manifest, "subjects": told}, frozen.results)

    write_report(report, people, plan, tmp_path / "report.html")

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    rows = re.findall(r'<tr><th scope="row">(Female|Male|Age).*?</tr>', page)
    assert rows == ["Female", "Male", "Age"]
    cells = re.search(r'<th scope="row">Age.*?</tr>', page, re.DOTALL)
    assert cells is not None
    assert re.findall(r"<td[^>]*>(.*?)</td>", cells[0]) == ["58 (50–66) n 8", "–", "–"]
    assert "33 %" in page
    assert '<th scope="row">Female' not in without


def test_what_is_folded_on_the_screen_is_open_on_paper(made: tuple[PairedReport, Release, Plan, str]) -> None:
    *_, page = made

    assert '<details class="analyses">' in page
    on_paper = page.split("@media print", 1)[1].split("</style>", 1)[0]
    assert re.search(r"details\.analyses::details-content \{[^}]*content-visibility: visible", on_paper)
