from __future__ import annotations

import json
import subprocess
import sys

FORBIDDEN = {"great_expectations", "pandera", "scipy", "polars", "pandas", "matplotlib"}
PROBE = """
import asyncio, json, sys
from pathlib import Path
from tui.app import ReviewApp

async def main():
    app = ReviewApp(Path(sys.argv[1]), first="triage", by_cause=False)
    async with app.run_test(size=(120, 40)) as pilot:
        early = set(sys.modules)
        while app.screen.shown is None:
            await pilot.pause(0.02)
        for key in ("]", "]", "slash", "i", "enter", "question_mark", "escape"):
            await pilot.press(key)
        return early

early = asyncio.run(main())
tops = lambda names: sorted({name.split(".")[0] for name in names})
print(json.dumps([tops(early), tops(sys.modules)]))
"""


def test_the_screens_load_no_library_of_the_judges(judged_demo):
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(judged_demo)], capture_output=True, text=True, check=True, timeout=300
    )

    _, late = json.loads(done.stdout)

    assert set(late) & FORBIDDEN == set()


def test_importing_the_command_loads_neither_textual_nor_a_store():
    probe = "import tui.review, sys; print(*{name.split('.')[0] for name in sys.modules})"

    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=300)

    assert set(done.stdout.split()) & (FORBIDDEN | {"textual", "duckdb", "sqlalchemy", "numpy"}) == set()


def test_the_app_is_imported_without_a_store():
    probe = "import tui.app, tui.screens.triage, sys; print(*{name.split('.')[0] for name in sys.modules})"

    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=300)

    assert set(done.stdout.split()) & (FORBIDDEN | {"duckdb", "sqlalchemy", "sqlite3", "numpy", "pyarrow"}) == set()
