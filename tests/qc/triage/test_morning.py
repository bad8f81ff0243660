from __future__ import annotations

import qc
from qc.triage.morning import NOTHING_WRONG, NOTHING_YET, morning


def _read(lab):
    with lab.facts.reading() as con:
        told = morning(lab, con)
        n_approved = con.execute("SELECT count(*) FROM latest_results WHERE state = 'auto_approved'").fetchone()[0]
        n_runs, n_judged = con.execute("SELECT count(DISTINCT run_id), count(*) FROM assessments").fetchone()
    return told, n_approved, n_runs, n_judged


def test_a_run_that_was_judged_twice_counts_once(demo_folder):
    lab = qc.open_lab(demo_folder)
    lab.decide(lab.approved_in_spite()[0].shown.item, "reject", reason="identity_in_doubt")
    lab.assess()

    told, n_approved, n_runs, n_judged = _read(lab)

    assert n_judged > n_runs == told.n_judged
    assert told.n_auto_approved == n_approved


def test_a_lab_without_a_run_is_not_said_to_be_well(tmp_path):
    told = _read(qc.init_lab(tmp_path / "lab"))[0]

    assert told.sentence == NOTHING_YET != NOTHING_WRONG
