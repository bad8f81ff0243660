"""Every reference case of pairs, limits, visits, families and power, through the command line and to its tolerance."""

from __future__ import annotations

import contextlib
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from decimal_ties import has_ranges_that_tie_in_decimals_alone, signed_rank_p
from reference_cases import all_cases

from qc.cli.main import command

# What another program printed beside the reference, in its own way: not ours to reproduce.
OTHER_PROGRAMS = {
    "r_wilcox_test_default",
    "r_wilcox_test_asymptotic",
    "r_wilcox_test_asymptotic_cc",
    "r_wilcox_conf_int_exact_or_default",
    "coin_wilcoxon_exact",
    "coin_pratt_exact",
    "coin_wilcoxon_asymptotic",
    "coin_pratt_asymptotic",
    "exactRankTests",
    "effectsize_pkg",
    "friedman_coin_monte_carlo",
    "warning",
    "float_ties",
    "quantised",
    "seeds",
    "mc_sd_perc_lo",
    "mc_sd_perc_hi",
    "mc_sd_bca_lo",
    "mc_sd_bca_hi",
    "k",
}
RENAMED = {"W": "w", "n": "n_pairs"}
Cases = list[dict[str, Any]]


def tried(*arguments: str) -> list[dict[str, Any]]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = command.main(["try", *arguments, "--json"], prog_name="qc", standalone_mode=False)
    assert code in (0, 3)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def answers(family: str, files: dict[str, Path], *options: str) -> dict[str, dict[str, Any]]:
    told = tried(family, *map(str, files.values()), *options)
    assert [one["file"] for one in told] == [str(file) for file in files.values()]
    return dict(zip(files, told, strict=True))


def differences(measured: Any, expected: Any, tolerance: float, at: str = "") -> Iterator[str]:
    if isinstance(expected, dict) and "error" in expected:
        if not is_refused(measured):
            yield f"{at}: {measured} where R refuses"
    elif isinstance(expected, dict):
        for name in expected.keys() - OTHER_PROGRAMS:
            ours = measured.get(name, measured.get(RENAMED.get(name, name))) if isinstance(measured, dict) else None
            yield from differences(ours, expected[name], tolerance_of(f"{at}.{name}", tolerance), f"{at}.{name}")
    elif isinstance(expected, list) and isinstance(measured, list) and len(measured) == len(expected):
        for place, (one, other) in enumerate(zip(measured, expected, strict=True)):
            yield from differences(one, other, tolerance, f"{at}[{place}]")
    elif not is_same(measured, expected, tolerance, at):
        yield f"{at}: {measured!r} is not {expected!r}"


def is_refused(measured: Any) -> bool:
    if not isinstance(measured, dict):
        return False
    # Ranks of one pair can be correlated where no SD can be taken.
    return "error" in measured or all("error" in part for name, part in measured.items() if name != "rank_biserial")


def is_same(measured: Any, expected: Any, tolerance: float, at: str) -> bool:
    if expected is None:  # not enumerated by the reference, or not defined
        return measured is None or isinstance(measured, dict) or "friedman_exact_p" in at
    if isinstance(expected, str | bool):
        return bool(measured == expected)
    return isinstance(measured, int | float) and math.isclose(measured, expected, rel_tol=tolerance, abs_tol=1e-13)


def tolerance_of(at: str, tolerance: float) -> float:
    if ".shapiro" in at or ".effect.d_z_ci95" in at:
        return 1e-6
    if ".mixed_model" in at:  # lmer stops early, and its derivatives are numeric
        return 1e-4 if at.endswith((".se", ".p", ".df_satterthwaite", ".F_df2", ".F_p", ".t", ".F")) else 1e-5
    if ".effect" in at or ".log_ratio" in at or ".tost" in at or ".rank_biserial" in at:
        return 1e-9
    return tolerance


