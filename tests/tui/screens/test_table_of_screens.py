from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tui.screens.table_of_screens import SCREENS, WITHOUT_KEY, class_of_screen, class_of_twin

ROOM = Path(__file__).parents[3] / "tui" / "screens"
TWINS = ROOM.parent / "twins"
TABLE = "tui/screens/table_of_screens.py"


def missing_half(name: str, files: dict[str, str], named: set[str]) -> str:
    """Say what a screen still needs, given the text of each file of the room and the names in the table."""
    screen = class_of_screen(name)
    if name not in files:
        return f"The screen '{name}' stands in {TABLE}, but there is no file tui/screens/{name}.py: write it."
    if name not in named:
        return f"The screen of tui/screens/{name}.py is shown by no key: add a line '{name}' to SCREENS in {TABLE}."
    classes = {node.name for node in ast.parse(files[name]).body if isinstance(node, ast.ClassDef)}
    if screen not in classes:
        return f"tui/screens/{name}.py must hold the screen as a class of the name '{screen}'."
    return ""


def files_of_room() -> dict[str, str]:
    files = {file.stem: file.read_text(encoding="utf-8") for file in ROOM.glob("*.py")}
    return {name: text for name, text in files.items() if name not in ("__init__", "table_of_screens")}


def test_every_screen_has_its_file_and_its_line_in_the_table():
    files, named = files_of_room(), {*SCREENS, *WITHOUT_KEY}

    faults = [words for name in sorted({*files, *named}) if (words := missing_half(name, files, named))]

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("files", "named", "said"),
    [
        ({}, {"noise"}, "there is no file tui/screens/noise.py: write it"),
        ({"noise": "class NoiseView: ..."}, set(), "add a line 'noise' to SCREENS in tui/screens/table_of_screens.py"),
        ({"noise": "class Noise: ..."}, {"noise"}, "must hold the screen as a class of the name 'NoiseView'"),
        ({"noise": "class NoiseView: ..."}, {"noise"}, ""),
    ],
    ids=["no file", "no line", "other class", "whole"],
)
def test_a_forgotten_half_is_told_in_a_sentence(files, named, said):
    words = missing_half("noise", files, named)

    assert said in words
    assert bool(words) == bool(said)


def test_every_screen_has_a_twin_without_a_terminal():
    faults = [missing_part(name, TWINS) for name in SCREENS]

    assert not any(faults), "\n".join(filter(None, faults))


def missing_part(name, folder):
    """What the twin of a screen lacks, in a sentence; empty for nothing."""
    file = folder / f"{name}.py"
    if not file.exists():
        return f"Screen '{name}' has no twin without a terminal: write tui/twins/{name}.py."
    parts = (class_of_twin(name), "answer", "lines")
    defined = {getattr(part, "name", "") for part in ast.parse(file.read_text(encoding="utf-8")).body}
    lacking = [part for part in parts if part not in defined]
    return f"tui/twins/{name}.py must define {' and '.join(lacking)}, as its neighbours do." if lacking else ""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "Screen 'noise' has no twin without a terminal: write tui/twins/noise.py."),
        ("class NoiseTwin: ...", "tui/twins/noise.py must define answer and lines, as its neighbours do."),
    ],
    ids=["no file", "no answer"],
)
def test_a_forgotten_twin_is_told_in_a_sentence(tmp_path, source, said):
    if source is not None:
        (tmp_path / "noise.py").write_text(source, encoding="utf-8")

    assert missing_part("noise", tmp_path) == said


def test_no_two_screens_have_the_same_key():
    keys = [line.key for line in SCREENS.values()]

    assert len(set(keys)) == len(keys), f"Each line of {TABLE} needs a key of its own: {sorted(keys)}."


def test_every_title_begins_with_the_name_of_its_screen():
    strangers = [name for name, line in SCREENS.items() if not re.match(rf"{name}: \w", line.title)]

    assert not strangers, f"The titles of these screens must read 'name: what it is': {strangers}."
