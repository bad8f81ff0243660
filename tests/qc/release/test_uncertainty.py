"""Budgets of uncertainty in a release, from the controls of the lab to the paired tests and the report."""

from __future__ import annotations

import json
import shutil

import polars as pl
import pytest

import qc
from checks.arithmetic.uncertainty.worlds import Worlds
from checks.contrast_words.text_table import contrast_table


@pytest.fixture(scope="module")
def lab(released_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("uncertainty") / "lab"  # a look at p-values is written down
    shutil.copytree(released_demo, folder)
    return qc.open_lab(folder)


def test_each_result_with_a_number_has_the_u_of_the_nearest_control(lab):
    folder = lab.paths.releases / "ALS-1-R1"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    results = pl.read_parquet(next(folder.glob("results*.parquet")))
    (budget,) = (one for one in manifest["uncertainty"] if (one["analyte"], one["matrix"]) == ("tnf_alpha", "csf"))

    own = results.filter((pl.col("analyte") == "tnf_alpha") & (pl.col("matrix") == "csf") & (pl.col("value") > 0))
    row = own.row(0, named=True)
    level = min(budget["levels"], key=lambda one: abs(pl.Series([one["mean"] / row["value"]]).log().item()))
    parts = {one["name"]: one["u_percent"] for one in level["components"]}

    assert own["u"].null_count() == 0
    assert set(parts) == {"precision", "bias"}
    assert row["u_alone"] == pytest.approx(row["value"] * parts["precision"] / 100)
    assert row["u"] == pytest.approx(row["value"] * (parts["precision"] ** 2 + parts["bias"] ** 2) ** 0.5 / 100)
    assert any("u_calibrator" in one for one in budget["missing"])


def test_a_small_p_is_drawn_again_and_a_large_one_is_not(lab):
    report = lab.paired()

    drawn = {(one.analyte, one.matrix): one.worlds for one in report.contrasts if one.worlds is not None}
    assert all(one.worlds is None for one in report.contrasts if one.p_value is None or one.p_value >= 0.05)
    found = drawn[("tnf_alpha", "csf")]
    assert isinstance(found, Worlds)
    assert found.n_worlds == 10_000
    assert found.p_low <= found.p_middle <= found.p_high
    assert "10,000 worlds" in contrast_table(report)
