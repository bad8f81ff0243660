"""A thread that reads or writes for the screens, so that no key ever waits for a store.

A newer question of the same name takes the place of an older one that was not begun: what nobody wants to see any more
is not asked.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class SupersededError(Exception):
    """A newer question of the same name took the place of this one."""


@dataclass(frozen=True, slots=True)
class _Question:
    name: str
    ask: Callable[[], Any]  # Any: the answer of whoever asks
    answer: asyncio.Future[Any]


class Worker:
    """One thread with a line of questions.

    Parameters
    ----------
    rest : callable
        Called in the thread whenever the line is empty, a few times a second.
    """

    def __init__(self, name: str, *, rest: Callable[[], None], stop: Callable[[], None]) -> None:
        self._rest, self._stop = rest, stop
        self._line: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._newest: dict[str, _Question] = {}
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.is_busy = False

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self, wait_s: float = 2.0) -> None:
        """Stop after the question that is being answered."""
        self._line.put(None)
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def ask(self, ask: Callable[[], Answer], *, name: str = "") -> asyncio.Future[Answer]:
        """Put a question into the line.

        Parameters
        ----------
        name : str
            A question that is waiting under the same name is dropped; empty for one that is always answered.

        Returns
        -------
        Future
            Its answer; :class:`SupersededError` if it was dropped.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        question = _Question(name, ask, answer)
        if name:
            self._newest[name] = question
        self._line.put(question)
        return answer

    def _run(self) -> None:
        while True:
            try:
                question = self._line.get(timeout=0.25)
            except queue.Empty:
                self._rest()
                continue
            if question is None:
                break
            self._answer(question)
            self._rest()
        self._stop()

    def _answer(self, question: _Question) -> None:
        if question.name and self._newest.get(question.name) is not question:
            _settle(question.answer, None, SupersededError())
            return
        self.is_busy = True
        try:
            result = question.ask()
        except Exception as error:  # noqa: BLE001 - it is raised again where the question was asked
            _settle(question.answer, None, error)
        else:
            _settle(question.answer, result, None)
        finally:
            self.is_busy = False


def _settle(answer: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    def settle() -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(result)
        else:
            answer.set_exception(error)

    loop = answer.get_loop()
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)
