from __future__ import annotations

import json

import pytest

import qc


@pytest.fixture
def lab(demo_folder):
    return qc.open_lab(demo_folder)


def _result_at(lab, analyte, matrix, subject, visit):
    sql = """SELECT r.result_id FROM latest_results r JOIN latest_samples s USING (study, sample)
        WHERE r.analyte = ? AND r.matrix = ? AND s.subject = ? AND s.visit = ?"""
    with lab.facts.reading() as con:
        (row,) = con.execute(sql, [analyte, matrix, subject, visit]).fetchall()
    return f"R{row[0] >> 20}.{row[0] & 0xFFFFF}"


def _subjects(lab):
    with lab.facts.reading() as con:
        return [row[0] for row in con.execute("SELECT DISTINCT subject FROM samples ORDER BY 1").fetchall()]


def test_a_rejection_costs_one_pair_of_its_contrast_against_the_plan(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    first = _subjects(lab)[0]

    (cost,) = lab.pair_cost(_result_at(lab, "gdnf", "csf", first, "0"))

    assert (cost.analyte, cost.matrix, cost.n_pairs, cost.n_lost, cost.n_left) == ("gdnf", "csf", 15, 1, 14)
    assert cost.is_planned


def test_both_results_of_a_subject_cost_one_pair_and_a_visit_between_costs_none(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    first = _subjects(lab)[0]
    both = [_result_at(lab, "gdnf", "csf", first, visit) for visit in "03"]

    assert [cost.n_lost for cost in lab.pair_cost(both)] == [1]
    assert lab.pair_cost(_result_at(lab, "gdnf", "csf", first, "1")) == []


def test_a_result_that_is_rejected_already_costs_nothing_more(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    item = _result_at(lab, "gdnf", "csf", _subjects(lab)[0], "0")
    lab.decide(item, "reject", reason="other")

    assert lab.pair_cost(item) == []


def test_a_run_that_falls_below_the_minimum_is_said_so(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")

    costs = lab.pair_cost(["R3", "R4"])  # both plates of GDNF in CSF

    assert [(cost.analyte, cost.n_left, cost.falls_below) for cost in costs] == [("gdnf", 0, True)]


def test_a_sample_costs_a_pair_in_every_contrast_that_it_has_a_result_in(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    with lab.facts.reading() as con:
        code = con.execute("SELECT sample FROM samples WHERE visit = '0' AND matrix = 'csf' LIMIT 1").fetchall()[0][0]
    from qc.lab.blinding import pseudonym, read_secret

    name = pseudonym(read_secret(lab.paths.blind_secret), "sample:ALS-1", code)

    assert {cost.matrix for cost in lab.pair_cost(name)} == {"csf"}
    assert len(lab.pair_cost(name)) == 8
    assert [cost.analyte for cost in lab.pair_cost(f"{name}/iron")] == ["iron"]


def test_without_a_plan_any_two_visits_count(lab):
    first = _subjects(lab)[0]
    items = [_result_at(lab, "gdnf", "csf", first, visit) for visit in "012"]

    (cost,) = lab.pair_cost(items)

    assert (cost.n_pairs, cost.n_lost, cost.is_planned) == (15, 1, False)


def test_the_cost_names_neither_subject_nor_sample_nor_visit(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    with lab.facts.reading() as con:
        sql = "SELECT subject FROM samples UNION SELECT sample FROM samples"
        names = [row[0] for row in con.execute(sql).fetchall()]

    told = json.dumps([cost.as_json() for cost in lab.pair_cost(["R3", "R9", "R19"])])

    assert [name for name in names if name in told] == []
    assert "visit" not in told
