from __future__ import annotations

import json
import socket
import tomllib
from concurrent.futures import ThreadPoolExecutor
from importlib import resources

import polars as pl
import pytest

from checks.expectations.suite import judge_summaries
from schemas.errors import ConfigError
from schemas.finding import Scope, Verdict

SERUM = (resources.files("checks") / "expectations" / "serum_run.toml").read_text(encoding="utf-8")
CSF = (resources.files("checks") / "expectations" / "csf_run.toml").read_text(encoding="utf-8")

CONTENT = {
    "run_id": 1,
    "analyte": "ferritin",
    "matrix": "serum",
    "n_samples": 30,
    "n_results": 30,
    "n_with_result": 30,
    "n_with_number": 30,
    "n_below_lloq": 0,
    "n_above_uloq": 0,
    "n_flagged": 0,
    "n_control_levels": 2,
    "n_control_results": 4,
    "min_replicates": 2,
    "median_cv_percent": 4.0,
    "median_log10": 2.0,
    "method": "elisa",
    "is_plate": True,
    "share_with_result": 1.0,
}

ONE = """
suite = "own"
[[expectations]]
id = "one"
column = "n_results"
least = 10
verdict = "{verdict}"
when = "{when}"
unit = "1"
sentence = "{{analyte}} has {{observed:.0f}} results."
source = "a test"
"""


def table(*rows):
    return pl.DataFrame([CONTENT | row for row in rows], infer_schema_length=None)


def rule_ids(findings):
    return [finding.rule for finding in findings]


@pytest.mark.parametrize("text", [SERUM, CSF], ids=["serum_run", "csf_run"])
def test_a_content_run_is_not_named(text):
    assert judge_summaries(table({}), text) == {}


