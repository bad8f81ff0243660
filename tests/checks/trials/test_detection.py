from __future__ import annotations

import numpy as np
import pytest

from checks.trials.detection import detection
from checks.trials.detection_limits import DetectionSettings
from schemas.errors import ReaderError


def experiment(shifts, n=12):
    rng = np.random.default_rng(5)
    rows = ["lot,sample,kind,day,replicate,value,target"]
    for lot, shift in shifts.items():
        for sample in range(5):
            for rep in range(n):
                rows.append(f"{lot},B{sample},blank,{rep // 4},{rep % 4},{rng.normal(1 + shift, 0.5):.4f},")
                level = 3 + sample
                rows.append(f"{lot},L{sample},low,{rep // 4},{rep % 4},{rng.normal(level, 0.6):.4f},{level}")
    return "\n".join(rows) + "\n"


def test_of_two_lots_the_worst_counts_and_of_four_all_together():
    two = detection(experiment({"A": 0.0, "B": 0.8}), DetectionSettings())
    four = detection(experiment({"A": 0.0, "B": 0.1, "C": 0.2, "D": 0.8}), DetectionSettings())

    by_lot = {lot["lot"]: lot for lot in two["lots"]}
    assert two["lob"]["value"] == max(lot["lob"]["value"] for lot in two["lots"]) == by_lot["B"]["lob"]["value"]
    assert two["lod"]["basis"] == "lot B, the worst of 2"
    assert four["lod"]["value"] == four["pooled"]["lod"]["value"]
    assert two["verdict"] == "pass"


def test_the_limit_of_quantitation_is_never_below_the_limit_of_detection():
    answer = detection(experiment({"A": 1.5, "B": 1.5}), DetectionSettings(cv_goal_percent=60.0))

    assert answer["loq"]["value"] == answer["lod"]["value"] > 3.5
    assert "raised" in answer["loq"]["method"]


def test_a_total_error_goes_by_targets():
    answer = detection(experiment({"A": 0, "B": 0}), DetectionSettings(error_goal_percent=30.0, cv_goal_percent=None))

    assert answer["loq"]["method"] == "total_error_westgard"
    assert answer["loq"]["value"] in (4, 5, 6, 7)


def test_words_for_below_rank_low_and_hit_rates_come_from_their_column():
    rows = ["sample,kind,value,detected,target"]
    rows += [f"B,blank,{value},,\n" for value in ["<0.1"] * 30 + [f"{0.1 + step / 100:.2f}" for step in range(30)]]
    for target, hits in ((1, 6), (2, 12), (4, 18), (8, 20)):
        rows += [f"L{target},low,,{'pos' if rep < hits else 'neg'},{target}" for rep in range(20)]

    answer = detection("\n".join(row.strip() for row in rows) + "\n", DetectionSettings(detection_method="probit"))

    assert answer["lob"]["value"] == pytest.approx(0.365)
    assert answer["lod"]["method"] == "probit"
    assert 4 < answer["lod"]["value"] < 8
    assert answer["verdict"] == "warn"


def test_what_is_no_experiment_is_refused_by_line():
    with pytest.raises(ReaderError) as refused:
        detection("sample,kind,value\nA,blanc,1\nB,low,>5\n", DetectionSettings())

    assert [fault.where for fault in refused.value.faults] == ["line 2", "line 3"]


def test_few_results_give_a_verdict_that_stops_a_script():
    answer = detection("sample,kind,value\nA,blank,1\nA,blank,2\nL,low,3\nL,low,4\n", DetectionSettings())

    assert answer["verdict"] == "not_evaluable"
    assert "10 are needed" in answer["reasons"][0]
