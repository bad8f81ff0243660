from __future__ import annotations

import os
import re
import signal
import time

import pytest


def test_keys_typed_ahead_through_tmux_meet_the_rows_of_their_filter(tmux, demo_folder, ledger_acts, n_waiting):
    terminal = tmux(demo_folder)
    terminal.wait(rf"{n_waiting} waiting")

    terminal._run(
        *("send-keys", "-l", "/rule:range.soft", ";", "send-keys", "Enter", ";", "send-keys", "-l", "a/iron", ";"),
        *("send-keys", "Enter"),
    )

    terminal.wait(r"R20\.103: approved")
    terminal.wait(r"triage  \d waiting")
    assert ledger_acts(demo_folder) == [("approve", "R20.103", "")]


@pytest.mark.long
def test_forty_items_are_triaged_with_keys_alone(tmux, fuller_lab, ledger_acts, n_waiting):
    import qc

    folder, n_items = fuller_lab(24), n_waiting + 24
    terminal = tmux(folder)
    terminal.wait(rf"{n_items} waiting")

    terminal.type("/verdict:reject")
    n_rejected = int(re.search(r"(\d+) waiting", terminal.wait(rf"triage  (?!{n_items} )\d+ waiting"))[1])
    terminal.press("Enter")
    for _ in range(n_rejected):
        terminal.type("xident")
        terminal.press("Enter", "C-s")
    terminal.type("/")
    terminal.press("C-u")
    terminal.type("verdict:warn")
    terminal.wait(rf"{n_items - n_rejected} waiting")
    terminal.press("Enter")
    terminal.type("a" * (n_items - n_rejected))
    terminal.type("1")

    terminal.wait(r"triage  0 waiting", wait_s=90)
    acts = ledger_acts(folder)
    assert len(acts) == len({item for _, item, _ in acts}) == n_items
    assert [act for act, _, _ in acts].count("reject") == n_rejected
    assert qc.open_lab(folder).ledger.verify() == []


def test_a_dialog_survives_a_change_of_size(tmux, demo_folder, ledger_acts, n_waiting):
    terminal = tmux(demo_folder)
    terminal.wait(rf"{n_waiting} waiting")
    terminal.type("xident")
    terminal.wait(r"identity_in_doubt")

    terminal.resize(80, 24)
    text = terminal.wait(r"identity_in_doubt")
    terminal.resize(140, 40)
    terminal.press("Enter", "C-s")

    assert "REJECT" in text
    terminal.wait(r"R9\.5: rejected")
    assert ledger_acts(demo_folder) == [("reject", "R9.5", "identity_in_doubt")]


def test_the_screen_works_in_80_by_24_and_shows_the_picture(tmux, demo_folder, n_waiting):
    terminal = tmux(demo_folder, columns=80, rows=24)

    text = terminal.wait(r"─●─")

    lines = text.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "58.6 ng/mL" in text
    assert "525 mg/dL" in text


def test_no_color_leaves_greys_alone_and_shapes_tell_the_verdicts(tmux, demo_folder, n_waiting):
    terminal = tmux(demo_folder, env={"NO_COLOR": "1"})
    terminal.wait(rf"{n_waiting} waiting")
    terminal.wait(r"✗ REJECT")

    coloured = terminal.text("-e")

    triples = re.findall(r"[34]8[:;]2[:;](\d+)[:;](\d+)[:;](\d+)m?", coloured)
    assert all(len(set(triple)) == 1 for triple in triples)
    assert "✗" in coloured
    assert "!" in coloured


@pytest.mark.parametrize("moment", ["in the dialog", "while it is recorded"])
def test_a_kill_in_mid_decision_leaves_a_ledger_that_verifies(
    tmux, demo_folder, ledger_acts, is_long, moment, n_waiting
):
    import qc

    n_before = 0
    for turn in range(10 if is_long else 1):
        terminal = tmux(demo_folder)
        terminal.wait(r"waiting")
        terminal.type("xident")
        terminal.wait(r"identity_in_doubt")
        pid = terminal.pid
        if moment == "while it is recorded":
            terminal.press("Enter", "C-s")
            time.sleep(0.003 * turn)
        os.kill(pid, signal.SIGKILL)
        terminal.close()

        acts = ledger_acts(demo_folder)
        assert len(acts) - n_before in ((0,) if moment == "in the dialog" else (0, 1))
        assert qc.open_lab(demo_folder).verify() == []
        n_before = len(acts)


def test_a_decision_of_somebody_else_is_shown_and_not_overwritten(tmux, demo_folder, ledger_acts, n_waiting):
    import qc

    terminal = tmux(demo_folder)
    terminal.wait(rf"{n_waiting} waiting")
    qc.open_lab(demo_folder).decide("R9.5", "approve", reason="haemolysed", actor="anna")

    terminal.type("xident")
    terminal.press("Enter", "C-s")

    terminal.wait(r"Somebody else has acted|by anna")
    terminal.press("Escape")
    terminal.wait(r"approved by anna|approved …|approved b")
    assert [act for act, _, _ in ledger_acts(demo_folder)] == ["approve"]


def test_a_writer_never_waits_for_an_open_screen_and_the_screen_tells_of_newer_data(tmux, demo_folder, n_waiting):
    import qc

    terminal = tmux(demo_folder)
    terminal.wait(rf"{n_waiting} waiting")
    terminal.type("jkjk")

    began = time.monotonic()
    lab = qc.open_lab(demo_folder)
    with lab.facts.writing(wait_s=10) as con:
        con.execute("UPDATE assessments SET software = software || '+'")
    waited_s = time.monotonic() - began

    assert waited_s < 5
    terminal.wait(r"newer data are there")
    terminal.press("C-l")
    terminal.wait(rf"{n_waiting} waiting")
