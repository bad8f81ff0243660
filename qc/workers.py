"""The one pool of processes: whoever asks for it inside of another who has, works on the same processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from multiprocessing import get_context, parent_process
from threading import Thread

from qc.collector import collect_seldom

_open_pool: ContextVar[ProcessPoolExecutor | None] = ContextVar("_open_pool", default=None)


def new_processes(workers: int) -> ProcessPoolExecutor:
    """Return processes that end with this one, however it ends."""
    # Spawned, not forked: the libraries that read and judge have threads, which a fork would leave behind.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    collect_seldom()

    # Who is killed cannot end others: a process that waits for work would wait for ever, with all its memory.
    def wait() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()


@contextmanager
def worker_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Gather processes; each begins with its first task, so that a pool without one costs nothing.

    A night reads and judges on the same processes: each takes two seconds of CPU to load its libraries.
    """
    outer = _open_pool.get()
    if outer is not None and _works(outer):
        yield outer
        return
    with new_processes(workers) as pool:
        token = _open_pool.set(pool)
        try:
            yield pool
        finally:
            _open_pool.reset(token)


def _works(pool: ProcessPoolExecutor) -> bool:
    # A process that died (out of memory, killed) takes its pool with it, but not the work that comes after.
    try:
        pool.submit(int)
    except BrokenExecutor:
        return False
    return True
