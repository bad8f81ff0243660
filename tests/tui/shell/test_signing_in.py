from __future__ import annotations

import re

import pytest

import qc
from qc.people.guarded_settings import enter_settings
from qc.people.sessions import open_session, sign_out
from qc.store.ledger import Kind

PASSWORD = "correct horse battery"
CREDENTIALS = (*"anna", "enter", *PASSWORD, "enter")


@pytest.fixture
def decisions():
    def told(folder):
        return [(e.body["act"], e.object, e.actor) for e in qc.open_lab(folder).ledger.entries(kinds=[Kind.DECISION])]

    return told


def _outcomes(folder):
    told = [e.body["outcome"] for e in qc.open_lab(folder).ledger.entries(kinds=[Kind.SIGN_IN])]
    return [outcome for outcome in told if outcome != "signed in"]


@pytest.fixture(autouse=True)
def nobody_stays(lab_of_nobody):
    yield
    sign_out(qc.open_lab(lab_of_nobody))


def test_an_act_asks_who_is_there_and_goes_on_after_it(reviewing, run, lab_of_nobody, decisions):
    async def journey():
        async with reviewing(lab_of_nobody, text="item:R20.103") as reviewer:
            before = reviewer.lines()[0]
            await reviewer.press("a")
            asked = reviewer.screen_name
            await reviewer.press(*CREDENTIALS[:-1])
            typed = reviewer.text()
            await reviewer.press("enter")
            await reviewer.until(lambda: bool(decisions(lab_of_nobody)))
            await reviewer.until(lambda: "anna until" in reviewer.lines()[0])
            return before, asked, typed, reviewer.lines()[0]

    before, asked, typed, after = run(journey())

    assert "nobody has signed in: I" in before
    assert asked == "SignInDialog"
    assert PASSWORD not in typed
    assert "•" * len(PASSWORD) in typed
    assert re.search(r"anna until \d\d:\d\d UTC", after)
    assert decisions(lab_of_nobody) == [("approve", "R20.103", "anna")]


def test_a_session_that_ends_while_a_reason_is_typed_costs_neither_reason_nor_act(
    reviewing, run, lab_of_anna, decisions
):
    async def journey():
        async with reviewing(lab_of_anna) as reviewer:
            item = reviewer.model.row(0).item
            await reviewer.press("x", *"ident")
            sign_out(qc.open_lab(lab_of_anna))
            await reviewer.press("enter", "ctrl+s")
            asked, text = reviewer.screen_name, reviewer.text()
            await reviewer.press(*PASSWORD, "enter")  # the name is known from before
            await reviewer.until(lambda: bool(decisions(lab_of_anna)))
            return item, asked, text

    item, asked, text = run(journey())

    assert asked == "SignInDialog"
    assert "anna" in text
    assert decisions(lab_of_anna) == [("reject", item, "anna")]
    assert qc.open_lab(lab_of_anna).ledger.entries(kinds=[Kind.DECISION])[0].body["reason"] == "identity_in_doubt"


def test_an_undo_asks_as_well_and_takes_back_once(reviewing, run, lab_of_anna, ledger_acts):
    async def journey():
        async with reviewing(lab_of_anna, text="item:R20.103") as reviewer:
            await reviewer.press("a")
            sign_out(qc.open_lab(lab_of_anna))
            await reviewer.press("u", *PASSWORD, "enter")
            await reviewer.until(lambda: ("undo", "R20.103", "") in ledger_acts(lab_of_anna))
            await reviewer.press("u")
            return [act for act, _, _ in ledger_acts(lab_of_anna)]

    assert run(journey()).count("undo") == 1


def test_leaving_the_question_records_nothing_and_says_so(reviewing, run, lab_of_nobody, decisions):
    async def journey():
        async with reviewing(lab_of_nobody) as reviewer:
            await reviewer.press("x", "escape")
            return reviewer.screen_name, _outcomes(lab_of_nobody)

    assert run(journey()) == ("TriageView", [])
    assert decisions(lab_of_nobody) == []


def test_wrong_passwords_are_recorded_and_slowed_as_everywhere(reviewing, run, lab_of_nobody, decisions):
    async def journey():
        async with reviewing(lab_of_nobody) as reviewer:
            await reviewer.press("I", *"anna", "enter")
            texts = []
            for _ in range(4):
                before = reviewer.app.screen
                await reviewer.press(*"wrong", "enter")
                await reviewer.until(lambda before=before: reviewer.app.screen is not before)
                await reviewer.pilot.pause()
                texts.append(reviewer.text())
            return texts, _outcomes(lab_of_nobody)

    texts, outcomes = run(journey())

    assert all("do not fit" in text for text in texts[:3])
    assert "3 wrong passwords in a row: try again in" in texts[3]
    assert outcomes == ["refused"] * 3
    assert "wrong" not in texts[0].replace("wrong passwords", "")


