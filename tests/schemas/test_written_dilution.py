from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.written_dilution import dilution_as_written, dilution_hint

FORMS = ("{n}", "{n}x", "{n} x", "x{n}", "x {n}", "{n}-fold", "{n} fold", "{n}fach", "{n} times", "1/{n}", "1 / {n}",
         "1 in {n}", " {n} ", "{n}×", "{n}X")  # fmt: skip


@given(n=st.integers(1, 100_000), form=st.sampled_from(FORMS))
def test_a_factor_is_the_same_in_every_form(n: int, form: str) -> None:
    assert dilution_as_written(form.format(n=n), ".") == n


@given(n=st.integers(1, 100_000))
def test_parts_that_are_added_count_the_sample_too_and_a_ratio_is_never_taken_by_itself(n: int) -> None:
    assert dilution_as_written(f"1+{n}", ".") == n + 1
    assert dilution_as_written(f"1:{n}", ".") is None
    assert f"write {n} for" in dilution_hint(f"1:{n}")
    assert f"{n + 1} for" in dilution_hint(f"1:{n}")


@pytest.mark.parametrize("text", ["Neat", "undiluted", "unverdünnt", "none", "1"])
def test_a_word_for_none_is_one(text: str) -> None:
    assert dilution_as_written(text, ".") == 1


@pytest.mark.parametrize("text", ["", "0", "-2", "1/0", "x", "ten", "1,5x1", "2/10", "10 ng", "1e999", "1 in", "1+"])
def test_anything_else_is_no_dilution(text: str) -> None:
    assert dilution_as_written(text, ".") is None


def test_the_mark_of_the_file_counts() -> None:
    assert (dilution_as_written("2,5x", ","), dilution_as_written("1+1,5", ","), dilution_as_written("2,5x", ".")) == (
        2.5,
        2.5,
        None,
    )
