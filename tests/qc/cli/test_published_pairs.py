"""Small published sets, read as the files that they are, against the figures in print (PROVENANCE.md beside them)."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from qc.cli.main import command


def tried(*arguments: str) -> dict[str, Any]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert command.main(["try", *arguments, "--json"], prog_name="qc", standalone_mode=False) == 0
    return json.loads(said.getvalue())


@pytest.mark.parametrize(
    ("measure", "mean", "sd", "t", "p"),
    [("S", -18.933, 9.027, -8.1228, 1.146e-06), ("D", -9.267, 8.614, -4.1662, 9.511e-04)],
)
def test_captopril_lowers_pressure_as_macgregor_printed(
    shared: Path, measure: str, mean: float, sd: float, t: float, p: float
) -> None:
    file = shared / "data" / "paired_small_published" / "Captopril.csv"

    told = tried("paired", str(file), "--where", f"BP={measure}", "--decimals", "0")

    assert told["n_pairs"] == 15
    assert (told["mean_diff"], told["sd_diff"]) == pytest.approx((mean, sd), abs=6e-4)
    assert (told["t"]["t"], told["t"]["p_two"]) == pytest.approx((t, p), rel=5e-4)


def test_beta_endorphin_rises_before_surgery_as_hoaglin_printed(shared: Path) -> None:
    file = shared / "data" / "paired_small_published" / "Stress.csv"

    told = tried("paired", str(file), "--before", "BeforeHours", "--after", "BeforeMins", "--decimals", "1")

    assert (told["n_pairs"], told["wilcoxon"]["w_plus"]) == (19, 131.0)
    assert (told["mean_diff"], told["t"]["t"], told["t"]["p_two"]) == pytest.approx((7.7, 2.4827, 0.02313), rel=5e-4)
    assert told["wilcoxon"]["p_two_asymptotic_cc"] == pytest.approx(
        0.01057, rel=5e-4
    )  # R leaves the exact test at ties
    assert told["wilcoxon"]["p_two"] == 998 / 2**17  # counted; smaller than the approximation says


def test_student_s_sleep_is_paired_from_one_value_a_line(shared: Path) -> None:
    file = shared / "data" / "paired_small_published" / "sleep.csv"

    told = tried("paired", str(file), "--subject", "ID", "--time", "group", "--value", "extra", "--visits", "2,1")

    assert (told["n_pairs"], told["t"]["df"]) == (10, 9)
    assert (told["t"]["t"], told["t"]["p_two"]) == pytest.approx((-4.0621, 0.002833), rel=5e-4)


def test_a_decimal_comma_is_never_a_thousand_or_two_cells(shared: Path) -> None:
    file = shared / "data" / "il6_decimal_comma" / "Endotoxin_cytokine_data_140530.csv"
    columns = ("--time", "Hour", "--value", "IL6_pgml-1", "--where", "Day=1")

    told = tried("repeated", str(file), *columns)
    pairs = tried("paired", str(file), *columns, "--visits", "10,15")

    assert (told["times"], told["n_subjects"], told["n_complete"]) == ([10, 11.5, 13.5, 15], 21, 20)
    assert pairs["n_pairs"] == 21
    assert max(abs(pairs["t"]["ci_low"]), abs(pairs["t"]["ci_high"])) < 50  # 1,38 read as 138 would not be


def test_one_subject_with_ten_times_the_level_carries_the_mean_and_not_the_ranks(shared: Path) -> None:
    file = shared / "data" / "il6_decimal_comma" / "Endotoxin_cytokine_data_140530.csv"
    columns = ("--time", "Hour", "--value", "IL6_pgml-1", "--where", "Day=1", "--visits", "10,15")

    told = tried("paired", str(file), *columns)

    spread = told["leave_one_out"]
    assert told["effect"]["sd_pre"] > 10  # subject 9 has 50 pg/mL where the others have about 1
    assert spread["t_p_min"] < 0.05 < told["t"]["p_two"]
    assert spread["wilcoxon_p_max"] < 0.05


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--before", "x"), "'x'"),
        (("--where", "BP"), "COLUMN=VALUE"),
        (("--time", "BP", "--value", "Before", "--subject", "After"), "two visits"),
        (("--time", "BP", "--value", "Before", "--subject", "After", "--visits", "pre,post"), "not pre, post."),
        (
            (
                "--where",
                "BP=900",
            ),
            "No line has bp=900: column bp holds S (15), D (15).",
        ),
    ],
)
def test_a_layout_that_cannot_be_followed_is_a_sentence(
    shared: Path, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shared / "data" / "paired_small_published" / "Captopril.csv"

    code = command.main(["try", "paired", str(file), *options, "--json"], prog_name="qc", standalone_mode=False)

    assert code == 2
    assert said in json.loads(capsys.readouterr().out)["error"]
