from __future__ import annotations

import random
from collections import Counter

import pytest
from textual.screen import ModalScreen

import qc
from tui.dialogs.decision import DecisionDialog
from tui.dialogs.question import QuestionDialog
from tui.screens import warnings
from tui.shell import asked_decision
from tui.triage import bulk_verbs, verbs

LETTERS = "abcdefghijklmnoprstuvwxyzABCDEFGHIJKLMNOPRSTUVWXYZ0123456789/:?*[]- "
NAMED = (
    *("enter", "escape", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"),
    *("ctrl+s", "ctrl+r", "ctrl+l", "ctrl+u", "ctrl+d", "ctrl+t", "backspace", "space", "f1", "f5"),
    *("f2", "f3", "f3", "f3", "f4", "f6", "f7", "f8", "f9", "f10", "f12"),
)
BURSTS = (("x", *"other", "enter", "ctrl+s"), ("r", *"other", "enter", "enter"), ("a", *"haem", "enter", "enter"))
"""What somebody means, among what a cat types: without it hardly anything would ever be decided."""
A_ROUND = 40
"""Keys after which the way back to a screen is looked for."""
MOST_ESCAPES = 12


class Confirmed:
    """What was said in dialogs, or by a letter that asks nothing."""

    def __init__(self, monkeypatch):
        self.acts: Counter[str] = Counter()
        self.rejected_by_enter = 0
        ask, go_on, give = asked_decision.ask_decision, DecisionDialog.action_go_on, DecisionDialog.give
        entered: list[object] = []

        async def noted(view, preview, items):
            answer = await ask(view, preview, items)
            self.acts[preview.act.value] += answer is not None
            return answer

        def going_on(dialog):
            entered.append(dialog)
            go_on(dialog)
            entered.pop()

        def giving(dialog, answer):
            self.rejected_by_enter += answer is not None and dialog in entered and dialog.preview.act.value == "reject"
            give(dialog, answer)

        def answering(question):
            is_why = question.question.startswith("Why, for ")
            self.acts["comment"] += is_why and bool(question.line("answer").value.strip())
            done(question)

        done = QuestionDialog.action_done
        monkeypatch.setattr(QuestionDialog, "action_done", answering)
        for asking in (verbs, bulk_verbs, warnings):
            monkeypatch.setattr(asking, "ask_decision", noted)
        monkeypatch.setattr(DecisionDialog, "action_go_on", going_on)
        monkeypatch.setattr(DecisionDialog, "give", giving)


def _decided(folder):
    """Return how often each act was recorded; the entries of one act on several items are written at one moment."""
    entries = [e for e in qc.open_lab(folder).ledger.entries() if str(e.kind) == "decision"]
    return Counter(act for act, _ in {(e.body["act"], e.at) for e in entries})


def _keys(rng, n):
    keys = []
    while len(keys) < n:
        kind = rng.random()
        keys += rng.choice(BURSTS) if kind < 0.02 else [rng.choice(NAMED if kind < 0.45 else LETTERS)]
    return keys


@pytest.mark.parametrize("seed", [1])
def test_no_key_leads_to_a_dead_end_a_crash_or_a_decision_that_nobody_confirmed(
    reviewing, run, demo_folder, monkeypatch, is_long, seed
):
    rng, confirmed, n_left = random.Random(seed), Confirmed(monkeypatch), 100_000 if is_long else 200

    async def visit():
        nonlocal n_left
        async with reviewing(demo_folder, size=rng.choice([(80, 24), (120, 40)]), by_cause=True) as reviewer:
            while n_left > 0 and not reviewer.app._exit:
                keys = _keys(rng, A_ROUND)
                n_left -= len(keys)
                await reviewer.type_ahead(*keys)
                if reviewer.app._exit:
                    return
                for _ in range(MOST_ESCAPES):
                    if isinstance(reviewer.app.screen, ModalScreen):
                        await reviewer.press("escape")
                assert not isinstance(reviewer.app.screen, ModalScreen), keys
                await reviewer.press("f3")

    while n_left > 0:
        run(visit())

    recorded = _decided(demo_folder)
    assert confirmed.rejected_by_enter == 0
    assert {act: n for act, n in recorded.items() if n > confirmed.acts[act]} == {}
    assert sum(recorded.values())
