"""The curve of an assay is chosen by its method file or by the sheet of a run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import get_args

import pytest

import qc
from checks.arithmetic.curves.four_pl import MODELS, PLAIN_MODELS, WEIGHTS
from checks.standard_curves.curve_choice import curve_choice
from schemas.curve_names import CurveModel, CurveWeight
from schemas.errors import ConfigError
from schemas.method import Method
from schemas.run import Run

PLATES = Path(__file__).resolve().parents[3] / "sample_runs" / "study" / "plates"
OWN_METHOD = 'id = "tnf_alpha"\n[methods.elisa]\ncurve_model = "{model}"\ncurve_weight = "{weight}"\n'
STATED = Method(
    id="elisa", name="ELISA", platform="reader", matrices=("csf",), source="test", status="proposed",
    curve_model="log-log", curve_weight="1/y",
)  # fmt: skip


@pytest.fixture
def lab(tmp_path):
    made = qc.init_lab(tmp_path / "lab", name="test")
    sheet = (PLATES / "csf-tnf-1.run.toml").read_text().replace('model = "4pl"\nweight = "1/y2"\n', "")
    for name in ("csf-tnf-1.csv", "csf-tnf-1.map.csv"):
        shutil.copy(PLATES / name, tmp_path)
    (tmp_path / "csf-tnf-1.run.toml").write_text(sheet)
    made.ingest(tmp_path / "csf-tnf-1.csv")
    return made


def curve_of(lab):
    lab.assess()
    with lab.facts.reading() as con:
        [[body]] = con.execute("SELECT body FROM curves JOIN run_states USING (assessment_id)").fetchall()
    fit = json.loads(body)["fit"]
    return fit["model"], fit["weight"]


def with_method(lab, **choice):
    (lab.paths.catalogue / "tnf_alpha.toml").write_text(OWN_METHOD.format(**choice))
    return qc.open_lab(lab.paths.root)


def test_every_name_of_a_curve_and_of_a_weight_is_one_that_can_be_fitted():
    assert get_args(CurveModel) == (*MODELS, *PLAIN_MODELS)
    assert get_args(CurveWeight) == WEIGHTS


@pytest.mark.parametrize(
    ("run", "method", "chosen"),
    [
        (Run(run="a"), None, ("4pl", "1/y2")),
        (Run(run="a"), STATED, ("log-log", "1/y")),
        (Run(run="a", model="5pl"), STATED, ("5pl", "1/y")),
        (Run(run="a", model="5pl", weight="none"), STATED, ("5pl", "none")),
        (Run(run="a", weight="none"), None, ("4pl", "none")),
    ],
)
def test_a_run_goes_before_the_method_file_and_that_before_the_default(run, method, chosen):
    choice = curve_choice(run, method)

    assert (choice.model, choice.weight) == chosen


def test_a_method_file_that_changes_has_its_runs_fitted_and_judged_again(lab):
    before = curve_of(lab)

    after = curve_of(with_method(lab, model="log-log", weight="1/y"))

    assert before == ("4pl", "1/y2")
    assert after == ("log-log", "1/y")


def test_a_method_file_with_another_word_for_a_curve_is_refused_with_those_that_are_known(lab):
    with pytest.raises(ConfigError, match="5pl") as told:
        with_method(lab, model="cubic", weight="1/y").assess()

    assert "cubic" in str(told.value)