@pytest.mark.parametrize(
    ("change", "expectation", "verdict"),
    [
        ({"n_with_result": 29}, "has_results", Verdict.REJECT),
        ({"n_with_number": 20}, "share_with_number", Verdict.REJECT),
        ({"n_with_number": 10, "n_below_lloq": 20}, "share_below_lloq", Verdict.WARN),
        ({"n_flagged": 6}, "share_flagged", Verdict.REJECT),
        ({"n_control_levels": 1}, "control_levels", Verdict.REJECT),
        ({"median_cv_percent": 15.1}, "median_cv", Verdict.WARN),
        ({"min_replicates": 0}, "replicates", Verdict.WARN),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_expectation_of_the_serum_suite_finds_its_fault(change, expectation, verdict):
    found = judge_summaries(table(change), SERUM)

    assert [(one.rule, one.verdict, one.scope, dict(one.key)) for one in found[1]] == [
        (f"serum_run.{expectation}", verdict, Scope.ANALYTE, {"analyte": "ferritin"})
    ]
    assert found[1][0].limits
    assert all(limit.source for limit in found[1][0].limits)


def test_csf_may_hold_more_results_below_the_lloq_than_serum():
    rows = table({"n_with_number": 10, "n_below_lloq": 20})

    assert rule_ids(judge_summaries(rows, SERUM)[1]) == ["serum_run.share_below_lloq"]
    assert judge_summaries(rows, CSF) == {}


def test_exactly_one_sixth_flagged_is_content():
    assert judge_summaries(table({"n_flagged": 5}), SERUM) == {}


def test_many_runs_are_judged_in_one_go_and_each_finding_goes_to_its_own_run():
    rows = [{"run_id": number, "n_control_levels": number % 2 + 1} for number in range(1, 61)]
    rows.append({"run_id": 3, "analyte": "nfl", "n_control_levels": 0})

    found = judge_summaries(table(*rows), SERUM)

    assert set(found) == {3, *range(2, 61, 2)}
    assert [dict(one.key) for one in found[3]] == [{"analyte": "nfl"}]
    assert found[2][0].observed == 1.0


def test_a_missing_number_is_not_judged():
    rows = table({"median_cv_percent": None}, {"run_id": 2})

    assert judge_summaries(rows, SERUM) == {}


def test_a_condition_is_judged_whole_and_not_only_its_first_part():
    rows = table({"n_control_levels": 0, "method": "calculated"}, {"run_id": 2, "n_control_levels": 0})

    assert set(judge_summaries(rows, SERUM)) == {2}


def test_a_table_is_not_blamed_for_wells_that_it_does_not_have():
    rows = table({"min_replicates": 0, "is_plate": False}, {"run_id": 2, "min_replicates": 0})

    assert set(judge_summaries(rows, SERUM)) == {2}


@pytest.mark.parametrize("verdict", ["warn", "reject"])
def test_the_verdict_of_a_finding_is_the_one_of_its_own_expectation(verdict):
    found = judge_summaries(table({"n_results": 9}), ONE.format(verdict=verdict, when="all"))

    assert [one.verdict.value for one in found[1]] == [verdict]
    assert found[1][0].sentence == "ferritin has 9 results."


@pytest.mark.parametrize(("verdict", "severity"), [("warn", "warning"), ("reject", "critical")])
def test_great_expectations_keeps_the_severity_of_each_expectation(verdict, severity, monkeypatch):
    import great_expectations as gx

    seen = []
    real = gx.ExpectationSuite

    def spy(**keys):
        suite = real(**keys)
        seen.extend(expectation.severity.value for expectation in suite.expectations)
        return suite

    monkeypatch.setattr(gx, "ExpectationSuite", spy)
    judge_summaries(table({}), ONE.format(verdict=verdict, when="plate"))

    assert seen == [severity]


def test_an_expectation_that_cannot_be_judged_holds_every_run(monkeypatch):
    import checks.expectations.suite as module

    monkeypatch.setattr(module, "_validate", lambda suite, frame: {})

    found = judge_summaries(
        table({}, {"run_id": 2}, {"run_id": 2, "analyte": "nfl"}), ONE.format(verdict="warn", when="all")
    )

    assert {run_id: [one.verdict for one in findings] for run_id, findings in found.items()} == {
        1: [Verdict.BROKEN],
        2: [Verdict.BROKEN],
    }
    assert found[1][0].scope is Scope.RUN


def test_a_column_that_breaks_inside_great_expectations_holds_every_run(monkeypatch):
    import checks.expectations.suite as module

    real = module._expectation

    def without_column(expected):
        expectation = real(expected)
        expectation.column = "nobody"
        return expectation

    monkeypatch.setattr(module, "_expectation", without_column)

    found = judge_summaries(table({}), ONE.format(verdict="warn", when="all"))

    assert [one.verdict for one in found[1]] == [Verdict.BROKEN]


def test_no_connection_is_opened(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert judge_summaries(table({"n_flagged": 6}), SERUM)


def test_no_folder_of_great_expectations_is_made_or_read(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    judge_summaries(table({}), SERUM)

    assert list(tmp_path.iterdir()) == []


def test_no_sentence_of_a_shipped_suite_names_a_sample():
    found = judge_summaries(table({"n_flagged": 30, "n_control_levels": 0, "n_with_result": 1}), SERUM)

    assert len(found[1]) == 3
    assert all("ferritin" in one.sentence for one in found[1])


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("leest = 3", "Did you mean 'least'?"),
        ("when = 'run'", "go with when = 'run'"),
        ("column = 'n_wells'", "Column 'n_wells' is not known"),
        ("verdict = 'maybe'", "Verdict 'maybe' is not known"),
        ("when = 'a and b'", "'when' is 'a and b'"),
        ("expect_column_values_to_be_in_set = 1", "is not known. Known keys"),
        ("least = 11\nmost = 2", "is above 'most'"),
        ("least = 'ten'", "must be a number"),
        ("sentence = '{sample}'", "may hold {analyte} and {observed}"),
        ("source = ''", "Key 'source' is missing"),
    ],
    ids=lambda value: value,
)
def test_a_faulty_suite_is_refused_with_its_fault(broken, words):
    key = broken.split(" =")[0]
    kept = [line for line in ONE.format(verdict="warn", when="all").splitlines() if line.split(" =")[0] != key]

    with pytest.raises(ConfigError) as refusal:
        judge_summaries(table({}), "\n".join([*kept, broken]))

    assert words in str(refusal.value)


def test_all_faults_of_a_suite_are_told_at_once():
    text = 'suite = "own"\n[[expectations]]\nid = "a"\n[[expectations]]\nid = "a"\ncolumn = "nobody"\n'

    with pytest.raises(ConfigError) as refusal:
        judge_summaries(table({}), text)

    assert len(refusal.value.faults) > 5
    assert "The id stands twice" in str(refusal.value)


def test_a_suite_may_be_json_of_the_same_shape():
    rows = table({"n_flagged": 6}, {"run_id": 2, "n_control_levels": 1})

    assert judge_summaries(rows, json.dumps(tomllib.loads(SERUM))) == judge_summaries(rows, SERUM)


def test_a_run_that_has_drifted_from_earlier_ones_is_told_once_there_are_enough():
    drifted = {"shift_log10": 3.0, "n_earlier_runs": 3.0}
    rows = table(drifted, drifted | {"run_id": 2, "n_earlier_runs": 2.0}, drifted | {"run_id": 3, "shift_log10": 0.4})

    found = judge_summaries(rows, SERUM)

    assert {run_id: rule_ids(findings) for run_id, findings in found.items()} == {1: ["serum_run.shift"]}
    assert "+3.00 log10 steps" in found[1][0].sentence


PANEL = (resources.files("checks") / "expectations" / "serum_chemistry.toml").read_text(encoding="utf-8")


def test_a_panel_is_judged_on_the_row_of_the_run_and_its_gaps_on_rows_of_their_own():
    whole = {"analyte": "", "share_panel_complete": 0.9}
    gap = {"analyte": "ck", "n_results": 0, "n_with_result": 0, "n_with_number": 0}
    rows = table({"analyte": "iron", "min_controls_per_level": 2.0}, gap, whole)

    found = judge_summaries(rows, PANEL)[1]

    assert [(one.rule, one.scope, dict(one.key)) for one in found] == [
        ("serum_chemistry.panel_complete", Scope.RUN, {}),
        ("serum_chemistry.analyte_present", Scope.ANALYTE, {"analyte": "ck"}),
    ]


def test_controls_are_counted_by_level():
    rows = table({"analyte": "iron", "min_controls_per_level": 1.0}, {"analyte": "ck", "min_controls_per_level": 2.0})

    assert [dict(one.key) for one in judge_summaries(rows, PANEL)[1]] == [{"analyte": "iron"}]


def test_threads_that_judge_at_once_get_their_own_verdicts():
    tables = [table({"run_id": number, "n_flagged": 6 * (number % 2)}) for number in range(1, 25)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda rows: judge_summaries(rows, SERUM), tables))

    assert [sorted(one) for one in found] == [[number] if number % 2 else [] for number in range(1, 25)]


def test_conditions_reach_great_expectations_as_objects_and_with_all_their_parts():
    from great_expectations.expectations.row_conditions import AndCondition

    import checks.expectations.suite as module
    from checks.expectations.suite_file import load_suite

    suite = load_suite(ONE.format(verdict="warn", when="plate"))
    condition = module._expectation(suite.expectations[0]).row_condition

    assert isinstance(condition, AndCondition)
    assert [part.column.name for part in condition.conditions] == ["row", "kind"]


def test_more_rows_than_great_expectations_tells_by_itself_are_all_told():
    rows = table(*[{"run_id": number, "n_flagged": 6} for number in range(1, 301)])

    assert len(judge_summaries(rows, SERUM)) == 300
