"""Starting the screens in one of their forms."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import ConfigError

if TYPE_CHECKING:
    from tui.app import ReviewApp


def start(
    *,
    screen: str | None,
    text: str,
    is_each: bool,
    about: str,
    is_read_only: bool,
    actor: str | None,
    theme: str,
    keymap: Path | None,
    plain: bool,
    order: str,
    most: int,
    web: bool,
    port: int,
    behind_proxy: str,
    ticket: str,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Show the screens, print their twin, or serve them.

    Parameters
    ----------
    behind_proxy : str
        Public address of an authenticating proxy; empty for none.
    ticket : str
        Ticket that opens a session in a tab of the browser; empty for none.
    """
    first = screen or ("triage" if text else "compare" if about else "morning")
    begin = text if first == "triage" else about
    if plain or as_json:
        from tui.twins.twin import print_twin

        return print_twin(lab_folder, first, begin, order=order, most=most, is_each=is_each, as_json=as_json)
    if web:
        from tui.web.server import serve

        return serve(lab_folder, first, port=port, public_url=behind_proxy)
    app = partial(
        _app, lab_folder, first, begin, actor, theme=theme, keymap=keymap, ticket=ticket, by_cause=not is_each
    )
    return _in_terminal(first, app, is_read_only=is_read_only)


def _in_terminal(first: str, make_app: Callable[..., ReviewApp], *, is_read_only: bool) -> int:
    from qc.cli.exit_codes import ExitCode
    from tui.terminal.skeleton import paint_skeleton

    is_tab = bool(os.environ.get("TEXTUAL_DRIVER"))
    if not sys.stdout.isatty() and not is_tab:
        raise ConfigError("The screens need a terminal. '--plain' and '--json' print the same without one.")
    paint_skeleton(f"{first}  reading …")
    app = make_app(is_read_only=is_read_only or (is_tab and not _has_own_session()))
    app.run()
    if app.crash_words:
        print(app.crash_words, file=sys.stderr)  # noqa: T201 - the screens are gone
        return ExitCode.FAULT
    return ExitCode.CLEAN


def _has_own_session() -> bool:
    # A tab of a browser is a login session of its own: nobody acts by the sign-in of another tab.
    with suppress(OSError):
        os.setsid()
    return os.getsid(0) == os.getpid()


def _app(
    folder: Path | None,
    first: str,
    begin: str,
    actor: str | None,
    *,
    theme: str,
    keymap: Path | None,
    ticket: str,
    is_read_only: bool,
    by_cause: bool,
) -> ReviewApp:
    from tui.app import ReviewApp
    from tui.terminal.keymap import read_keymap

    return ReviewApp(
        folder,
        first=first,
        text=begin,
        actor=actor,
        is_read_only=is_read_only,
        theme_name=theme,
        keymap=read_keymap(keymap) if keymap else {},
        ticket=ticket,
        by_cause=by_cause,
    )
