"""The scenes: one for each screen, picture and dialog, reached by keys."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

_WAIT_S = 60.0


class Stage:
    """The screens, and somebody in front of them.

    Parameters
    ----------
    app : ReviewApp
        The app.
    pilot : Pilot
        Whoever presses the keys.
    """

    def __init__(self, app: Any, pilot: Any) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", "-": "minus", ":": "colon", "/": "slash", ".": "full_stop"}
        await self.press(*(names.get(letter, letter) for letter in text))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for a state."""
        end = time.monotonic() + _WAIT_S
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(f"never came:\n{self.text()}")
            await self.pilot.pause(0.02)
        await self.pilot.pause()

    async def shows(self, words: str) -> None:
        """Wait until words stand on the screen."""
        await self.until(lambda: words in self.text() and "reading …" not in self.text())

    def text(self) -> str:
        """Return what stands on the screen."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def home(self) -> None:
        """Go back to the first screen, with no dialog, filter, mark or notice left."""
        from textual.screen import ModalScreen

        from tui.model.marks import Marks

        while isinstance(self.app.screen, ModalScreen):
            await self.press("escape")
        self.app.clear_notifications()
        await self.app.opened.wait()
        if self.app._queue_rows is not None:
            self.app._queue_rows.marks = Marks()
        while len(self.app.screen_stack) > 2:
            await self.app.pop_screen()
        await self.pilot.pause()

    async def triage(self, text: str = "", item: str = "") -> None:
        """Show the queue with a filter, and the cursor on an item."""
        await self.press("f3")
        screen = self.app.screen
        await self.until(lambda: screen.model.is_current)
        await screen.filter_by(text)
        await self.until(lambda: (screen.model.is_current and screen.shown is not None) or not screen.model.n_rows)
        if item:
            found = next(row for row in screen.model.read_rows() if row.item.startswith(item))
            screen.table.move_to(screen.model.place_of(found.item))
            await self.until(lambda: screen.shown is not None and str(screen.shown.dossier.item).startswith(item))
        await self.pilot.pause(0.1)

    async def picture(self, name: str) -> None:
        """Go on to a picture by its title."""
        screen = self.app.screen
        await self.until(lambda: screen.shown is not None)
        for _ in screen.shown.pictures:
            if screen.views.titles[screen.views.active].startswith(name):
                return
            await self.press("right_square_bracket")
        raise LookupError(f"no picture {name} in {[title for title, _ in screen.shown.pictures]}")

    async def put_on(self, look: str) -> None:
        """Change the theme."""
        from tui.drawing.themes import THEMES

        if look in THEMES:
            self.app.theme = THEMES[look].name
            await self.pilot.pause()
            await asyncio.sleep(0.05)
            await self.pilot.pause()


@dataclass(frozen=True)
class Scene:
    """One picture."""

    name: str
    play: Callable[[Stage], Awaitable[None]]
    is_read_only: bool = False


SCENES: list[Scene] = []


def scene(name: str, *, is_read_only: bool = False) -> Callable[[Callable[[Stage], Awaitable[None]]], None]:
    """Name a scene."""

    def kept(play: Callable[[Stage], Awaitable[None]]) -> None:
        SCENES.append(Scene(name, play, is_read_only))

    return kept


@scene("morning")
async def _(stage: Stage) -> None:
    await stage.shows("for you")


@scene("triage")
async def _(stage: Stage) -> None:
    await stage.triage(item="R30")


@scene("triage-reading", is_read_only=True)
async def _(stage: Stage) -> None:
    await stage.triage(item="R36.17")


_PICTURES = (
    ("levey-jennings", "R30", "control"),
    ("curve", "R36.17", "curve"),
    ("plate-96", "R45.22", "plate"),
    ("plate-384", "R51", "plate"),
    ("replicates", "R45.22", "replicates"),
    ("limits", "R50", "limits"),
)


def _picture_scenes(name: str, item: str, picture: str) -> None:
    @scene(f"triage-{name}")
    async def _(stage: Stage) -> None:
        await stage.triage(item=item)
        await stage.picture(picture)

    @scene(f"alone-{name}")
    async def _(stage: Stage) -> None:
        await stage.triage(item=item)
        await stage.picture(picture)
        await stage.press("enter")
        await stage.until(lambda: getattr(stage.app.screen, "shown", None) is not None)
        await stage.until(lambda: bool(stage.app.screen.views.titles))


for _one in _PICTURES:
    _picture_scenes(*_one)


@scene("filter")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.press("slash")
    await stage.type("analyte:ferritin verdict:")
    await stage.pilot.pause(0.3)


@scene("filter-fault")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.press("slash")
    await stage.type("colour:red")
    await stage.until(lambda: bool(stage.app.screen.fault))


@scene("filter-empty")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.app.screen.filter_by("analyte:nosuch")
    await stage.until(lambda: stage.app.screen.model.is_current)


@scene("marked")
async def _(stage: Stage) -> None:
    await stage.triage("rule:csf_blood")
    await stage.press("space", "space", "space")


@scene("reason")
async def _(stage: Stage) -> None:
    await stage.triage(item="R39.5")
    await stage.press("r")
    await stage.shows("Reason")


@scene("reason-typed")
async def _(stage: Stage) -> None:
    await stage.triage(item="R39.5")
    await stage.press("x")
    await stage.until(lambda: getattr(stage.app.screen, "cost", None) is not None)
    await stage.type("haem")
    await stage.press("enter")


@scene("pair-cost")
async def _(stage: Stage) -> None:
    await stage.triage("rule:haemolysis")
    await stage.press("asterisk")
    await stage.until(lambda: bool(stage.app.screen.model.marks))
    await stage.press("x")
    await stage.until(lambda: getattr(stage.app.screen, "cost", None) is not None)


@scene("bulk")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.press("asterisk")
    await stage.until(lambda: bool(stage.app.screen.model.marks))
    await stage.press("j", "j", "space", "space")
    await stage.press("a")
    await stage.shows("number of items")


@scene("jump")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.press("J")


@scene("sign")
async def _(stage: Stage) -> None:
    await stage.triage(item="R39.5")
    await stage.press("S")
    await stage.shows("SIGN")
    await stage.type("ap")


@scene("sign-in")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.press("I")
    await stage.pilot.pause(0.3)


@scene("palette")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.press("colon")
    await stage.pilot.pause(0.1)


@scene("help")
async def _(stage: Stage) -> None:
    await stage.triage()
    await stage.press("question_mark")
    await stage.pilot.pause(0.1)


@scene("undo")
async def _(stage: Stage) -> None:
    await stage.triage(item="R36.28")
    await stage.press("c")
    await stage.type("dilution written on the tube")
    await stage.press("enter")
    await stage.shows("takes it back")
    await stage.triage(item="R36.17")
    await stage.press("r")
    await stage.shows("Reason")
    await stage.type("dilution")
    await stage.press("enter", "enter")
    await stage.shows("R36.17: ")
    await stage.press("k", "u")
    await stage.shows("taken back")


@scene("decided")
async def _(stage: Stage) -> None:
    await stage.triage(item="R50.103")
    await stage.press("a")
    await stage.shows("u takes it back")


@scene("log")
async def _(stage: Stage) -> None:
    await stage.press("f4")
    await stage.until(lambda: not stage.app.screen.is_reading)


@scene("rules")
async def _(stage: Stage) -> None:
    await stage.press("f6")
    await stage.until(lambda: bool(stage.app.screen.found))
    at = next(at for at, row in enumerate(stage.app.screen.found) if row.about.id == "westgard.2-2s")
    stage.app.screen.table.move_to(at)
    await stage.shows("version")


@scene("limits-list")
async def _(stage: Stage) -> None:
    await stage.press("f7")
    await stage.until(lambda: bool(stage.app.screen.found))
    await stage.pilot.pause(0.1)


@scene("compare")
async def _(stage: Stage) -> None:
    from tui.screens.compare import CompareView

    await stage.app.go_to(CompareView("daily-30"))
    await stage.until(lambda: bool(stage.app.screen.found))
    await stage.pilot.pause(0.1)


@scene("release-closed")
async def _(stage: Stage) -> None:
    await stage.press("f9")
    await stage.shows("Checklist of")


@scene("log-search")
async def _(stage: Stage) -> None:
    await stage.press("f4")
    await stage.until(lambda: not stage.app.screen.is_reading)
    await stage.press("slash")
    await stage.type("biol")


@scene("stale")
async def _(stage: Stage) -> None:
    await stage.triage()
    facts = stage.app.desk.lab.paths.facts
    os.utime(facts)
    await stage.shows("newer data")


@scene("nothing-waits")
async def _(stage: Stage) -> None:
    from qc.api.demo import decide_all

    lab = stage.app.desk.lab
    decide_all(lab)
    await stage.triage()
    await stage.press("ctrl+l")
    await stage.until(lambda: stage.app.screen.model.is_current and not stage.app.screen.model.n_rows)


@scene("release-open")
async def _(stage: Stage) -> None:
    await stage.press("f9")
    await stage.shows("The gate is open")


@scene("release-made")
async def _(stage: Stage) -> None:
    await stage.press("f9")
    await stage.shows("The gate is open")
    await stage.press("R")
    await stage.type("ALS-1")
    await stage.press("enter")
    await stage.shows("ALS-1-R1")


@scene("morning-after")
async def _(stage: Stage) -> None:
    await stage.press("ctrl+l")
    await stage.shows("for you")
    await stage.pilot.pause(0.5)


@scene("read-only", is_read_only=True)
async def _(stage: Stage) -> None:
    await stage.triage(item="R45")
    await stage.press("a")
    await stage.pilot.pause(0.1)
