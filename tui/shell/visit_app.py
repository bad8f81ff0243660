"""The app as the screens know it: the desk of a visit, its reader, its queue, and what can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.screen import ModalScreen

from tui.model.desk import Desk
from tui.model.queue_rows import QueueRows
from tui.model.reader_state import ReaderState, now_text, write_state
from tui.shell.ready_screen import ReadyScreen
from tui.shell.signing import Signing
from tui.terminal.clipboard import copied
from tui.widgets.words import Span


class VisitApp(Signing):
    """App that one reader visits."""

    def __init__(self, folder: Path | None, *, actor: str | None, is_read_only: bool, ticket: str) -> None:
        super().__init__()
        self.desk = Desk(folder, actor)
        self.ticket = ticket
        self.is_read_only = is_read_only
        self.by_cause = True
        self.undo_stack: list[tuple[str, Any]] = []  # Any: marks by item, or names of items
        self.state = ReaderState()
        self.opened = asyncio.Event()
        self._state_path: Path | None = None
        self._queue_rows: QueueRows | None = None
        self._facts_at = 0.0
        self._lab_queues: list[tuple[str, str]] = []

    async def open_visit(self) -> None:
        """Read what the screens need to know before anybody acts."""
        from tui.model.visit import begin_visit

        await self.use_ticket()
        visit = await self.desk.act(lambda lab: begin_visit(lab, self.desk))
        self._state_path, self.state, self._lab_queues = visit.state_path, visit.state, list(visit.queues)
        self.person = visit.reader
        self.state_read()
        self._facts_at = _changed_at(self.desk.lab.paths.facts)
        self.opened.set()
        await self.look_who_acts()
        self.tell_screen()

    def state_read(self) -> None:
        """Take note of what the reader kept from the last visit."""

    async def person_changed(self) -> None:
        """Take what the person who looks now has kept; what somebody else did is not undone by one key."""
        from tui.model.visit import begin_visit

        self.save_state()
        visit = await self.desk.act(lambda lab: begin_visit(lab, self.desk))
        self._state_path, self.state = visit.state_path, visit.state
        self.undo_stack = [act for act in self.undo_stack if act[0] == "marks"]

    def queue_rows(self, changed: Callable[[], None]) -> QueueRows:
        """Return the queue, which outlives the screen that shows it; `changed` is called when rows have come."""
        if self._queue_rows is None:
            self._queue_rows = QueueRows(self.desk, changed, leads_by_cause=self.by_cause)
        self._queue_rows.changed = changed
        return self._queue_rows

    def queues(self) -> list[tuple[str, str]]:
        """Return title and filter of the saved queues, at most nine: those of the lab, then the reader's own."""
        return [*self._lab_queues, *((title, text) for title, text in self.state.queues)][:9]

    def keep_queue(self, title: str, text: str) -> None:
        """Keep a filter as a tab of the reader's own."""
        self.state.queues = [*(queue for queue in self.state.queues if queue[0] != title), [title, text]]
        self.save_state()

    def save_state(self) -> None:
        """Write what the reader keeps, once it is known who reads."""
        if self._state_path is not None:
            write_state(self._state_path, self.state)

    def refusal_to_act(self) -> str:
        """Say why nothing may be decided here; empty if one may."""
        if self.is_read_only:
            return "This screen is for reading only: it was opened with --read-only."
        return ""

    def notices(self) -> list[Span]:
        """Return what the header of every screen tells."""
        if self.is_read_only:
            return [Span("READ ONLY  ", "warn", is_bold=True)]
        return self.reader_words()

    def copy(self, text: str) -> None:
        """Copy a text, and say where it went."""
        self.copy_to_clipboard(text)
        self.say(copied(text))

    async def look(self) -> None:
        """Look for what others have done: a newer night, decisions of somebody else."""
        from tui.model.visit import newer_acts

        rows = self._queue_rows
        if self._state_path is None:
            return
        facts_at = _changed_at(self.desk.lab.paths.facts)
        if facts_at != self._facts_at:
            self._facts_at = facts_at
            if rows is not None:
                rows.is_newer = True
            self.tell_screen()
        await self.look_who_acts()
        if rows is None or rows.question is None:
            return
        after, own = rows.known_seq, frozenset(rows.own_seqs)
        acts = await self.desk.act(lambda lab: newer_acts(lab, after, own))
        for words, (items, seq) in acts.items():
            rows.note_act_of_others(items, words, seq)
            self.spawn(rows.look_for_unread())
            if not self.screen_stack or isinstance(self.screen, ModalScreen):
                continue
            self.say(f"{', '.join(items[:3])}{' …' if len(items) > 3 else ''}: {words}")

    def tell_screen(self) -> None:
        """Let the screen show again what its header tells."""
        # A screen that is on its way has no parts yet; it tells by itself when it is there. At the end there is none.
        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(screen, ReadyScreen) and screen.ready.is_set():
            screen.refresh_notices()

    async def go_to(self, screen: ReadyScreen) -> None:
        """Show another screen above this one."""
        await self.push_screen(screen)
        await screen.ready.wait()

    async def leave_view(self) -> None:
        """Go back to the screen below, or end."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
            self.tell_screen()
        else:
            self.exit()

    async def on_unmount(self) -> None:
        if self._state_path is not None:
            self.state.last_visit = now_text()
            self.save_state()
        await self.end_tab()
        self.desk.close()


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
