from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("NO_COLOR", "TEXTUAL_THEME", "TMUX"):
        monkeypatch.delenv(name, raising=False)


async def until(pilot, holds: Callable[[], bool], wait_s: float = 20.0) -> None:
    """Wait for a state, never for a time."""
    end = time.monotonic() + wait_s
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("the screen never came to the expected state")
        await pilot.pause(0.02)


class Reviewer:
    """Somebody in front of the screens."""

    def __init__(self, app, pilot) -> None:
        self.app, self.pilot = app, pilot

    @property
    def model(self):
        return self.app._model

    @property
    def screen_name(self) -> str:
        return type(self.app.screen).__name__

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type_ahead(self, *keys: str) -> None:
        """Press keys faster than anything can follow: all of them are in the line before the first one is looked at."""
        from textual import events
        from textual.keys import _character_to_key

        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app.post_message(events.Key(name, key if len(key) == 1 else None))
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool], wait_s: float = 20.0) -> None:
        await until(self.pilot, holds, wait_s)

    def lines(self) -> list[str]:
        """Return what stands on the screen."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    def text(self) -> str:
        return "\n".join(self.lines())

    def acts(self) -> list[tuple[str, str, str]]:
        """Return what the ledger says: kind or act, item, reason."""
        import qc

        entries = qc.open_lab(self.app.desk.folder).ledger.entries()
        return [(e.body.get("act", str(e.kind)), e.object, e.body.get("reason", "")) for e in entries]


@pytest.fixture
def reviewing():
    @asynccontextmanager
    async def opened(folder: Path, *, size=(140, 40), first="triage", text="", **more):
        from tui.app import ReviewApp

        app = ReviewApp(folder, first=first, text=text, **more)
        async with app.run_test(size=size) as pilot:
            reviewer = Reviewer(app, pilot)
            if first == "triage":
                await reviewer.until(lambda: reviewer.model is not None and reviewer.model.is_current)
                await reviewer.until(lambda: reviewer.model.n_rows == 0 or app.screen.shown is not None)
            yield reviewer

    return opened


@pytest.fixture
def run():
    return asyncio.run
