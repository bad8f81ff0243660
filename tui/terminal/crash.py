"""What a crash shows: where it happened, never the values that were at hand, which may be of a patient."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path


def code_lines(error: BaseException) -> list[str]:
    """Return the places that an error came through, without a value, a source line or a message."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def crash_words(error: BaseException) -> str:
    """Say that something of ours failed."""
    last = "\n".join(f"  {place}" for place in code_lines(error)[-6:])
    return (
        f"The screens stopped by a fault of ours ({type(error).__name__}). Every decision that was acknowledged is in "
        f"the ledger; 'qc audit verify' checks it.\n{last}"
    )


def write_crash(folder: Path, error: BaseException) -> Path | None:
    """Write the places of an error into a file of the lab.

    Returns
    -------
    Path or None
        The file; None if it could not be written.
    """
    path = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.txt"
    try:
        path.write_text(f"{type(error).__name__}\n" + "\n".join(code_lines(error)) + "\n", encoding="utf-8")
    except OSError:
        return None
    return path
