from __future__ import annotations

import re
import shutil

import pytest

import qc
from qc.people.account_changes import add_account
from qc.people.sessions import sign_out

PASSWORD = "correct horse battery"


def test_what_is_copied_under_tmux_lies_in_its_buffer_and_the_screen_says_so(tmux, demo_folder, n_waiting):
    terminal = tmux(demo_folder)
    terminal.wait(rf"{n_waiting} waiting")
    terminal.wait(r"525 mg/dL of")

    terminal.type("y")

    terminal.wait(r"copied into tmux's buffer")
    copied = terminal._run("show-buffer")
    assert copied.startswith("R9.5 preanalytic.haemolysis The sample of ferritin")
    assert "525 mg/dL" in copied


def test_outside_tmux_the_terminal_is_asked_to_copy(reviewing, run, demo_folder, monkeypatch):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            written: list[str] = []
            monkeypatch.setattr(reviewer.app._driver, "write", written.append)
            await reviewer.press("y")
            await reviewer.until(lambda: any("]52;" in text for text in written))
            return "".join(written)

    assert "\x1b]52;c;" in run(journey())


def test_a_click_on_a_row_takes_the_cursor_there_and_decides_nothing(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.pilot.click("#queue", offset=(10, 4))
            await reviewer.until(lambda: reviewer.app.screen.table.cursor == 3)
            row = reviewer.model.row(3)
            await reviewer.until(lambda: str(reviewer.app.screen.shown.dossier.item) == row.item)
            await reviewer.pilot.pause()
            return row.item, reviewer.lines(), reviewer.acts()

    item, lines, acts = run(journey())

    assert [line for line in lines if "▸" in line and item in line]
    assert acts == []


def test_a_bulk_is_recorded_and_undone_by_keys_through_tmux(tmux, demo_folder, ledger_acts, n_waiting):
    terminal = tmux(demo_folder)
    terminal.wait(rf"{n_waiting} waiting")

    terminal.type("/rule:csf_blood")
    terminal.press("Enter")
    terminal.type("*a")
    n_marked = int(re.search(r"APPROVE +(\d+) items", terminal.wait(r"APPROVE +\d+ items"))[1])
    assert 1 < n_marked < n_waiting
    assert ledger_acts(demo_folder) == []
    if n_marked > 9:
        terminal.type(str(n_marked))
        terminal.press("Enter")
    terminal.type("looked at all")
    terminal.press("Enter")
    terminal.wait(rf"{n_marked} items: approved")
    terminal.type("u")
    terminal.wait(rf"{n_marked} items: taken back")

    acts = [act for act, _, _ in ledger_acts(demo_folder)]
    assert acts == ["approve"] * n_marked + ["undo"] * n_marked
    assert qc.open_lab(demo_folder).ledger.verify() == []


@pytest.mark.parametrize("keys", ["a", "x", "r", "S"])
def test_arrows_and_letters_confirm_nothing_in_any_dialog(reviewing, run, demo_folder, keys):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press(keys)
            await reviewer.press("down", "up", "left", "right", "pagedown", "home", "end", *"yYoO", "space")
            return reviewer.acts(), reviewer.screen_name, qc.open_lab(demo_folder).signatures()

    acts, screen, signatures = run(journey())

    assert acts == []
    assert signatures == []
    assert screen in ("DecisionDialog", "SignDialog")


@pytest.fixture
def signed_in_lab(released_demo, tmp_path):
    folder = tmp_path / "demo"
    shutil.copytree(released_demo, folder)
    lab = qc.open_lab(folder)
    add_account(lab, "root", roles=["admin"], password=PASSWORD)
    lab.sign_in("root", PASSWORD)
    add_account(lab, "anna", full_name="Anna Ek", roles=["lab_manager"], password=PASSWORD)
    lab.sign_in("anna", PASSWORD)
    yield folder
    sign_out(lab)


def test_a_release_is_signed_off_on_its_screen(reviewing, run, signed_in_lab):
    def signed():
        return [(s.user, s.meaning.value, s.object) for s in qc.open_lab(signed_in_lab).signatures()]

    async def journey():
        async with reviewing(signed_in_lab, first="release") as reviewer:
            await reviewer.until(lambda: "not signed" in reviewer.text())
            name = reviewer.app.screen.checklist.releases[0][0]
            await reviewer.press("S", *"appro", "enter", "down", "enter")
            before = signed()
            await reviewer.press("ctrl+s")
            await reviewer.until(lambda: bool(signed()))
            await reviewer.until(lambda: "Anna Ek" in reviewer.text() and "not signed" not in reviewer.text())
            return name, before

    name, before = run(journey())

    assert before == []
    assert [one[:2] for one in signed()] == [("anna", "approval")]
    assert name in signed()[0][2]
