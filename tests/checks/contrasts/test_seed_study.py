from __future__ import annotations

import csv
import json
from typing import Any

import polars as pl
import pytest
from reference_cases import BESIDE

from checks.arithmetic.families.family_wise import holm
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import parse_plan
from checks.contrasts.plan_template import default_plan_text
from checks.contrasts.planned_tests import PairedReport, paired_tests

FOLDER = BESIDE / "seed_study"
IDS = {"tnf-alpha": "tnf_alpha"}
pytestmark = pytest.mark.shared


def analyte_id(written: str) -> str:
    return IDS.get(written.lower(), written.lower())


def seed_release(*, with_flagged: bool = True) -> Release:
    with (FOLDER / "results_long.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if with_flagged or not row["flag"]]
    results = pl.DataFrame([released_row(number, row) for number, row in enumerate(rows)], infer_schema_length=None)
    return Release("seed-R1", "seed", "0" * 64, {"label": "SYNTHETIC"}, results)


def released_row(number: int, row: dict[str, str]) -> dict[str, Any]:
    is_below = row["below_lloq"] == "True"
    return {
        "result_id": number,
        "run": "run",
        "subject": row["subject"],
        "visit": row["month"],
        "sample": f"{row['subject']}-{row['month']}-{row['matrix']}",
        "analyte": analyte_id(row["analyte"]),
        "matrix": row["matrix"].lower(),
        "method": "method",
        "platform": "platform",
        "plate": "",
        "value": None if is_below else float(row["result"]),
        "unit": row["unit"],
        "censor": "<" if is_below else "",
        "censor_limit": float(row["lloq"]) if is_below else None,
        "lloq": float(row["lloq"]),
        "uloq": float(row["uloq"]),
        "decimals": int(row["decimals"]),
        "approval": "auto",
        "overridden": False,
    }


def endpoints() -> list[tuple[str, str]]:
    with (FOLDER / "summary.csv").open(newline="") as file:
        names = [row["endpoint"].split("_") for row in csv.DictReader(file)]
    return [(IDS.get(f"{name[2]}-alpha", name[2]), name[1]) for name in names]


def seed_report(followup: str, *, policy: str, with_flagged: bool = True) -> PairedReport:
    text = default_plan_text("seed", endpoints(), followup=followup)
    plan = parse_plan(text.replace('below_lloq = "ladder"', f'below_lloq = "{policy}"'))
    return paired_tests(seed_release(with_flagged=with_flagged), plan)


def expected_by_id(file: str) -> dict[str, dict[str, Any]]:
    cases = json.loads((FOLDER / file).read_text())
    return {
        case["id"].removesuffix("_noflag"): case["expected"] | case["expected"].get("quantised", {}) for case in cases
    }


def case_id(analyte: str, matrix: str, followup: str) -> str:
    return f"seed_{matrix}_{analyte.replace('_alpha', '')}_m0m{followup}"


@pytest.mark.parametrize("followup", ["1", "2", "3"])
@pytest.mark.parametrize(
    ("file", "with_flagged"),
    [("cases_expected.json", True), ("cases_noflag_expected.json", False)],
    ids=["all", "unflagged"],
)
def test_every_p_of_the_seed_study_is_the_expected_one(followup: str, file: str, with_flagged: bool) -> None:
    expected = expected_by_id(file)

    report = seed_report(followup, policy="substitute_half", with_flagged=with_flagged)

    assert report.n_tested == 16
    for contrast in report.contrasts:
        answer = expected[case_id(contrast.analyte, contrast.matrix, followup)]
        found = contrast.as_json()
        assert found["n_pairs"] == answer["n"]
        assert found["p_value"] == pytest.approx(answer["wilcoxon_exact"]["p_two"], abs=1e-9)
        assert found["estimate"] == pytest.approx(answer["hl_all"]["estimate"], rel=1e-9, abs=1e-9)
        assert found["ci_low"] == pytest.approx(answer["hl_all"]["ci_lo"], rel=1e-9, abs=1e-9)
        assert found["ci_high"] == pytest.approx(answer["hl_all"]["ci_hi"], rel=1e-9, abs=1e-9)
        assert found["t"]["p_two"] == pytest.approx(answer["t"]["p_two"], abs=1e-9)


def test_holm_over_sixteen_contrasts_is_the_expected_one() -> None:
    with (FOLDER / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    report = seed_report("3", policy="substitute_half")

    assert [contrast.p_holm for contrast in report.contrasts] == pytest.approx(
        [float(row["holm16_wilcoxon"]) for row in rows]
    )
    assert [contrast.p_bh for contrast in report.contrasts] == pytest.approx(
        [float(row["bh16_wilcoxon"]) for row in rows]
    )


@pytest.mark.parametrize("policy", ["recensor", "substitute_half"])
def test_only_tnf_alpha_in_csf_falls(policy: str) -> None:
    report = seed_report("3", policy=policy)

    below = {(c.analyte, c.matrix) for c in report.contrasts if c.p_value is not None and c.p_value < 0.05}
    [headline] = [
        contrast for contrast in report.contrasts if (contrast.analyte, contrast.matrix) == ("tnf_alpha", "csf")
    ]
    assert below == {("tnf_alpha", "csf")}
    assert headline.p_value is not None
    assert headline.p_value < 0.01
    assert headline.p_holm is not None
    assert headline.p_holm < 0.05
    assert headline.shift is not None
    assert headline.shift.ci_high < 0


def test_re_censoring_leaves_contrasts_without_censored_values_as_they_are() -> None:
    halves = seed_report("3", policy="substitute_half")
    recensored = seed_report("3", policy="recensor")

    for half, censored in zip(halves.contrasts, recensored.contrasts, strict=True):
        found, same = censored.as_json(), half.as_json()
        if found["n_censored"]:
            assert "error" in found["t"]
        else:
            assert (found["p_value"], found["t"]) == (same["p_value"], same["t"])


def test_every_column_of_the_summary_is_met() -> None:
    with (FOLDER / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    report = seed_report("3", policy="substitute_half")
    expected = expected_by_id("cases_expected.json")

    t = [contrast.as_json()["t"]["p_two"] for contrast in report.contrasts]
    logs = [contrast.as_json()["log_ratio"] for contrast in report.contrasts]
    for row, contrast, p_of_t, ratio in zip(rows, report.contrasts, t, logs, strict=True):
        found = contrast.as_json()
        assert (p_of_t, ratio["p_two"]) == pytest.approx((float(row["p_t"]), float(row["p_t_log"])), rel=1e-9)
        gmr = (ratio["gmr"], ratio["gmr_ci95_lo"], ratio["gmr_ci95_hi"])
        assert gmr == pytest.approx((float(row["gmr"]), float(row["gmr_lo"]), float(row["gmr_hi"])), rel=1e-9)
        assert found["effect"]["d_z"] == pytest.approx(float(row["d_z"]), rel=1e-9)
        answer = expected[case_id(contrast.analyte, contrast.matrix, "3")]
        if not answer["float_ties"]:  # the summary ranks without rounding
            assert found["effect"]["rank_biserial"] == pytest.approx(float(row["rank_biserial"]), rel=1e-9, abs=1e-12)
    assert holm(t) == pytest.approx([float(row["holm16_t"]) for row in rows])
    assert holm([ratio["p_two"] for ratio in logs]) == pytest.approx([float(row["holm16_t_log"]) for row in rows])


def test_the_recommended_policy_stands_beside_half_the_limit() -> None:
    expected = expected_by_id("cases_expected.json")

    report = seed_report("3", policy="ladder")

    censored = [contrast for contrast in report.contrasts if contrast.values and contrast.values.n_censored]
    assert {(contrast.analyte, contrast.matrix) for contrast in censored} >= {("gdnf", "csf")}
    for contrast in censored:
        assert contrast.sensitivity is not None
        [half] = [variant for variant in contrast.sensitivity.variants if "half the limit" in variant.analysis]
        answer = expected[case_id(contrast.analyte, contrast.matrix, "3")]
        assert half.p_value == pytest.approx(answer["wilcoxon_exact"]["p_two"], abs=1e-9)
        assert half.changes is False
