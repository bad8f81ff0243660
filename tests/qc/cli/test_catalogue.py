from __future__ import annotations

import json

import pytest

from qc.cli.main import _outcome
from schemas.catalogue import limits_table, load_catalogue

FAULTY = """
id = "iron"
synonims = ["Fe2"]

[[matrices.serum.ranges]]
name = "soft"
low = 300
high = 20
unit = "ug/dL"
status = "proposed"

[[matrices.serum.limits]]
name = "haemolysis"
value = 100
source = "Us"
status = "proposed"
"""
SENSELESS = """
id = "iron"

[[matrices.serum.ranges]]
name = "soft"
method = "colormetric"
low = 20
high = 2000
unit = "ug/dL"
source = "Us"
status = "proposed"

[[matrices.csf.ranges]]
name = "soft"
method = "colorimetric"
low = 1
high = 5
unit = "ug/dL"
source = "Us"
status = "proposed"
"""


@pytest.fixture
def called(capsys):
    def call(*arguments):
        code = _outcome([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.mark.parametrize("analyte", sorted(load_catalogue().analytes))
def test_every_shipped_limit_is_shown_with_its_source(called, analyte):
    code, text, _ = called("catalogue", "show", analyte)
    rows = [row for row in limits_table(load_catalogue()) if row["analyte"] == analyte]

    assert code == 0
    for row in rows:
        said = [line for line in text.splitlines() if f"{row['name']} " in line and f"{row['value']:g}" in line]
        assert any(row["source"] in line and row["status"] in line and row["unit"] in line for line in said)


def test_an_analyte_is_shown_by_any_of_its_names_as_json(called):
    code, text, _ = called("catalogue", "show", "TNF-α", "--json")

    told = json.loads(text)
    assert (code, told["id"]) == (0, "tnf_alpha")
    assert {method["id"] for method in told["methods"]} >= {"elisa", "hs_elisa", "ecl", "bead_array"}
    assert {"code": "ng/mL", "factor": "1000", "to": "pg/mL"} in told["matrices"]["serum"]["units"]


def test_a_molar_factor_is_shown_exactly(called):
    told = json.loads(called("catalogue", "show", "transferrin", "--json")[1])

    assert {"code": "umol/L", "factor": "7.957", "to": "mg/dL"} in told["matrices"]["serum"]["units"]


def test_an_unknown_analyte_is_wrong_usage_with_the_nearest_name(called):
    code, _, talk = called("catalogue", "show", "ferittin")

    assert (code, "Did you mean 'ferritin'?" in talk) == (2, True)


def test_a_faulty_file_is_told_with_all_its_faults(called, tmp_path):
    file = tmp_path / "iron.toml"
    file.write_text(FAULTY, encoding="utf-8")

    code, text, _ = called("catalogue", "check", file, "--json")

    told = json.loads(text)
    said = " ".join(fault["text"] for fault in told["faults"])
    assert (code, told["n_faults"]) == (2, len(told["faults"]))
    for words in (
        "'synonims' is not known. Did you mean 'synonyms'?",
        "low end '300.0' is not below its high end '20.0'",
        "Key 'source' is missing",
        "Key 'unit' is missing",
    ):
        assert words in said


def test_limits_that_cannot_be_reached_are_told(called, tmp_path):
    file = tmp_path / "iron.toml"
    file.write_text(SENSELESS, encoding="utf-8")

    code, text, _ = called("catalogue", "check", file)

    assert code == 2
    assert "names method 'colormetric', which the analyte does not state. Did you mean 'colorimetric'?" in text
    assert "'soft_low' of method 'colorimetric' cannot be reached: that method is refused" in text
    assert "'soft_high' lies beyond 'hard_high' and cannot be reached" in text


def test_the_shipped_catalogue_has_no_fault(called, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QC_LAB", raising=False)

    assert called("catalogue", "check")[0] == 0


def test_a_lab_that_is_named_and_not_there_is_wrong_usage(called, tmp_path):
    assert called("catalogue", "--lab", tmp_path / "none")[0] == 2
