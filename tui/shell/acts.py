"""Acts that may ask something: the next key is looked at when an act is done, or waits for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from schemas.errors import QcError
from tui.terminal.key_order import OrderedKeys

if TYPE_CHECKING:
    from tui.dialogs.dialog import Dialog

Answer = TypeVar("Answer")


class Acts(OrderedKeys):
    """App with acts."""

    def __init__(self) -> None:
        super().__init__()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._flows: set[asyncio.Task[Any]] = set()
        self._asking: dict[asyncio.Task[Any] | None, asyncio.Future[Any]] = {}
        self._moved = asyncio.Event()

    def say(self, words: str, *, tone: str = "information") -> None:
        """Say something at the edge of the screen.

        Parameters
        ----------
        tone : str
            ``information``, ``warning`` or ``error``.
        """
        severity: Any = tone  # Any: one of three literals
        self.notify(words, severity=severity, timeout=4 if tone == "information" else 8, markup=False)

    def spawn(self, work: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        """Do something beside the keys; what fails is told, or ends the app like any other crash."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.failed(error)

    def failed(self, error: Exception) -> None:
        """Tell what could not be done, by a key or beside the keys; another error ends the app with its report."""
        from tui.model.worker import SupersededError

        if isinstance(error, QcError):
            self.say(str(error), tone="error")
        elif not isinstance(error, SupersededError):
            self._handle_exception(error)

    async def answer(self, dialog: Dialog[Answer]) -> Answer | None:
        """Show a dialog and wait for its answer; keys go on in their order meanwhile.

        Returns
        -------
        object or None
            Its answer; None if it was left.
        """
        await self.push_screen(dialog)
        await dialog.ready.wait()
        own = asyncio.current_task()
        self._asking[own] = dialog.answered
        self._moved.set()
        try:
            return await dialog.answered
        finally:
            self._asking.pop(own, None)

    def flow(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin an act that may ask: the next key is looked at when it is done, or when it waits for an answer."""
        task = self.spawn(work)
        self._flows.add(task)
        task.add_done_callback(self._flow_done)

    def _flow_done(self, task: asyncio.Task[Any]) -> None:
        self._flows.discard(task)
        self._moved.set()

    async def steady(self) -> None:
        """Wait until every act is done or waits for an answer."""
        while any(self._is_at_work(flow) for flow in self._flows):
            self._moved.clear()
            await self._moved.wait()

    def _is_at_work(self, flow: asyncio.Task[Any]) -> bool:
        # An act whose dialog was answered a moment ago has not gone on yet, and is at work all the same.
        answered = self._asking.get(flow)
        return answered is None or answered.done()
