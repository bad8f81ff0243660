from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from tui.screens.table_of_screens import SCREENS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
MOST_BYTES = 300_000


def _module(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "pictures" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_screen_of_a_scene_stands_in_the_page_of_pictures_with_its_key():
    scenes = (Path(__file__).parents[1] / "pictures" / "scenes.py").read_text(encoding="utf-8")
    played = set(re.findall(r'^@scene\("(\w+)', scenes, re.MULTILINE))

    without_picture = [name for name in SCREENS if name in played and f"`{SCREENS[name].key}`" not in PAGE]

    assert {"morning", "triage", "log", "rules", "limits", "compare", "release"} <= played
    assert not without_picture, f"docs/pictures.md shows no picture of these screens with their key: {without_picture}."


def test_every_picture_of_the_docs_is_there_is_small_and_has_words():
    shown = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", PAGE)
    names = {Path(path).name for _, path in shown}

    assert all(words for words, _ in shown)
    assert names == {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    assert all((ROOT / "docs" / path).stat().st_size < MOST_BYTES for _, path in shown)


def test_a_screen_is_painted_cell_by_cell(reviewing, run, demo_folder, tmp_path):
    from PIL import Image

    painting = _module("painting")

    async def journey():
        async with reviewing(demo_folder, size=(80, 24)) as reviewer:
            painting.paint(painting.lines_of(reviewer.app), tmp_path / "screen.png")

    run(journey())

    with Image.open(tmp_path / "screen.png") as picture:
        assert picture.size == (80 * painting.CELL[0], 24 * painting.CELL[1])
        assert len(picture.convert("RGB").getcolors(100_000)) > 20


def test_a_box_of_a_letter_stays_in_its_cell():
    painting = _module("painting")
    letters = [*"─│┼▀▁▂▃▄▅▆▇█▏▌┆╌", chr(0x28FF)]

    for letter in letters:
        boxes = painting._boxes(letter)
        assert boxes
        for left, top, right, bottom in boxes:
            assert 0 <= left <= right < painting.CELL[0]
            assert 0 <= top <= bottom < painting.CELL[1]
    assert painting._boxes("a") is None
