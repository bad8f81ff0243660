from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import pytest
from annotated_types import Gt, MinLen

from schemas.errors import ConfigError
from schemas.toml_file import MAX_CHARACTERS, read_toml
from schemas.toml_table import Checked, Says, Text, TomlTable, Wording


def _above_low(high, before):
    if before.get("low") is not None and before["low"] >= high:
        raise ValueError(f"'{high}' is not above '{before['low']}'.")
    return high


@dataclass(frozen=True, slots=True, kw_only=True)
class Band(TomlTable):
    name: Text
    low: float
    high: Annotated[float, Checked(_above_low)]
    kind: Literal["soft", "hard"] = "soft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(TomlTable):
    title: Annotated[Text, Says("A paper needs a title.")]
    pages: Annotated[int, Gt(0)] = 1
    bands: tuple[Band, ...] = ()
    tables: Mapping[str, Band] = field(default_factory=dict)
    words: Annotated[tuple[str, ...], MinLen(1)] = ("a",)
    visit: str | int = ""


BAND = 'name = "b"\nlow = 1\nhigh = 2\n'


def faults_of(text, **options):
    with pytest.raises(ConfigError) as caught:
        read_toml(text, Paper, "The paper", **options)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "A paper needs a title."),
        ('title = " "', "A paper needs a title."),
        ("titel = 'x'\ntitle = 'x'", "Key 'titel' is not known. Did you mean 'title'? Known keys: title, pages,"),
        ("title = 'x'\npages = 1.5", "Key 'pages' is '1.5'; a whole number was expected."),
        ("title = 'x'\npages = true", "Key 'pages' is 'True'; a whole number was expected."),
        ("title = 'x'\npages = 0", "Key 'pages': '0' is out of range; expected a number above 0."),
        ("title = 'x'\nwords = []", "Key 'words' is missing or empty; a list of texts was expected."),
        ("title = 'x'\nwords = [3]", "Key 'words' is '3'; a text was expected."),
        ("title = 'x'\nwords = 'b'", "Key 'words' is 'b'; a list of texts was expected."),
        ("title = 'x'\nvisit = 1.5", "Key 'visit' is '1.5'; a text or a whole number was expected."),
        ("title = 'x'\nvisit = 2024-01-02", "Key 'visit' is '2024-01-02'; a text or a whole number was expected."),
        ("title = 'x'\nbands = { a = 1 }", "Key 'bands' is '{'a': 1}'; an array of tables was expected."),
        (
            "title = 'x'\nbands = [3]",
            "band 1: Key 'bands' is '3'; a table that needs 'name', 'low', 'high' was expected.",
        ),
        (
            f"title = 'x'\n[[bands]]\n{BAND}kind = 'sft'",
            "band 'b': Kind 'sft' is not known; expected one of soft, hard. Did you mean 'soft'?",
        ),
        (
            f"title = 'x'\n[tables.one]\n{BAND}high = 1".replace("high = 2\n", ""),
            "table 'one': '1.0' is not above '1.0'.",
        ),
        (
            f"title = 'x'\n[tables.one]\n{BAND}".replace("low = 1", "low = inf"),
            "table 'one': Key 'low' is 'inf'; a finite",
        ),
        (
            f"title = 'x'\n[tables.one]\n{BAND}".replace("low = 1\n", ""),
            "table 'one': Key 'low' is missing; a finite number",
        ),
    ],
)
def test_a_fault_is_told_with_its_place_the_value_and_what_was_expected(text, fault):
    assert [told for told in faults_of(text) if told.startswith(fault)]


def test_all_faults_are_told_at_once_and_each_once():
    text = "pages = 0\nvisit = true\nodd = 1\n[[bands]]\nname = 3\nlow = 2\nhigh = 1\n"

    assert len(faults_of(text)) == 6


def test_a_kind_of_file_words_its_faults_its_own_way():
    wording = Wording(unknown="'{key}' is no key of a paper.{near}", near=" Is '{near}' meant?", top="key '{key}'")

    assert faults_of("titel = 'x'\ntitle = 'x'", wording=wording) == [
        "key 'titel': 'titel' is no key of a paper. Is 'title' meant?"
    ]


@pytest.mark.parametrize(
    "text",
    ["title = ", "title = " + "[" * 5000, "pages = " + "9" * 5000, "#" * (MAX_CHARACTERS + 1)],
    ids=["open", "nested", "digits", "long"],
)
def test_what_is_no_toml_or_beyond_the_limits_is_refused_in_a_sentence(text):
    with pytest.raises(ConfigError, match="The paper"):
        read_toml(text, Paper, "The paper")


def test_tables_that_are_nested_deeper_than_can_be_read_are_refused_in_a_sentence():
    with pytest.raises(ConfigError):
        read_toml("title = 'x'\nwords = " + "[" * 300 + "]" * 300, Paper, "The paper")


def test_a_mark_of_the_byte_order_does_not_count():
    assert read_toml("\ufefftitle = 'x'", Paper, "The paper").title == "x"
