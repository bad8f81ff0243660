"""The screens in a browser: on this machine alone, view-only unless a proxy says who looks, nothing from elsewhere."""

from __future__ import annotations

import shlex
import sys
from importlib import resources
from pathlib import Path

_LOOPBACK = "127.0.0.1"


def serve(folder: Path | None, first: str, *, port: int, public_url: str) -> int:
    """Serve the screens until the process is stopped.

    Parameters
    ----------
    folder : Path or None
        Folder of the lab.
    first : str
        Screen to begin with.
    port : int
        Port on the loopback address.
    public_url : str
        Public address of a proxy that authenticates; empty makes the screens view-only.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    ConfigError
        If the extra ``web`` is not installed, or there is no lab.
    """
    from qc.cli.output import say
    from qc.lab import open_lab
    from schemas.errors import ConfigError

    root = open_lab(folder).paths.root
    try:
        from textual_serve.server import Server
    except ImportError as error:
        raise ConfigError("'--web' needs the extra: pip install 'assaygate[web]'.") from error
    server = Server(
        web_command(root, first, is_view_only=not public_url),
        host=_LOOPBACK,
        port=port,
        title="Assaygate",
        public_url=public_url or None,
        templates_path=str(resources.files("tui") / "web_templates"),
    )
    say(f"http://{_LOOPBACK}:{port}  {'view-only' if not public_url else f'behind {public_url}'}; ctrl+c ends it.")
    server.serve()
    return 0


def web_command(root: Path, first: str, *, is_view_only: bool) -> str:
    """Return the command that a tab of the browser runs.

    Parameters
    ----------
    root : Path
        Folder of the lab.
    first : str
        Screen to begin with.
    is_view_only : bool
        Whether nothing may be decided: a process of the server knows no person.

    Returns
    -------
    str
        Command, quoted.
    """
    words = [sys.executable, "-m", "qc", "review", "--screen", first, "--lab", str(root)]
    return shlex.join([*words, "--read-only"] if is_view_only else words)
