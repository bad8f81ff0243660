from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

TREE = Path(__file__).resolve().parents[2] / "sample_runs"


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _differences(analyte: str, matrix: str) -> list[float]:
    sheet = {row["sample"]: row for row in _rows(TREE / "study" / "samples.csv")}
    rows = [r for r in _rows(TREE / "answers" / "results.csv") if (r["analyte"], r["matrix"]) == (analyte, matrix)]
    ends = [row for row in rows if sheet[row["sample"]]["visit"] in ("0", "3")]
    floor = max((float(row["censor_limit"]) for row in ends if row["censor"] == "<"), default=0.0)
    assert not [row for row in ends if row["censor"] == ">"]
    value = {
        (sheet[row["sample"]]["subject"], sheet[row["sample"]]["visit"]): max(float(row["value"] or floor), floor)
        for row in ends
    }
    decimals = int(rows[0]["decimals"])
    subjects = sorted({subject for subject, _ in value})
    return [round(value[subject, "3"] - value[subject, "0"], decimals) for subject in subjects]


def _p_by_listing(differences: list[float]) -> float:
    kept = np.array([difference for difference in differences if difference])
    ranks = rankdata(np.abs(kept))
    signs = np.array(list(product((0, 1), repeat=len(kept))), dtype=np.float64)
    sums = signs @ ranks
    observed = ranks[kept > 0].sum()
    return float(min(1.0, 2 * min((sums <= observed).mean(), (sums >= observed).mean())))


@pytest.mark.parametrize(
    "row", _rows(TREE / "answers" / "contrasts.csv"), ids=lambda row: f"{row['matrix']}-{row['analyte']}"
)
def test_the_p_value_of_a_contrast_is_that_of_the_reported_results(row: dict[str, str]) -> None:
    differences = _differences(row["analyte"], row["matrix"])

    assert len(differences) == 15
    assert _p_by_listing(differences) == pytest.approx(float(row["p_value"]), abs=1e-9)


def test_csf_tnf_alpha_alone_falls_and_stays_below_5_percent_after_holm() -> None:
    contrasts = _rows(TREE / "answers" / "contrasts.csv")

    headline = [row for row in contrasts if (row["matrix"], row["analyte"]) == ("csf", "tnf_alpha")]
    others = [row for row in contrasts if row not in headline]

    assert len(others) == 15
    assert float(headline[0]["p_value"]) < 0.01
    assert float(headline[0]["p_holm"]) < 0.05
    assert float(headline[0]["p_unflagged"]) * 16 < 0.05
    assert np.median(_differences("tnf_alpha", "csf")) < 0
    assert min(float(row[column]) for row in others for column in ("p_value", "p_unflagged")) > 0.05
