"""Draw every screen and dialog in every size and theme, to be looked at.

    python tests/tui/pictures OUT [--only NAME ...] [--size 80x24 ...] [--look dark ...] [--lab FOLDER]

Makes the lab of :mod:`lab` (kept in ``OUT/lab`` for the next time), drives the screens with keys as a reviewer would,
waits for what each scene is about, and writes ``OUT/SIZE/LOOK/SCENE.png``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from lab import make_picture_lab
from painting import lines_of, paint
from scenes import SCENES, Scene, Stage

SIZES = ("80x24", "120x40", "200x60")
LOOKS = ("dark", "light", "contrast", "nocolor")


def main() -> None:
    """Draw what was asked for."""
    from qc.api.lab import init_lab

    asked = _asked()
    kept = asked.lab or asked.out / "lab"
    if (kept / "facts.duckdb").is_file():
        init_lab(kept)  # brings it up to date
    else:
        make_picture_lab(kept)
    wanted = [scene for scene in SCENES if not asked.only or any(name in scene.name for name in asked.only)]
    for size in asked.size or SIZES:
        looks = [look for look in asked.look or LOOKS if look != "nocolor"]
        for at_once in (looks, [look for look in asked.look or LOOKS if look == "nocolor"]):
            if at_once:
                asyncio.run(_draw(asked.out, kept, size, at_once, wanted))


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("out", type=Path)
    words.add_argument("--only", nargs="*", default=[])
    words.add_argument("--size", nargs="*", default=[])
    words.add_argument("--look", nargs="*", default=[], choices=LOOKS)
    words.add_argument("--lab", type=Path)
    return words.parse_args()


async def _draw(out: Path, kept: Path, size: str, looks: list[str], scenes: list[Scene]) -> None:
    from tui.app import ReviewApp

    _settle_environment(out, is_plain=looks == ["nocolor"])
    columns, rows = (int(part) for part in size.split("x"))
    for is_read_only in (False, True):
        own = [scene for scene in scenes if scene.is_read_only == is_read_only]
        if not own:
            continue
        folder = out / f"lab-in-use-{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept, folder)
        app = ReviewApp(folder, is_read_only=is_read_only, theme_name="dark")
        async with app.run_test(size=(columns, rows), notifications=True) as pilot:
            stage = Stage(app, pilot)
            for scene in own:
                await stage.home()
                await scene.play(stage)
                for look in looks:
                    await stage.put_on(look)
                    paint(lines_of(app), out / size / look / f"{scene.name}.png")
                await stage.put_on(looks[0])
                print(size, "+".join(looks), scene.name, flush=True)


def _settle_environment(out: Path, *, is_plain: bool) -> None:
    for name in ("NO_COLOR", "TEXTUAL_THEME", "TMUX"):
        os.environ.pop(name, None)
    if is_plain:
        os.environ["NO_COLOR"] = "1"
    os.environ["XDG_STATE_HOME"] = str(out / f"state-{os.getpid()}")
    shutil.rmtree(os.environ["XDG_STATE_HOME"], ignore_errors=True)


main()
