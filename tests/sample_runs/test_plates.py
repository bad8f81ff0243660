from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import curve_fit

TREE = Path(__file__).resolve().parents[2] / "sample_runs"
SHEETS = sorted((TREE / "study" / "plates").glob("*.run.toml"))


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _signals(export: Path) -> dict[str, float]:
    lines = export.read_text(encoding="cp1252").splitlines()
    if export.suffix == ".csv":
        grid = [line.split(",") for line in lines if line[:2] in {f"{row}," for row in "ABCDEFGH"}]
        return {f"{cells[0]}{column}": float(cells[column]) for cells in grid for column in range(1, 13)}
    grid = [line.split("\t") for line in lines[3:11]]
    return {
        f"{row}{column}": float(cells[1 + column]) - float(cells[14 + column])
        for row, cells in zip("ABCDEFGH", grid, strict=True)
        for column in range(1, 13)
    }


def _four_pl(x: np.ndarray, a: float, b: float, c: float, d: float) -> np.ndarray:
    return d + (a - d) / (1 + (x / c) ** b)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_refit_of_the_plate_as_written_gives_the_answers(sheet: Path) -> None:
    about = tomllib.loads(sheet.read_text(encoding="utf-8"))
    signals = _signals(sheet.with_name(about["plate"]["export"]))
    wells = _rows(sheet.with_name(about["plate"]["map"]))
    answers = {
        row["sample"]: row
        for row in _rows(TREE / "answers" / "results.csv")
        if (row["analyte"], row["matrix"]) == (about["run"]["analyte"], about["run"]["matrix"])
    }

    standards = [(float(well["conc"]), signals[well["well"]]) for well in wells if well["role"] == "calibrator"]
    x, y = np.array(standards).T
    (a, b, c, d), _ = curve_fit(
        _four_pl, x, y, p0=(0.05, 1.0, x.max() / 2, 3.3), sigma=y, xtol=1e-14, ftol=1e-14, gtol=1e-14, maxfev=20000
    )
    places: dict[str, list[str]] = {}
    for well in wells:
        if well["role"] == "sample":
            places.setdefault(well["name"], []).append(well["well"])
    dilution = float(next(well["dilution"] for well in wells if well["role"] == "sample"))

    assert len(places) in (28, 32)
    for code, own in places.items():
        mean = np.mean([signals[well] for well in own])
        found = dilution * c * ((mean - a) / (d - mean)) ** (1 / b)
        answer = answers[code]
        if answer["censor"] == "<":
            assert found < float(answer["censor_limit"]) == dilution * x.min()
        elif answer["censor"] == ">":
            assert not found <= float(answer["censor_limit"]) == dilution * x.max()
        else:
            assert round(found, int(answer["decimals"])) == pytest.approx(float(answer["value"]), abs=1e-9)
