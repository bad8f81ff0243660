from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from schemas.headers.column_names import bare
from schemas.tables.column import column, sheet_columns
from schemas.tables.judged_results import JudgedResults
from schemas.tables.samples import Samples, seen_by_rules
from schemas.tables.sheets import SHEETS
from schemas.tables.sheets_page import page

PAGE = Path(__file__).parents[2] / "docs" / "sheets.md"


def test_the_page_of_the_sheets_says_what_the_models_declare():
    is_renewed = PAGE.read_text(encoding="utf-8") == page()

    assert is_renewed, "docs/sheets.md is older than the models: python -m schemas.tables.sheets_page > docs/sheets.md"


def test_a_word_of_a_header_means_one_column_whatever_the_sheet():
    titles_by_word = {}
    for kind, sheet in SHEETS.items():
        for one in sheet.columns:
            for word in (one.title, *one.synonyms):
                titles_by_word.setdefault(bare(word), {})[one.title] = kind

    doubtful = {word: titles for word, titles in titles_by_word.items() if len(titles) > 1}

    assert not doubtful, f"These header words stand with several columns; leave each with one: {doubtful}"


def test_a_column_that_is_declared_in_the_sample_sheet_is_read_with_type_words_and_bounds():
    class WithForce(Samples):
        force_g: pl.Float64 = column(
            "Force of the centrifuge.", synonyms=("rcf",), unit="[g]", nullable=True, gt=0, le=30_000
        )

    declared = {one.name: one for one in sheet_columns(WithForce)}["force_g"]

    assert (declared.title, declared.synonyms, declared.kind) == ("force_g", ("rcf",), "number")
    assert (declared.unit, declared.description) == ("[g]", "Force of the centrifuge.")
    assert (declared.least, declared.is_least_allowed, declared.most) == (0, False, 30_000)
    assert declared.is_seen_by_rules


@pytest.mark.parametrize("name", seen_by_rules())
def test_rules_see_what_the_sample_sheet_says_or_that_it_is_unknown(name):
    seen = JudgedResults.to_schema().columns[name]

    assert seen.dtype.type == seen_by_rules()[name]
    assert seen.nullable or seen.dtype.type == pl.String
