from __future__ import annotations

import pytest

from qc.readers.read_view import read

HEAD = "sample,analyte,value,unit,matrix\n"


def rows_of(tmp_path, text):
    path = tmp_path / "codes.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return read(path)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("2-Mar", "looks like a date"),
        ("Mar-02", "looks like a date"),
        ("02. Mrz", "looks like a date"),
        ("12.0", "ends in '.0'"),
        ("A\u00a0417", "non-breaking blank"),
        ("A\uff14\uff11\uff17", "full-width"),
        ("A\u200b417", "invisible"),
        ("\u0410417", "two alphabets"),
    ],
)
def test_a_code_that_a_spreadsheet_has_turned_holds_its_result_and_is_named_by_its_line(tmp_path, code, words):
    answer = rows_of(tmp_path, f"B283,ferritin,12,ng/mL,serum\n{code},ferritin,13,ng/mL,serum\n")

    assert [bool(row.get("flag")) for row in answer["rows"]] == [False, True]
    assert words in answer["rows"][1]["flag"]
    assert [finding["where"] for finding in answer["findings"]] == ["line 3"]


@pytest.mark.parametrize("code", ["MAR-02", "1e5", "M\u00fcller-3", "TNF\u03b1", "0012", "2-3"])
def test_a_plain_code_is_left_alone(tmp_path, code):
    assert not rows_of(tmp_path, f"{code},ferritin,13,ng/mL,serum\n")["findings"]


def test_lines_of_a_mean_are_no_samples_wherever_they_stand(tmp_path):
    answer = rows_of(
        tmp_path,
        "A417,ferritin,12,ng/mL,serum\nB283,ferritin,13,ng/mL,serum\nMean,ferritin,12.5,ng/mL,serum\n"
        "SD,ferritin,0.7,ng/mL,serum\nC509,ferritin,13,ng/mL,serum\n%CV,ferritin,5,%,serum\n",
    )

    assert [row["sample"] for row in answer["rows"]] == ["A417", "B283", "C509"]
    assert "lines 4 to 5" in str(answer["account"])
    assert "line 7" in str(answer["account"])


def test_somebody_whose_initials_are_those_of_a_statistic_stays_a_sample(tmp_path):
    answer = rows_of(tmp_path, "SD,ferritin,12,ng/mL,serum\nCV,ferritin,13,ng/mL,serum\n")

    assert [row["sample"] for row in answer["rows"]] == ["SD", "CV"]
