"""A screen that says when it is there, so that whoever shows it knows when the next key finds it."""

from __future__ import annotations

import asyncio

from textual.screen import Screen


class ReadyScreen(Screen[None]):
    """Screen that says when it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.ready = asyncio.Event()

    async def on_mount(self) -> None:
        self.ready.set()  # the handlers of the classes below this one have run before

    def refresh_notices(self) -> None:
        """Show again what the header tells; called when something came in."""
