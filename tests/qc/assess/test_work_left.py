from __future__ import annotations

from filelock import FileLock

import qc
from qc.assess import work_left


def test_of_many_that_would_judge_beside_each_other_one_judges_and_one_waits(demo_folder, monkeypatch):
    lab = qc.open_lab(demo_folder)
    judged = []
    monkeypatch.setattr(work_left, "judge_work_left", lambda lab: judged.append(lab) or [])

    with FileLock(demo_folder / ".touched-next.lock"):
        assert work_left.judge_work_left_in_turn(lab) == []
        assert judged == []
    work_left.judge_work_left_in_turn(lab)
    work_left.judge_work_left_in_turn(lab)

    assert judged == [lab, lab]