def pair_rows(case: dict[str, Any]) -> str:
    entry = case["input"]
    rows = []
    for n, (before, after) in enumerate(zip(entry["pre"], entry["post"], strict=True)):
        cells = []
        for name, value in (("pre", before), ("post", after)):
            is_below = entry.get(f"{name}_blq", [False] * (n + 1))[n]
            cells.append("" if value is None else f"{'<' * is_below}{value!r}")
        rows.append(f"S{n},{','.join(cells)}")
    return "\n".join(["subject,before,after", *rows]) + "\n"


@pytest.mark.parametrize("cases", all_cases("paired"))
def test_pairs_meet_every_field_of_the_reference(cases: Cases, tmp_path: Path) -> None:
    by_decimals: dict[Any, dict[str, Path]] = {}
    expected = {}
    for case in cases:
        file = tmp_path / f"{case['id']}.csv"
        file.write_text(pair_rows(case))
        by_decimals.setdefault(case["input"]["resolution_decimals"], {})[case["id"]] = file
        expected[case["id"]] = case["expected"]

    wrong = []
    for decimals, files in by_decimals.items():
        options = () if decimals is None else ("--decimals", str(decimals))
        for name, told in answers("paired", files, *options).items():
            wrong += wrong_of_pairs(name, told, expected[name])

    assert wrong == []


def wrong_of_pairs(name: str, told: dict[str, Any], expected: dict[str, Any]) -> list[str]:
    wanted = expected | expected.get("quantised", {})
    drawn = wanted.pop("bootstrap_mean_diff", None)
    ties_in_decimals = expected.get("float_ties")
    if ties_in_decimals:  # the reference leaves out and correlates without rounding
        for unrounded in ("leave_one_out", "rank_biserial", "effect", "tost_half_sd_pre"):
            wanted.pop(unrounded, None)
    if drawn:
        error = expected["t"]["se"]
        for end in ("perc_lo", "perc_hi", "bca_lo", "bca_hi"):
            if abs(told["bootstrap_mean_diff"][end] - drawn[end]) > 4 * drawn[f"mc_sd_{end}"] + 0.25 * error:
                return [f"{name}: bootstrap {end}"]
    return [f"{name}{difference}" for difference in differences(told, wanted, 1e-11)]


def seed_cases(shared: Path, *, is_long: bool) -> list[dict[str, Any]]:
    folder = shared / "seed_study"
    listed = []
    for stem in ("cases", "cases_noflag"):
        inputs = {case["id"]: case for case in json.loads((folder / f"{stem}_in.json").read_text())}
        answers_of = json.loads((folder / f"{stem}_expected.json").read_text())
        listed += [{"id": one["id"], "input": inputs[one["id"]], "expected": one["expected"]} for one in answers_of]
    return [case for case in listed if is_long or "m0m3" in case["id"]]


def test_pairs_of_the_seed_study_meet_every_expected_answer(shared: Path, tmp_path: Path, is_long: bool) -> None:
    by_decimals: dict[Any, dict[str, Path]] = {}
    expected = {}
    for case in seed_cases(shared, is_long=is_long):
        file = tmp_path / f"{case['id']}.csv"
        file.write_text(pair_rows(case))
        by_decimals.setdefault(case["input"]["resolution_decimals"], {})[case["id"]] = file
        expected[case["id"]] = case["expected"]

    wrong = []
    for decimals, files in by_decimals.items():
        for name, told in answers("paired", files, "--decimals", str(decimals)).items():
            wrong += wrong_of_pairs(name, told, expected[name])

    assert len(expected) == (96 if is_long else 32)
    assert wrong == []


def test_visits_of_the_seed_study_meet_every_expected_answer(shared: Path, tmp_path: Path) -> None:
    folder = shared / "seed_study"
    inputs = {case["id"]: case for case in json.loads((folder / "repeated_in.json").read_text())}
    expected = {case["id"]: case["expected"] for case in json.loads((folder / "repeated_expected.json").read_text())}
    files = {name: tmp_path / f"{name}.csv" for name in inputs}
    for name, file in files.items():
        file.write_text(visit_rows({"input": inputs[name]}))

    told = answers("repeated", files)

    assert [
        f"{name}{difference}"
        for name in files
        for difference in differences(told[name], visits_expected({"input": inputs[name]}, expected[name]), 1e-10)
    ] == []


