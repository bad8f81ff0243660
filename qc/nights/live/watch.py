"""Watch the inbox: what has stood still is taken in and judged within seconds, as a night would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from qc.ingest.delivery import DeliveryPaths, deliveries_in
from qc.lab.heartbeat import beat, still
from qc.nights.night import Night
from qc.nights.night_log import night_log
from qc.nights.nightly import nightly
from qc.nights.stillness import Stillness
from qc.workers import worker_pool
from schemas.errors import ConfigError, QcError, StoreBusyError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

NAME = "watch"
_LOOKS = 4
"""Looks within the time for which a file must stand still."""


def watch(
    lab_of: Callable[[], LabFolder],
    *,
    stop: Event,
    told: Callable[[Night], None],
    refused: Callable[[QcError], None],
    poll_s: float | None = None,
) -> None:
    """Watch the inbox of a lab until somebody stops it.

    Parameters
    ----------
    lab_of : callable
        Opens the lab anew for each round, with what its qc.toml says then.
    stop : Event
        Set it to end.
    told : callable
        Takes what each round that found something did.
    refused : callable
        Takes what stopped a round; the next one goes on.
    poll_s : float, optional
        Look every so many seconds, for network shares that tell no changes; None means to wait for changes as well.

    Raises
    ------
    ConfigError
        If the lab is watched already, its settings are faulty, or watchfiles is not installed and ``poll_s`` not given.
    """
    lab = lab_of()
    root, settings = lab.paths.root, lab.settings.watch
    look_s = min(poll_s or settings.still_s / _LOOKS or 0.2, settings.beat_s)
    stillness = Stillness(settings.still_s, settings.retry_s)
    with _alone(root), night_log(root, NAME) as tell, worker_pool(lab.workers):
        tell("watch began", still_s=settings.still_s, poll_s=poll_s)
        for _ in _ticks(lab.paths.inbox, stop, look_s, polls=poll_s is not None):
            beat(root, NAME, every_s=settings.beat_s)
            try:
                night = _round(lab_of(), stillness, settings.beat_s)
            except QcError as error:
                tell("round stopped", fault=type(error).__name__)
                refused(error)
                continue
            if night is not None:
                told(night)
        tell("watch ended")
    still(root, NAME)


def _round(lab: LabFolder, stillness: Stillness, beat_s: float) -> Night | None:
    """Take in and judge what has stood still; None where there is nothing."""
    ready = stillness.look(deliveries_in([lab.paths.inbox]))
    if not ready:
        return None
    names = {files.main for files in ready}

    def is_ready(files: DeliveryPaths) -> bool:
        return files.main in names and stillness.is_still(files)

    try:
        return nightly(
            lab,
            wanted=is_ready,
            progress=lambda stage, done, total: beat(lab.paths.root, NAME, every_s=beat_s),
        )
    except StoreBusyError:
        return None  # a night is at work and takes the files in
    finally:
        stillness.tried(ready)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(root / ".watch.lock", timeout=0):
            yield
    except Timeout as error:
        raise ConfigError("The inbox of this lab is watched already: 'qc status' names the process.") from error


def _ticks(inbox: Path, stop: Event, look_s: float, *, polls: bool) -> Iterator[None]:
    """Yield whenever it is time to look: after a change, and every so often."""
    if polls:
        yield
        while not stop.wait(look_s):
            yield
        return
    try:
        from watchfiles import watch as changes_of
    except ImportError as error:
        text = "Watching needs watchfiles: pip install 'assaygate[live]', or call it with --poll SECONDS."
        raise ConfigError(text) from error
    yield
    yield from (
        None
        for _ in changes_of(
            inbox,
            stop_event=stop,
            rust_timeout=max(50, int(look_s * 1000)),
            yield_on_timeout=True,
            step=50,
            debounce=200,
            raise_interrupt=False,
        )
    )
