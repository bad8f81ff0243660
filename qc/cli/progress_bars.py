"""Bars for a person who waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Takes the name of a stage, what is done and what there is to do."""


@contextmanager
def progress_bars(*stages: str) -> Iterator[Progress | None]:
    """Show a bar for each stage on stderr, where that is a terminal.

    Parameters
    ----------
    *stages : str
        Names of the stages.

    Yields
    ------
    callable or None
        Moves the bars; None where nobody would see them.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {stage: bars.add_task(stage, total=None) for stage in stages}
        yield lambda stage, done, total: bars.update(tasks[stage], completed=done, total=total)
