"""Every screen and dialog, walked with keys in a study of labels that stand nowhere else, and searched for them."""

from __future__ import annotations

import json
import shutil

import pytest
from labelled_study import labelled_lab

import qc
from tui.screens.table_of_screens import SCREENS

SIZE = (220, 70)
SHOWN_BY = {
    "morning": "items wait",
    "triage": " waiting",
    "log": "comment",
    "rules": "calibration.blank",
    "limits": "soft low",
    "compare": "median",
    "release": "nothing waits for a person",
    "corrections": "no correction waits",
    "warnings": "in spite of a warning",
}
DIALOGS = ("a", "x", "r", "d", "c", "u", "S", "J", "W", "s", "T", "e", "question_mark", "colon", "I")
"""Keys of triage that ask something; each is left again by escape."""


@pytest.fixture(scope="module")
def labelled(made_once, tmp_path_factory, is_long):
    """Return a judged lab of the labelled study, and its labels."""
    made = made_once("labelled", lambda folder: labelled_lab(folder, whole=is_long))
    folder = tmp_path_factory.mktemp("blind_screens") / "labelled"
    shutil.copytree(made, folder)
    lab = qc.open_lab(folder / "lab")
    lab.lock_plan(folder / "study" / "plan.toml")
    lab.decide(lab.queue()[0], "comment", note="a bubble", actor="anna")
    return lab, json.loads((folder / "labels.json").read_text())


class Walk:
    """Somebody who walks through the screens, and all that was shown on the way."""

    def __init__(self, reviewer):
        self.reviewer = reviewer
        self.told: list[tuple[str, str]] = []
        self.pictured: set[str] = set()

    async def press(self, *keys):
        for key in keys:
            await self.reviewer.press(key)
            self.look(key)

    def look(self, where):
        app = self.reviewer.app
        name = f"{self.reviewer.screen_name}, {where}"
        self.told.append((name, self.reviewer.text()))
        if self.reviewer.screen_name not in self.pictured:
            self.pictured.add(self.reviewer.screen_name)
            self.told.append((f"picture of {name}", app.export_screenshot()))

    async def home(self, name):
        await self.press(SCREENS[name].key)
        await self.reviewer.until(lambda: SHOWN_BY[name] in self.reviewer.text())
        self.look(name)

    async def back(self):
        await self.press("escape")
        await self.reviewer.until(lambda: self.reviewer.screen_name.endswith("View"))


async def _walk_triage(walk, n_items):
    await walk.home("triage")
    for _ in range(n_items):
        await walk.press("right_square_bracket", "right_square_bracket", "right_square_bracket", "down")
    for key in DIALOGS:
        await walk.press(key)
        await walk.reviewer.pilot.pause(0.2)
        walk.look(f"{key} a moment later")
        await walk.press("escape", "escape")
        if walk.reviewer.screen_name != "TriageView":
            await walk.home("triage")
    await walk.press("enter")
    await walk.reviewer.pilot.pause(0.3)
    await walk.press("tab", "tab", "tab", "pagedown", "n", "tab", "p", "question_mark")
    await walk.press("escape", "escape")


async def _walk_others(walk):
    await walk.home("morning")
    await walk.press("down", "down", "question_mark")
    await walk.press("escape")
    await walk.home("log")
    await walk.press("down", "down", "down", "down", "o", "V", "up")
    for name in ("rules", "limits", "compare", "release"):
        await walk.home(name)
        await walk.press("down", "down", "J", "slash", "i", "enter", "question_mark", "escape")


def test_no_screen_and_no_dialog_shows_a_label_of_a_subject_a_sample_or_a_visit(labelled, reviewing, run, is_long):
    lab, labels = labelled

    async def journey():
        async with reviewing(lab.paths.root, size=SIZE, actor="anna") as reviewer:
            walk = Walk(reviewer)
            await _walk_triage(walk, 18 if is_long else 2)
            await _walk_others(walk)
            return walk.told

    told = run(journey())

    shown = {where.partition(",")[0] for where, _ in told}
    assert len(told) > 80
    assert {"TriageView", "MorningView", "LogView", "RulesView", "LimitsView", "CompareView", "ReleaseView"} <= shown
    assert len(shown) > 12  # dialogs too
    assert sorted({(where, label) for where, text in told for label in labels if label in text}) == []


def test_the_same_search_finds_a_label_that_stands_in_a_note(labelled, reviewing, run, tmp_path):
    lab, labels = labelled
    shutil.copytree(lab.paths.root, tmp_path / "lab")
    own = qc.open_lab(tmp_path / "lab")
    own.decide(own.queue()[0], "comment", note=f"this is {labels[0]}", actor="anna")

    async def journey():
        async with reviewing(own.paths.root, size=SIZE, first="log") as reviewer:
            await reviewer.until(lambda: "comment" in reviewer.text())
            walk = Walk(reviewer)
            walk.look("log")
            return walk.told

    told = run(journey())

    assert any(labels[0] in text for _, text in told)


@pytest.mark.parametrize("name", SCREENS)
def test_no_twin_of_a_screen_shows_a_label(labelled, name):
    from click.testing import CliRunner

    from qc.cli.main import command

    lab, labels = labelled
    words = ["review", "--screen", name, "--lab", str(lab.paths.root)]

    as_json = CliRunner().invoke(command, [*words, "--json"], standalone_mode=False).output
    plain = CliRunner().invoke(command, [*words, "--plain"], standalone_mode=False).output

    assert json.loads(as_json)["screen"] == name
    assert [label for label in labels if label in as_json + plain] == []
