from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import qc
from schemas.errors import GateError


def test_a_notebook_gets_a_table_and_plots(looked_at_demo: Path) -> None:
    tables = qc.paired(looked_at_demo)

    assert isinstance(tables.frame, pl.DataFrame)
    assert tables.frame.filter(pl.col("in_family")).height == 16
    assert tables.frame.filter(pl.col("holds"))["analyte"].to_list() == ["tnf_alpha"]
    assert {"forest", "tnf_alpha/csf", "tnf_alpha/csf/differences"} <= set(tables.figures)
    assert "<table" in tables._repr_html_()


def test_data_that_are_not_a_release_are_refused_in_words() -> None:
    with pytest.raises(GateError, match="no release"):
        qc.paired(pl.DataFrame({"before": [1.0], "after": [2.0]}))


def test_the_report_is_written_in_every_format(looked_at_demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    formats = [part for name in ("html", "pdf", "csv", "json") for part in ("--format", name)]

    ran = subprocess.run(
        [sys.executable, "-m", "qc", "report", "--lab", str(looked_at_demo), "--out", str(out), *formats, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )

    told = json.loads(ran.stdout)
    assert told["page"] == str(out)
    assert sorted(told["files"]) == ["csv", "html", "json", "pdf"]
    assert all(Path(file).stat().st_size > 1000 for file in told["files"].values())
    assert json.loads((tmp_path / "report.json").read_text())["gated"] is True