@pytest.mark.parametrize("cases", all_cases("paired"))
def test_the_correlation_of_ranks_has_the_interval_of_the_reference(cases: Cases, tmp_path: Path) -> None:
    entries = [case for case in cases if case["id"] in ("pub_shoes", "pub_corn", "con_n20")]
    files = {}
    for case in entries:
        files[case["id"]] = tmp_path / f"{case['id']}.csv"
        files[case["id"]].write_text(pair_rows(case))

    told = answers("paired", files)

    for case in entries:
        limits = case["expected"]["rank_biserial"]["effectsize_pkg"]
        ours = told[case["id"]]["rank_biserial"]
        assert (ours["ci95_lo"], ours["ci95_hi"]) == pytest.approx((limits["ci_lo"], limits["ci_hi"]), rel=1e-6)


@pytest.mark.parametrize("cases", all_cases("paired"))
def test_pratt_and_wilcoxon_are_the_plan_of_the_option(cases: Cases, tmp_path: Path) -> None:
    # 0.30000000000000004 is no decimal that a laboratory reports: what the reference says of it needs --decimals.
    entries = [case for case in cases if case["expected"]["n"] > 0 and case["id"] != "con_float_zero"]
    files = {}
    for case in entries:
        files[case["id"]] = tmp_path / f"{case['id']}.csv"
        files[case["id"]].write_text(pair_rows(case))

    for zeros, block in (("wilcox", "wilcoxon_exact"), ("pratt", "pratt_exact")):
        told = answers("paired", files, "--zeros", zeros)
        wrong = [
            f"{case['id']}{difference}"
            for case in entries
            for difference in differences(told[case["id"]]["wilcoxon"], as_decimals(case).get(block, {}), 1e-12)
        ]
        assert wrong == []


def as_decimals(case: dict[str, Any]) -> dict[str, Any]:
    return case["expected"] | case["expected"].get("quantised", {})


@pytest.mark.parametrize("entries", all_cases("blq"))
def test_pairs_below_limits_meet_every_field_of_the_reference(entries: Cases, tmp_path: Path) -> None:
    files = {case["id"]: tmp_path / f"{case['id']}.csv" for case in entries}
    for case in entries:
        files[case["id"]].write_text(pair_rows(case))

    told = answers("paired", files)

    wrong = [
        f"{case['id']}{difference}"
        for case in entries
        for difference in differences(told[case["id"]]["censored"], blq_expected(case), 2e-8)
    ]
    assert wrong == []


def blq_expected(case: dict[str, Any]) -> dict[str, Any]:
    """Give the reference, with the signed ranks of its own pairs taken as decimals: it subtracts in binary."""
    entry, expected = case["input"], case["expected"]
    below = [x for n in ("pre", "post") for x, is_below in zip(entry[n], entry[f"{n}_blq"], strict=True) if is_below]
    limit = max(below, default=-math.inf)
    pairs = {
        "substitute_full": [entry["pre"], entry["post"]],
        "substitute_half": [substituted(entry, name, 1 / 2) for name in ("pre", "post")],
        "substitute_sqrt2": [substituted(entry, name, 1 / math.sqrt(2)) for name in ("pre", "post")],
        "recensored_at_highest_limit": [[max(x, limit) for x in entry[name]] for name in ("pre", "post")],
    }
    told = {name: expected[name] | {"p_wilcoxon_exact": signed_rank_p(*pair)} for name, pair in pairs.items()}
    return expected | told


def substituted(entry: dict[str, Any], name: str, factor: float) -> list[float]:
    return [x * factor if is_below else x for x, is_below in zip(entry[name], entry[f"{name}_blq"], strict=True)]


