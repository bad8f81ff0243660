from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_answer_of_the_facts_is_left_half_read():
    # DuckDB refuses the next query of a connection whose last answer has rows left; `first_row` reads them all.
    files = [path for path in (ROOT / "qc").rglob("*.py") if "store" not in path.parts]
    half = [path.relative_to(ROOT).as_posix() for path in files if ".fetchone(" in path.read_text(encoding="utf-8")]

    assert not half, f"Use qc.store.frames.first_row in place of fetchone in {half}"
