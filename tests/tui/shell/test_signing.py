from __future__ import annotations

import qc
from qc.people.sessions import sign_out

PASSWORD = "correct horse battery"


def _signatures(folder):
    return [(s.object, s.user, s.meaning.value, s.by) for s in qc.open_lab(folder).signatures()]


def test_a_decision_is_signed_with_its_meaning_by_ctrl_s_alone(reviewing, run, lab_of_anna):
    async def journey():
        async with reviewing(lab_of_anna, text="item:R20.103 state:any") as reviewer:
            await reviewer.press("a", "S", *"rev", "enter", "enter")
            before = _signatures(lab_of_anna)
            await reviewer.press("ctrl+s")
            await reviewer.until(lambda: bool(_signatures(lab_of_anna)))
            return before

    before = run(journey())

    assert before == []
    assert _signatures(lab_of_anna) == [("R20.103", "anna", "review", "session")]


def test_nobody_who_has_not_signed_in_decides_and_a_signature_asks_for_name_and_password(reviewing, run, lab_of_anna):
    qc.open_lab(lab_of_anna).decide("R20.103", "approve")
    sign_out(qc.open_lab(lab_of_anna))

    async def journey():
        async with reviewing(lab_of_anna, text="item:R20.103 state:any") as reviewer:
            await reviewer.press("S", *"appro", "tab", *"anna", "tab", *PASSWORD)
            await reviewer.pilot.pause()
            text = reviewer.text()
            await reviewer.press("ctrl+s")
            await reviewer.until(lambda: bool(_signatures(lab_of_anna)))
            return text

    text = run(journey())

    assert PASSWORD not in text
    assert _signatures(lab_of_anna) == [("R20.103", "anna", "approval", "password")]
