"""Starting the screens in one of their forms."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path


def start(
    *,
    screen: str | None,
    text: str,
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
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Show the screens, print their twin, or serve them.

    Parameters
    ----------
    screen : str or None
        Screen to begin with.
    text : str
        Filter of triage.
    about : str
        What another screen begins with.
    is_read_only : bool
        Whether nothing may be decided.
    actor : str or None
        Who acts.
    theme : str
        Colours.
    keymap : Path or None
        File of own keys.
    plain : bool
        Whether plain lines are printed instead.
    order : str
        Order of the twin of triage.
    most : int
        Most rows of the twin.
    web : bool
        Whether to serve to a browser.
    port : int
        Port of the server.
    behind_proxy : str
        Public address of an authenticating proxy; empty for none.
    as_json : bool
        Whether JSON is printed instead.
    lab_folder : Path or None
        Folder of the lab.

    Returns
    -------
    int
        Exit code.
    """
    first = screen or ("triage" if text else "compare" if about else "morning")
    begin = text if first == "triage" else about
    if plain or as_json:
        from tui.twins import print_twin

        return print_twin(lab_folder, first, begin, order=order, most=most, as_json=as_json)
    if web:
        from tui.web import serve

        return serve(lab_folder, first, port=port, public_url=behind_proxy)
    return _in_terminal(lab_folder, first, begin, actor, theme, keymap, is_read_only)


def _in_terminal(
    folder: Path | None,
    first: str,
    begin: str,
    actor: str | None,
    theme: str,
    keymap: Path | None,
    is_read_only: bool,
) -> int:
    from qc.cli.exit_codes import ExitCode
    from schemas.errors import ConfigError
    from tui.prepaint import prepaint

    if not sys.stdout.isatty() and not os.environ.get("TEXTUAL_DRIVER"):
        raise ConfigError("The screens need a terminal. '--plain' and '--json' print the same without one.")
    if os.environ.get("TEXTUAL_DRIVER"):
        # A tab of a browser is a login session of its own: nobody acts by the sign-in of another tab.
        with suppress(OSError):
            os.setsid()
    prepaint(f"{first}  reading …")
    from tui.app import ReviewApp
    from tui.opening import read_keymap

    keys = read_keymap(keymap) if keymap else {}
    app = ReviewApp(
        folder, first=first, text=begin, actor=actor, is_read_only=is_read_only, theme_name=theme, keymap=keys
    )
    app.run()
    if app.crash_words:
        print(app.crash_words, file=sys.stderr)  # noqa: T201 - the screens are gone
        return ExitCode.FAULT
    return ExitCode.CLEAN
