"""The log of what runs without anybody: one JSON object a line, rotated, without a name that a laboratory gives.

A file is named by its hash, a run by its item, a rule by its masked id: names of files, cells and sentences may tell
of a patient and stand on the page of the night alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging import INFO, Logger, LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path

FOLDER = "logs"
"""Folder of a lab that holds them."""
_LARGEST_BYTES, _N_KEPT = 5_000_000, 5
Tell = Callable[..., None]
"""Takes the name of an event, and what is to be kept of it by keyword."""


class _Handler(RotatingFileHandler):
    def handleError(self, record: LogRecord) -> None:  # noqa: N802 - the name that logging calls
        """Let the work go on: a full disk is told by the work itself, not by its log."""


@contextmanager
def night_log(root: Path, name: str) -> Iterator[Tell]:
    """Open a log of a lab.

    Parameters
    ----------
    root : Path
        Folder of the lab.
    name : str
        What is logged, one process at a time: ``night``, ``watch`` or ``listen``.

    Yields
    ------
    callable
        Writes one line: ``tell("judged", item="R12", verdict="pass")``; nothing where the log cannot be opened.
    """
    try:
        handler = _handler(root / FOLDER / f"{name}.log")
    except OSError:
        yield lambda event, **fields: None
        return
    logger = Logger(name, INFO)
    logger.addHandler(handler)
    try:
        yield lambda event, **fields: logger.info(event, extra=fields)  # noqa: PLW0108 - keywords become fields
    finally:
        handler.close()


def _handler(path: Path) -> RotatingFileHandler:
    from pythonjsonlogger.json import JsonFormatter

    path.parent.mkdir(mode=0o750, exist_ok=True)
    handler = _Handler(path, maxBytes=_LARGEST_BYTES, backupCount=_N_KEPT, encoding="utf-8")
    words = {"message": "event", "levelname": "level", "name": "log"}
    handler.setFormatter(JsonFormatter("%(message)s %(name)s", rename_fields=words, timestamp="at"))
    return handler
