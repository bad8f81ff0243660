"""The map of the house in CONTRIBUTING.md names every room, and no room that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAP = CONTRIBUTING[CONTRIBUTING.index("## The house") : CONTRIBUTING.index("## How to add")]
FLOORS = ("schemas", "checks", "qc", "tui")


def rooms(floor):
    """Folders and files directly below a floor."""
    inside = sorted((ROOT / floor).iterdir())
    return [one.stem for one in inside if (one.is_dir() or one.suffix == ".py") and not one.name.startswith("__")]


def unnamed(floor, text):
    named = {word for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"\w+", code)}
    return [
        f"Name '{floor}/{room}' in the map of CONTRIBUTING.md: what is it for?"
        for room in rooms(floor)
        if room not in named
    ]


@pytest.mark.parametrize("floor", FLOORS)
def test_the_map_names_every_room(floor):
    assert unnamed(floor, MAP) == []


def test_a_room_that_the_map_forgets_is_named():
    without = MAP.replace("`releases`", "").replace("`triage/`", "")

    assert unnamed("checks", without) == ["Name 'checks/releases' in the map of CONTRIBUTING.md: what is it for?"]


def test_the_map_names_no_file_that_is_gone():
    paths = re.findall(r"`((?:\w+/)+\w+\.(?:py|toml|md))`", CONTRIBUTING)
    homes = [ROOT, *(ROOT / floor for floor in FLOORS)]

    gone = [path for path in paths if "NAME" not in path and not any((home / path).exists() for home in homes)]

    assert gone == [], "These stand in CONTRIBUTING.md and are not there."
