from __future__ import annotations

import json

import polars as pl
import pytest

import qc
from qc.store.frames import query

ONE_FILE = """
id = "p_tau181"
name = "p-tau181"
synonyms = ["pTau181", "phospho-tau 181"]
molar_mass = { value = 45850, unit = "g/mol", source = "Tau 441, sequence", status = "confirmed" }

[methods.elisa]
name = "Our ELISA"
platform = "microplate reader"
matrices = ["csf"]
source = "Our kit"
status = "confirmed"

[matrices.csf]
unit = "pg/mL"
units = ["pg/mL", "ng/L", "ng/mL", "fmol/mL"]
decimals = { value = 1, unit = "1", source = "Our kit", status = "confirmed" }

[[matrices.csf.ranges]]
name = "soft"
low = 8
high = 100
unit = "pg/mL"
source = "Our 200 controls"
status = "confirmed"

[[matrices.csf.ranges]]
name = "soft"
method = "elisa"
age_from = 60
low = 10
high = 60
unit = "pg/mL"
source = "Our 80 older controls"
status = "confirmed"

[[matrices.csf.ranges]]
name = "hard"
low = 1
high = 500
unit = "ng/L"
source = "Our kit"
status = "confirmed"

[[matrices.csf.limits]]
name = "rbc"
value = 500
unit = "/uL"
source = "Our SOP"
status = "confirmed"
"""
RUN = """run,sample,analyte,matrix,value,unit,method,material,level,lot,role
T1,A1,pTau181,csf,0.0234,ng/mL,ELISA,,,,sample
T1,A2,phospho-tau 181,csf,75,pg/mL,elisa,,,,sample
T1,A3,p-tau181,CSF,30000,pg/mL,elisa,,,,sample
T1,A4,PTAU181,csf,25.1,ng/L,elisa,,,,sample
"""
SAMPLES = """study,sample,subject,visit,matrix,rbc_per_ul,collected_at
S,A1,P1,0,csf,3,2024-05-01
S,A2,P1,1,csf,3,2024-06-01
S,A3,P2,0,csf,3,2024-05-01
S,A4,P2,1,csf,900,2024-06-01
"""
SUBJECTS = "study,subject,sex,birth_year\nS,P1,female,1950\nS,P2,male,1980\n"


@pytest.fixture
def lab(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="ninth", settings={"lab.default_study": "S"})
    (lab.paths.catalogue / "p_tau181.toml").write_text(ONE_FILE, encoding="utf-8")
    for name, text in {"samples": SAMPLES, "subjects": SUBJECTS, "T1": RUN}.items():
        (lab.paths.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    return lab


def test_a_ninth_analyte_goes_the_whole_way_with_one_file(lab):
    night = lab.nightly()
    with lab.facts.reading() as con:
        results = query(con, "SELECT sample, analyte, matrix, value, unit FROM results ORDER BY sample")
        found = query(con, "SELECT rule, item, limits, suggestion FROM findings WHERE result_id IS NOT NULL")

    assert [one.message for one in night.failed] == []
    assert results.rows() == [
        ("A1", "p_tau181", "csf", 23.4, "pg/mL"),
        ("A2", "p_tau181", "csf", 75.0, "pg/mL"),
        ("A3", "p_tau181", "csf", 30000.0, "pg/mL"),
        ("A4", "p_tau181", "csf", 25.1, "pg/mL"),
    ]
    rules = {(row["rule"], row["item"].rsplit(".", 1)[1]) for row in found.iter_rows(named=True)}
    assert rules == {
        ("range.soft", "2"),
        ("range.hard", "3"),
        ("range.unit_slip", "3"),
        ("preanalytic.csf_blood", "4"),
    }


def test_a_finding_keeps_the_key_of_the_limit_that_it_rests_on(lab):
    lab.nightly()
    with lab.facts.reading() as con:
        found = query(con, "SELECT rule, limits FROM findings WHERE rule IN ('range.soft', 'range.hard') ORDER BY rule")

    limits = {rule: json.loads(text)[-1] for rule, text in found.iter_rows()}
    assert limits["range.soft"]["holds_for"] == "p_tau181, csf, method elisa, both sexes, from 60 years"
    assert (limits["range.soft"]["value"], limits["range.soft"]["source"]) == (60.0, "Our 80 older controls")
    assert limits["range.hard"]["holds_for"] == "p_tau181, csf, every method, both sexes, every age"


def test_the_catalogue_of_the_lab_is_shown_and_checked_with_it(lab, capsys):
    from qc.cli.main import _outcome

    code = _outcome(["catalogue", "--json", "--lab", str(lab.paths.root)])
    listed = json.loads(capsys.readouterr().out)
    checked = _outcome(["catalogue", "check", "--json", "--lab", str(lab.paths.root)])
    told = json.loads(capsys.readouterr().out)

    assert (code, checked, told["faults"], told["files"]) == (0, 0, [], ["p_tau181.toml"])
    assert len(listed["analytes"]) == 11
    assert pl.DataFrame(listed["analytes"])["id"].to_list().count("p_tau181") == 1
