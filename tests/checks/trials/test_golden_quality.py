"""Golden cases of control charts, precision, reference intervals and sigma, through the ``qc`` command line.

The cases were made with R 4.2.2 (qcc 2.7, spc 0.6.7, VCA 1.5.2, referenceIntervals), as tests/golden/README.md says.
Numbers agree to 1e-9; variance components by restricted likelihood to 1e-5, for R's optimiser stops near 1e-7.
"""

from __future__ import annotations

import json

import pytest
from reference_cases import each_case

from qc.cli.main import _outcome

REL = 1e-9


@pytest.fixture
def tried(capsys, tmp_path):
    def call(trial, text, *options):
        arguments = ["try", trial]
        if text is not None:
            file = tmp_path / "case.csv"
            file.write_text(text, encoding="utf-8")
            arguments.append(str(file))
        code = _outcome([*arguments, *map(str, options), "--json", "--exit-zero"])
        told = json.loads(capsys.readouterr().out)
        assert (code, told["gated"]) == (0, False)
        return told

    return call


def column(name, values):
    return "\n".join([name, *("" if value is None else repr(value) for value in values)]) + "\n"


def assert_agrees(told, expected, path="", rel=REL):
    if expected is None:
        assert told is None or set(told) == {"error"}, path
    elif isinstance(expected, dict):
        for name, inner in expected.items():
            assert name in told, f"{path}.{name}"
            assert_agrees(told[name], inner, f"{path}.{name}", rel)
    elif isinstance(expected, list):
        assert len(told) == len(expected), path
        for place, inner in enumerate(expected):
            assert_agrees(told[place], inner, f"{path}[{place}]", rel)
    elif isinstance(expected, float) or (isinstance(expected, int) and not isinstance(expected, bool)):
        assert told == pytest.approx(expected, rel=rel, abs=1e-11), path
    else:
        assert told == expected, path


@pytest.mark.parametrize("case", each_case("control_charts"))
def test_a_golden_series_gives_its_charts(case, tried):
    given = case["input"]
    options = ["--center", repr(given["center"]), "--sd", repr(given["sd"])]
    for one in given["ewma"]:
        options += ["--ewma", f"{one['lambda']!r},{one['L']!r}"]
    for one in given["cusum"]:
        options += ["--cusum", f"{one['k']!r},{one['h']!r},{one['head_start']!r}"]

    told = tried("chart", column("value", given["x"]), *options)

    told |= {name: told[name] if isinstance(told[name], list) else [told[name]] for name in ("ewma", "cusum")}
    assert_agrees(told, case["expected"])


@pytest.mark.parametrize("case", each_case("precision_cv"))
def test_golden_groups_of_replicates_give_their_scatter(case, tried):
    rows = [
        f"{number},{'' if value is None else repr(value)}"
        for number, group in enumerate(case["input"]["groups"], start=1)
        for value in group
    ]

    told = tried("precision", "group,value\n" + "\n".join(rows) + "\n")

    assert_agrees(told, case["expected"])


@pytest.mark.parametrize("case", each_case("variance_components"))
def test_a_golden_design_gives_its_variance_components(case, tried):
    data = case["input"]["data"]
    factors = case["input"]["factors"]
    rows = zip(*(data[name] for name in factors), map(repr, data["y"]), strict=True)
    text = "\n".join([",".join([*factors, "value"]), *(",".join(row) for row in rows)]) + "\n"

    told = tried("precision", text)

    expected = dict(case["expected"])
    likely = expected.pop("reml_components")
    assert_agrees(told, expected)
    assert_agrees(told["reml_components"], likely, rel=1e-5)


@pytest.mark.parametrize("case", each_case("reference_interval"))
def test_golden_reference_values_give_their_limits(case, tried):
    told = tried("reference", column("value", case["input"]["x"]))

    assert_agrees(told, case["expected"])


@pytest.mark.parametrize("case", each_case("sigma"))
def test_a_golden_method_has_its_sigma(case, tried):
    given = case["input"]
    options = [("--tea", "tea_percent"), ("--bias", "bias_percent"), ("--cv", "cv_percent")]

    told = tried("sigma", None, *(word for option, name in options for word in (option, repr(given[name]))))

    assert_agrees(told, case["expected"])


VERDICTS = {"accept": "pass", "warn": "warn", "reject": "reject", "no_data": "not_evaluable"}


def westgard_csv(runs):
    lines, number = ["run,level,z,event"], 0
    for run in runs:
        if run == "RESET":
            lines.append(",,,reset")
            continue
        number += 1
        lines += [f"{number},{material},{'' if z is None else repr(z)}," for material, z in run]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", each_case("westgard"))
def test_a_golden_sequence_of_controls_gives_its_verdicts(case, tried):
    told = tried("westgard", westgard_csv(case["input"]["runs"]), "--rules", ",".join(case["input"]["rules_active"]))

    found = [
        {
            "run": run["run"],
            "verdict": run["verdict"],
            "rules": {f"{v['rule']}@{v['scope']}" for v in run["violations"]},
        }
        for run in told["runs"]
    ]
    assert found == [
        {"run": run["run"], "verdict": VERDICTS[run["verdict"]], "rules": set(run["rules"])}
        for run in case["expected"]["runs"]
    ]
