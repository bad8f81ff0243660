"""A workbook read in a process of its own, which may run out of memory or time without taking ours with it.

A damaged XLS of 70 kB made the library that decodes it ask for 8 GB. Such a file is refused, and nobody else notices.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict

from schemas.errors import ReaderError
from schemas.text_tables.calamine_sheets import CalamineSheet, calamine_sheets

MAX_MEMORY_BYTES = 1_500_000_000
"""Memory that decoding one workbook may take."""
MAX_SECONDS = 60
"""Time that decoding one workbook may take."""


def sheets_of_process(data: bytes, name: str) -> list[CalamineSheet]:
    """Decode a workbook in a process with limits.

    Parameters
    ----------
    data : bytes
        The file as it came.
    name : str
        Name of the file.

    Raises
    ------
    ReaderError
        If it is damaged, or needs more memory or time than the limits.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    limits = f"{MAX_MEMORY_BYTES // 1_000_000} MB of memory or {MAX_SECONDS} seconds"
    too_much = f"'{name}' cannot be decoded within {limits}: it is damaged or too large. Save it as XLSX."
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            _command(name), input=data, capture_output=True, timeout=MAX_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ReaderError(too_much) from error
    if done.returncode:
        raise ReaderError(too_much)
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise ReaderError(answer["error"])
    return [CalamineSheet(**sheet) for sheet in answer["sheets"]]


def _command(name: str) -> list[str]:
    return [sys.executable, "-m", "schemas.text_tables.workbook_process", name]


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit holds alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _main(name: str) -> None:
    _limit()
    answer: dict[str, object] = {}
    try:
        answer["sheets"] = [asdict(sheet) for sheet in calamine_sheets(sys.stdin.buffer.read(), name)]
    except ReaderError as error:
        answer["error"] = str(error)
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main(sys.argv[1])
