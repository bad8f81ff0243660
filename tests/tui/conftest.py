from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("NO_COLOR", "TEXTUAL_THEME", "TMUX"):
        monkeypatch.delenv(name, raising=False)


async def until(pilot, holds: Callable[[], bool], wait_s: float = 90.0) -> None:
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
        return self.app._queue_rows

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

    async def until(self, holds: Callable[[], bool], wait_s: float = 90.0) -> None:
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
        own = [e for e in entries if str(e.kind) not in ("delivery", "look", "facts", "report")]
        return [(e.body.get("act", str(e.kind)), e.object, e.body.get("reason", "")) for e in own]


@pytest.fixture
def reviewing():
    @asynccontextmanager
    async def opened(folder: Path, *, size=(140, 40), first="triage", text="", by_cause=False, **more):
        from tui.app import ReviewApp

        app = ReviewApp(folder, first=first, text=text, by_cause=by_cause, **more)
        async with app.run_test(size=size) as pilot:
            reviewer = Reviewer(app, pilot)
            if first == "triage":
                await reviewer.until(lambda: reviewer.model is not None and reviewer.model.is_current)
                leads = bool(reviewer.model.cause_names())
                await reviewer.until(lambda: leads or reviewer.model.n_rows == 0 or app.screen.shown is not None)
            yield reviewer

    return opened


@pytest.fixture
def run():
    return asyncio.run


def _fill_lab():
    path = Path(__file__).parents[1] / "benchmarks" / "many_findings.py"
    spec = importlib.util.spec_from_file_location("many_findings", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.fill_lab


@pytest.fixture
def fuller_lab(demo_folder):
    """Return a function that lets so many more items wait in a demo lab."""

    def filled(n_items: int, per_run: int = 24) -> Path:
        _fill_lab()(demo_folder, n_items, per_run=per_run)
        return demo_folder

    return filled


class Tmux:
    """A real terminal on a server of its own."""

    def __init__(self, command: str, env: dict[str, str], *, columns: int = 140, rows: int = 40) -> None:
        self.socket = f"qc-{uuid.uuid4().hex[:8]}"
        size = ["-x", str(columns), "-y", str(rows)]
        self._run("-f", "/dev/null", "new-session", "-d", *size, command, env=env)

    def _run(self, *words: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(["tmux", "-L", self.socket, *words], capture_output=True, text=True, env=env)
        return done.stdout

    def press(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def type(self, text: str) -> None:
        self._run("send-keys", "-l", text)

    def resize(self, columns: int, rows: int) -> None:
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def text(self, *more: str) -> str:
        return self._run("capture-pane", "-p", *more)

    def wait(self, pattern: str, wait_s: float = 60.0) -> str:
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            text = self.text()
            if re.search(pattern, text):
                return text
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} never came:\n{self.text()}")

    @property
    def pid(self) -> int:
        return int(self._run("list-panes", "-F", "#{pane_pid}").split()[0])

    def close(self) -> None:
        self._run("kill-server")


@pytest.fixture
def tmux(tmp_path):
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    opened: list[Tmux] = []

    def start(folder: Path, *options: str, env: dict[str, str] | None = None, **size: int) -> Tmux:
        words = [sys.executable, "-m", "qc", "review", "--screen", "triage", "--items", "--lab", str(folder), *options]
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TMUX")}
        kept |= {"XDG_STATE_HOME": str(tmp_path / "state"), "LANG": "C.UTF-8", **(env or {})}
        opened.append(Tmux(f"exec {shlex.join(words)}", kept, **size))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


@pytest.fixture(scope="session")
def waiting_items(judged_demo):
    """Return what waits in the demo lab, as the command line lists it."""
    import qc

    return qc.open_lab(judged_demo).queue()


@pytest.fixture(scope="session")
def n_waiting(waiting_items):
    return len(waiting_items)


@pytest.fixture
def ledger_acts():
    """Return a function that reads what a ledger says: act, item and reason."""

    def acts(folder: Path) -> list[tuple[str, str, str]]:
        import qc

        entries = qc.open_lab(folder).ledger.entries()
        own = [e for e in entries if str(e.kind) not in ("delivery", "look", "facts", "report")]
        return [(e.body.get("act", str(e.kind)), e.object, e.body.get("reason", "")) for e in own]

    return acts


@pytest.fixture(scope="session")
def lab_with_accounts(judged_demo, made_once):
    """Return a judged demo lab with the accounts root, anna and vera, where nobody has signed in."""
    import qc
    from qc.people.account_changes import add_account
    from qc.people.sessions import sign_out

    def make(folder):
        shutil.copytree(judged_demo, folder)
        lab = qc.open_lab(folder)
        password = "correct horse battery"
        add_account(lab, "root", roles=["admin"], password=password)
        lab.sign_in("root", password)
        add_account(lab, "anna", full_name="Anna Ek", roles=["lab_manager"], password=password)
        add_account(lab, "vera", full_name="Vera Ahl", roles=["qa"], password=password)
        sign_out(lab)

    return made_once("accounts", make)


@pytest.fixture
def lab_of_nobody(lab_with_accounts, tmp_path):
    """Return a lab with accounts where nobody has signed in."""
    folder = tmp_path / "accounts"
    shutil.copytree(lab_with_accounts, folder)
    return folder


@pytest.fixture
def lab_of_anna(lab_of_nobody):
    """Return a lab with accounts where anna has signed in."""
    import qc
    from qc.people.sessions import sign_out

    lab = qc.open_lab(lab_of_nobody)
    lab.sign_in("anna", "correct horse battery")
    yield lab_of_nobody
    sign_out(lab)


class ShownScreen:
    """A terminal that understands what is sent here: moves, styles and letters."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, str]] = {}

    def take(self, text: str) -> None:
        from rich.cells import get_character_cell_size

        y = x = 0
        code = ""
        for move, style, letter in re.findall(r"\x1b\[(\d+;\d+)H|\x1b\[([\d;]*)m|(.)", text, re.DOTALL):
            if move:
                y, x = (int(part) - 1 for part in move.split(";"))
            elif letter:
                width = get_character_cell_size(letter)
                self.cells[y, x] = (letter, code)
                for more in range(1, width):
                    self.cells[y, x + more] = ("", code)
                x += width
            else:
                code = style

    def text(self) -> str:
        rows = max((y for y, _ in self.cells), default=-1) + 1
        columns = max((x for _, x in self.cells), default=-1) + 1
        lines = ("".join(self.cells.get((y, x), (" ", ""))[0] for x in range(columns)) for y in range(rows))
        return "\n".join(lines)


@pytest.fixture
def shown_screen():
    """Return the class of a terminal that keeps what it was sent."""
    return ShownScreen