def test_keys_that_were_typed_ahead_of_the_question_are_no_password(reviewing, run, lab_of_nobody, decisions):
    async def journey():
        async with reviewing(lab_of_nobody) as reviewer:
            await reviewer.type_ahead("x", *"ident", "enter", *"anna", "enter", "ctrl+s", "enter", "a")
            await reviewer.until(lambda: reviewer.screen_name == "SignInDialog")
            await reviewer.pilot.pause()
            screen = reviewer.app.screen
            return screen.line("name").value, screen.line("password").value, _outcomes(lab_of_nobody)

    assert run(journey()) == ("", "", [])
    assert decisions(lab_of_nobody) == []


def test_who_signs_out_is_asked_again_and_another_person_may_come(reviewing, run, lab_of_anna, decisions):
    async def journey():
        async with reviewing(lab_of_anna, text="rule:csf_blood") as reviewer:
            await reviewer.press("a", "O")
            await reviewer.until(lambda: "nobody has signed in" in reviewer.lines()[0])
            ended = open_session(qc.open_lab(lab_of_anna))
            await reviewer.press("a", "shift+tab", "ctrl+u", *"vera", "enter", *PASSWORD, "enter")
            await reviewer.until(lambda: len(decisions(lab_of_anna)) == 2)
            await reviewer.press("u", "u")
            await reviewer.until(lambda: "vera until" in reviewer.lines()[0])
            return ended, [e.kind for e in qc.open_lab(lab_of_anna).ledger.entries()].count(Kind.UNDO)

    ended, n_undone = run(journey())

    assert ended is None
    assert [actor for _, _, actor in decisions(lab_of_anna)] == ["anna", "vera"]
    assert n_undone == 1  # what anna decided is not undone by a key of vera


def test_a_screen_for_reading_asks_nobody_who_is_there(reviewing, run, lab_of_nobody):
    async def journey():
        async with reviewing(lab_of_nobody, is_read_only=True) as reviewer:
            await reviewer.press("a", "x")
            return reviewer.screen_name

    assert run(journey()) == "TriageView"


def test_a_lab_without_accounts_asks_nobody(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder, text="item:R20.103") as reviewer:
            await reviewer.press("I", "a")
            await reviewer.until(lambda: bool(reviewer.acts()))
            return reviewer.lines()[0], reviewer.acts()

    header, acts = run(journey())

    assert "until" not in header
    assert acts == [("approve", "R20.103", "")]


def test_a_password_is_no_part_of_what_is_printed_of_an_answer():
    from tui.dialogs.sign import Signing
    from tui.dialogs.sign_in import Credentials

    assert PASSWORD not in repr(Credentials("anna", PASSWORD)) + repr(Signing("review", "anna", PASSWORD))


def test_a_signature_with_a_wrong_password_is_asked_for_again(reviewing, run, lab_of_anna):
    qc.open_lab(lab_of_anna).decide("R20.103", "approve")
    sign_out(qc.open_lab(lab_of_anna))

    async def journey():
        async with reviewing(lab_of_anna, text="item:R20.103 state:any") as reviewer:
            await reviewer.press("S", *"appro", "tab", *"anna", "tab", *"wrong", "ctrl+s")
            await reviewer.until(lambda: "do not fit" in reviewer.text())
            none = qc.open_lab(lab_of_anna).signatures()
            await reviewer.press(*PASSWORD, "ctrl+s")
            await reviewer.until(lambda: bool(qc.open_lab(lab_of_anna).signatures()))
            return none

    assert run(journey()) == []
    assert [s.by for s in qc.open_lab(lab_of_anna).signatures()] == ["password"]


def test_a_time_out_in_the_middle_of_triage_asks_again_through_tmux(tmux, lab_of_nobody, n_waiting, decisions):
    settings = lab_of_nobody / "qc.toml"
    text = settings.read_text(encoding="utf-8")
    assert "session_minutes = 15" in text
    settings.write_text(re.sub(r"session_minutes = 15(\.0)?", "session_minutes = 0.1", text), encoding="utf-8")
    enter_settings(qc.open_lab(lab_of_nobody), "root")
    terminal = tmux(lab_of_nobody)
    terminal.wait(rf"{n_waiting} waiting")
    terminal.wait(r"nobody has signed in: I")

    terminal.type("/rule:csf_blood")
    terminal.press("Enter")
    terminal.type("a")
    terminal.wait(r"SIGN IN")
    terminal.type("anna")
    terminal.press("Enter")
    terminal.type(PASSWORD)
    assert PASSWORD not in terminal.text()
    terminal.press("Enter")
    terminal.wait(r": approved")
    terminal.wait(r"anna until")
    terminal.wait(r"nobody has signed in: I")  # six seconds without an act
    terminal.type("a")
    terminal.wait(r"SIGN IN")
    terminal.type(PASSWORD)
    terminal.press("Enter")
    terminal.wait(r"2 decided")

    assert [(act, actor) for act, _, actor in decisions(lab_of_nobody)] == [("approve", "anna")] * 2
    assert qc.open_lab(lab_of_nobody).ledger.verify() == []
