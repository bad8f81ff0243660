from __future__ import annotations

import pytest

from checks.trials.isr import isr
from schemas.errors import ReaderError

HEADER = "sample,initial,repeat\n"


def test_differences_are_in_percent_of_the_mean():
    found = isr(HEADER + "a,100,100\nb,90,110\nc,100,300", n_samples=30)

    assert [row["difference_percent"] for row in found["pairs"]] == pytest.approx([0, 20, 100])
    assert (found["n_within"], found["n_pairs"], found["n_needed"], found["verdict"]) == (2, 3, 3, "pass")


def test_a_missing_repeat_counts_against_the_run():
    found = isr(HEADER + "a,100,100\nb,90,\nc,100,100\nd,1,2", n_samples=10)

    assert (found["fraction"], found["verdict"]) == (0.5, "reject")


def test_chromatography_is_held_to_20_percent():
    text = HEADER + "a,88,112"  # 24 %

    assert isr(text, n_samples=5)["verdict"] == "pass"
    assert isr(text, n_samples=5, profile="m10-chrom")["verdict"] == "reject"


@pytest.mark.parametrize("n_samples, n_needed", [(480, 48), (1000, 100), (1200, 110), (11, 2)])
def test_ten_percent_of_the_first_thousand_and_five_of_the_rest_are_needed(n_samples, n_needed):
    assert isr(HEADER + "a,1,1", n_samples=n_samples)["n_needed"] == n_needed


def test_a_study_of_unknown_size_cannot_be_judged_for_it():
    assert isr(HEADER + "a,1,1")["verdict"] == "not_evaluable"


@pytest.mark.parametrize(
    "text, words",
    [
        ("sample,initial\na,1", "Column 'repeat' is missing"),
        (HEADER + "a,x,1", "'x' in column 'initial'"),
        (HEADER + "a,-1,1", "is not a number of 0 or above"),
        (HEADER, "no row below its header"),
        (HEADER + "a,1,1,5", "The row has 4 cells, the header 3"),
        (HEADER + "a,1,", "two numbers"),
    ],
)
def test_a_table_that_cannot_be_judged_is_refused_in_a_sentence(text, words):
    with pytest.raises(ReaderError) as refused:
        isr(text)

    assert words in str(refused.value)
