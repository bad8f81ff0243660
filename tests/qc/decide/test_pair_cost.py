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

    (cost,) = lab.pair_cost(_result_at(lab, "gdnf", "csf", first, "0")).costs

    assert (cost.analyte, cost.matrix, cost.n_pairs, cost.n_lost, cost.n_left) == ("gdnf", "csf", 15, 1, 14)
    assert cost.is_planned


def test_both_results_of_a_subject_cost_one_pair_and_a_visit_between_costs_none(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    first = _subjects(lab)[0]
    both = [_result_at(lab, "gdnf", "csf", first, visit) for visit in "03"]

    assert [cost.n_lost for cost in lab.pair_cost(both).costs] == [1]
    assert lab.pair_cost(_result_at(lab, "gdnf", "csf", first, "1")).is_free


def test_a_result_that_is_rejected_already_costs_nothing_more(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    item = _result_at(lab, "gdnf", "csf", _subjects(lab)[0], "0")
    lab.decide(item, "reject", reason="outside_record", note="bench book")

    assert lab.pair_cost(item).is_free


def test_a_run_that_falls_below_the_minimum_is_said_so(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")

    costs = lab.pair_cost(["R3", "R4"]).costs  # both plates of GDNF in CSF

    assert [(cost.analyte, cost.n_left, cost.falls_below) for cost in costs] == [("gdnf", 0, True)]


def test_a_sample_costs_a_pair_in_every_contrast_that_it_has_a_result_in(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    with lab.facts.reading() as con:
        code = con.execute("SELECT sample FROM samples WHERE visit = '0' AND matrix = 'csf' LIMIT 1").fetchall()[0][0]
    from qc.lab.blinding import pseudonym, read_secret

    name = pseudonym(read_secret(lab.paths.blind_secret), "sample:ALS-1", code)

    assert {cost.matrix for cost in lab.pair_cost(name).costs} == {"csf"}
    assert len(lab.pair_cost(name).costs) == 8
    assert [cost.analyte for cost in lab.pair_cost(f"{name}/iron").costs] == ["iron"]


def test_before_a_plan_is_locked_it_is_not_known_which_pairs_are_lost(lab):
    cost = lab.pair_cost(_result_at(lab, "gdnf", "csf", _subjects(lab)[0], "2"))

    assert not cost.is_known
    assert cost.sentences == (
        "No plan of study 'ALS-1' is locked: which pairs this would cost is not known.",
        "gdnf in csf, by two visits: of 6 contrasts 3 would lose 1 of 15 pairs, 3 would keep 15.",
    )


def test_a_result_without_subject_and_visit_costs_nobody_knows_what(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    first = _subjects(lab)[0]
    item = _result_at(lab, "gdnf", "csf", first, "0")
    with lab.facts.writing() as con:
        con.execute("UPDATE samples SET visit = '' WHERE subject = ?", [first])

    cost = lab.pair_cost(item)

    assert (cost.is_known, cost.is_free, cost.costs) == (False, False, ())
    assert cost.sentences[0].startswith("1 result has no subject and visit")


def test_a_well_costs_no_pair_since_its_result_stays(lab):
    assert lab.pair_cost("R3@B7").sentences == ("No pair would be lost: the result stays, without the well.",)


@pytest.mark.parametrize("visits", ["0", "1", "2", "3", "01", "13", "023", "123"])
def test_nothing_is_called_free_without_a_plan_that_some_plan_would_lose(lab, visits):
    first = _subjects(lab)[0]
    items = [_result_at(lab, "gdnf", "csf", first, visit) for visit in visits]

    before = lab.pair_cost(items)
    lab.lock_plan(lab.paths.root / "plan.toml")
    after = lab.pair_cost(items)

    assert not before.is_free
    assert [cost.n_lost for cost in after.costs] == [1] * bool(set(visits) & set("03"))


def test_the_cost_names_neither_subject_nor_sample_nor_visit(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    with lab.facts.reading() as con:
        sql = "SELECT subject FROM samples UNION SELECT sample FROM samples"
        names = [row[0] for row in con.execute(sql).fetchall()]

    told = json.dumps(lab.pair_cost(["R3", "R9", "R19"]).as_json())

    assert [name for name in names if name in told] == []
    assert "visit" not in told
