"""The log of faults of ours: class and place of each, and never a value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def log_fault(what: str, code_lines: Sequence[str]) -> Path | None:
    """Write down a fault of the program.

    Parameters
    ----------
    what : str
        What happened in one line, without a value of a patient: the class of an error, the rule that raised it.
    code_lines : sequence of str
        Where, the outermost first.

    Returns
    -------
    Path or None
        Log file of the day; None where it cannot be written.
    """
    from platformdirs import user_log_dir

    now = datetime.now(UTC)
    path = Path(user_log_dir("assaygate", appauthor=False)) / f"qc-{now:%Y-%m-%d}.log"
    lines = [f"{now:%Y-%m-%dT%H:%M:%SZ} {what}", *(f"  {place}" for place in code_lines), ""]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write("\n".join(lines))
    except OSError:
        return None
    return path
