"""The screen of the corrections: what waits is accepted or refused by a letter, the marked ones together."""

from __future__ import annotations

import re

import pytest

import qc

SAMPLES = "study,sample,subject,visit,matrix\nS,A0,P1,0,serum\nS,A3,P1,3,serum\n"
RESULTS = "run,role,sample,analyte,matrix,value,unit,method\nT,sample,A0,iron,serum,80,ug/dL,chemistry\n"


@pytest.fixture
def lab(tmp_path):
    made = qc.init_lab(tmp_path / "lab", name="screen", settings={"lab.default_study": "S"})
    settings = (made.paths.root / "qc.toml").read_text(encoding="utf-8")
    (made.paths.root / "qc.toml").write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", settings), encoding="utf-8")
    made = qc.open_lab(made.paths.root)
    texts = [SAMPLES, RESULTS, SAMPLES.replace("A0,P1,0", "A0,P1,9"), SAMPLES.replace("A0,P1,0", "A0,P2,0")]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.csv").write_text(text, encoding="utf-8")
        made.ingest(tmp_path / f"{number}.csv")
    return made


@pytest.mark.parametrize(("keys", "n_decided"), [(("x",), 1), (("space", "down", "space", "x"), 2)])
def test_a_letter_refuses_the_marked_corrections_or_the_one_under_the_cursor(reviewing, run, lab, keys, n_decided):
    async def journey():
        async with reviewing(lab.paths.root, first="corrections") as reviewer:
            await reviewer.until(lambda: "2.csv" in reviewer.text() and "visit: S-" in reviewer.text())
            before = reviewer.text()
            await reviewer.press(*keys)
            await reviewer.until(lambda: reviewer.screen_name == "DecisionDialog")
            await reviewer.press(*"not_conf", "tab", "ctrl+s")
            await reviewer.until(lambda: len(reviewer.acts()) == n_decided)
            return before, reviewer.acts()

    before, acts = run(journey())

    assert re.search(r"visit: S-\w{5} -> S-\w{5}", before)
    assert [(act, reason) for act, _, reason in acts] == [("reject", "not_confirmed")] * n_decided
