"""Real series of controls: the questions that they ask, answered by the trials."""

from __future__ import annotations

import csv
import json
import statistics

import pytest

from checks.trials.chart import ChartSettings, chart
from checks.trials.precision import precision
from checks.trials.westgard import westgard
from qc.cli.main import _outcome
from qc.ingest.delivery import deliveries_in
from qc.ingest.delivery_read import read_intake, read_parts
from schemas.errors import ReaderError


def rows_of(shared, folder, name):
    with (shared / "data" / folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_lots_of_a_tracer_with_gross_outliers_are_named_and_the_lot_change_begins_no_false_row(shared):
    rows = rows_of(shared, "qc_igf_ria", "IGF.csv")
    first = [float(row["conc"]) for row in rows if row["Lot"] == "1"]
    mean, sd = statistics.mean(first), statistics.stdev(first)
    lines = ["run,level,value,mean,sd,event"]
    for number, row in enumerate(rows, start=1):
        if number > 1 and row["Lot"] != rows[number - 2]["Lot"]:
            lines.append(",,,,,reset")
        lines.append(f"{number},C,{row['conc']},{mean!r},{sd!r},")

    told = westgard("\n".join(lines), rules=["1-3s", "2-2s", "4-1s", "10-x"])["runs"]

    beyond = [run["run"] for run in told if any(violation["rule"] == "1-3s" for violation in run["violations"])]
    outliers = [rows[number - 1]["Lot"] for number in beyond]
    assert len(told) == 237
    # The scatter of lots 3, 4 and 7 is known to be gross: SD 1.26, 0.92 and 1.05 against 0.5.
    assert {"3", "4", "7"} <= set(outliers)
    assert max(set(outliers), key=outliers.count) == "3"
    assert all(abs(float(rows[number - 1]["conc"]) - mean) > 3 * sd for number in beyond)


def test_the_scatter_of_each_tracer_lot_is_told_beside_the_pooled_one(shared):
    rows = rows_of(shared, "qc_igf_ria", "IGF.csv")

    told = precision("group,value\n" + "\n".join(f"{row['Lot']},{row['conc']}" for row in rows))

    sd_by_lot = {group["group"]: group["sd"] for group in told["groups"]}
    assert {lot: round(sd_by_lot[lot], 2) for lot in ("3", "4", "7")} == {"3": 1.26, "4": 0.92, "7": 1.05}
    assert sum(group["n"] for group in told["groups"]) == 237


def test_a_workbook_with_one_bare_column_is_asked_for_what_it_lacks(shared):
    files = next(iter(deliveries_in([shared / "data" / "qc_iqc_template" / "template_IQC.xlsx"])))

    with pytest.raises(ReaderError) as refusal:
        read_intake(read_parts(files), default_study="S")

    told = str(refusal.value)
    assert "Columns found: 'IQC results'" in told
    assert "It looks like a results table and lacks sample and analyte." in told


def test_a_workbook_given_to_a_trial_is_named_as_one(shared, capsys):
    file = shared / "data" / "qc_iqc_template" / "template_IQC.xlsx"

    code = _outcome(["try", "chart", str(file), "--json"])

    assert code == 3
    assert "is a workbook; a trial reads CSV" in json.loads(capsys.readouterr().out)["error"]


def test_retention_times_leave_their_baseline_together_where_the_column_was_noted(shared):
    rows = rows_of(shared, "qc_msstats_qcloud", "QCloudDDA.csv")
    by_peptide: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        by_peptide.setdefault(row["Precursor"], []).append((int(row["AcquiredTime"]), row["RetentionTime"]))
    settings = ChartSettings(baseline=20, ewmas=((0.2, 3.0),))

    whole = {name: sorted(cells) for name, cells in by_peptide.items() if len(cells) == 44}
    told = {name: chart("value\n" + "\n".join(cell for _, cell in cells), settings) for name, cells in whole.items()}

    assert len(told) == 8
    assert all(one["n_missing"] > 0 and one["n"] + one["n_missing"] >= 43 for one in told.values())
    assert {one["ewma"]["out"][0] for one in told.values()} == {16}
    assert all(len(one["ewma"]["out"]) >= 15 for one in told.values())


def test_ca_19_9_of_three_sites_has_a_table_for_each_of_six_samples(shared):
    rows = rows_of(shared, "qc_precision_ep05", "CA19_9.csv")
    lines = [f"{row['sample']},{row['site']},{row['day']},{row['result']}" for row in rows]

    told = precision("level,site,day,value\n" + "\n".join(lines))

    assert [(level["level"], level["n"]) for level in told["levels"]] == [
        (name, 75) for name in ("P1", "P2", "Q3", "Q4", "P5", "Q6")
    ]
    for level in told["levels"]:
        repeatability, within = level["repeatability_sd"], level["within_laboratory_sd"]
        assert 0 < repeatability <= within <= level["reproducibility_sd"]