@pytest.mark.parametrize("entries", all_cases("repeated"))
def test_visits_meet_every_field_of_the_reference(entries: Cases, tmp_path: Path) -> None:
    files = {case["id"]: tmp_path / f"{case['id']}.csv" for case in entries}
    for case in entries:
        files[case["id"]].write_text(visit_rows(case))

    told = answers("repeated", files)

    wrong = [
        f"{case['id']}{difference}"
        for case in entries
        for difference in differences(told[case["id"]], visits_expected(case, case["expected"]), 1e-10)
    ]
    assert wrong == []


def visits_expected(case: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    # R's quade.test ranks ranges in binary; test_decimal_steps holds those of decimals against whole numbers.
    is_binary = has_ranges_that_tie_in_decimals_alone(case["input"]["rows"])
    return {name: value for name, value in expected.items() if not (is_binary and name == "quade")}


def visit_rows(case: dict[str, Any]) -> str:
    rows = [
        f"S{n},{time},{'' if value is None else repr(value)}"
        for n, row in enumerate(case["input"]["rows"])
        for time, value in zip(case["input"]["times"], row, strict=True)
    ]
    return "\n".join(["subject,time,value", *rows]) + "\n"


@pytest.mark.parametrize("entries", all_cases("multiplicity"))
def test_families_meet_every_method_of_the_reference(entries: Cases, tmp_path: Path) -> None:
    files = {case["id"]: tmp_path / f"{case['id']}.csv" for case in entries}
    for case in entries:
        rows = [f"t{n},{'' if p is None else repr(p)}" for n, p in enumerate(case["input"]["p"])]
        files[case["id"]].write_text("\n".join(["name,p", *rows]) + "\n")

    told = answers("adjust", files)

    for case in entries:
        listed = {
            name: list(part.values()) if isinstance(part, dict) else part for name, part in told[case["id"]].items()
        }
        assert list(differences(listed, case["expected"], 1e-12)) == []
        assert (listed["bh"], listed["by"]) == (listed["BH"], listed["BY"])


@pytest.mark.parametrize("cases", all_cases("power"))
def test_power_meets_every_reference(cases: Cases) -> None:
    options = {"n": "--n", "delta": "--delta", "power": "--power", "sd": "--sd-diff", "alpha": "--alpha"}
    wrong = []
    for case in cases:
        given = [
            text
            for name, option in options.items()
            if name in case["input"]
            for text in (option, str(case["input"][name]))
        ]
        [told] = tried("power", *given)
        assert told["kind"] == case["input"]["kind"]
        wrong += [f"{case['id']}{difference}" for difference in differences(told, case["expected"], 1e-9)]

    assert wrong == []


REFUSED = {
    "one pair": ("subject,before,after\na,1,2\n", ("t", "shapiro", "effect", "log_ratio", "leave_one_out")),
    "constant": ("subject,before,after\na,1,2\nb,2,3\nc,5,6\n", ("t", "shapiro", "bootstrap_mean_diff")),
    "all zero": ("subject,before,after\na,1,1\nb,2,2\nc,5,5\n", ("wilcoxon", "sign_test", "perm_mean_exact", "t")),
    "no log": ("subject,before,after\na,0,1\nb,2,1\nc,5,6\n", ("log_ratio",)),
    "no pair": ("subject,before,after\na,,1\nb,2,\n", ("wilcoxon", "hodges_lehmann", "t")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_computed_is_a_sentence_in_its_place(name: str, tmp_path: Path) -> None:
    text, parts = REFUSED[name]
    (tmp_path / "pairs.csv").write_text(text)

    [told] = tried("paired", str(tmp_path / "pairs.csv"))

    for part in parts:
        assert is_refused(told[part]), part


def test_a_family_of_visits_without_a_subject_twice_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("subject,time,value\na,0,1\na,1,2\n")

    [told] = tried("repeated", str(tmp_path / "one.csv"))

    for part in ("friedman", "friedman_exact_p", "page", "quade", "rm_anova", "mixed_model"):
        assert set(told[part]) == {"error"}, part
