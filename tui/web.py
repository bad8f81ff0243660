"""The screens in a browser: on this machine alone, view-only unless a proxy says who looks, nothing from elsewhere.

A page of another site can ask a server on this machine as well as its user can, so that every request must name this
server as its host and, where a browser says where it comes from, as its origin.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from textual_serve.server import Server

LOOPBACK = "127.0.0.1"
USER_HEADER = "X-Forwarded-User"
"""Header in which an authenticating proxy names the person; it must drop what a browser sends under this name."""
_USER = re.compile(r"[A-Za-z][A-Za-z0-9._@-]{0,63}\Z")
_user: ContextVar[str] = ContextVar("user", default="")


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

    server = make_server(folder, first, port=port, public_url=public_url)
    say(f"http://{LOOPBACK}:{port}  {'view-only' if not public_url else f'behind {public_url}'}; ctrl+c ends it.")
    server.serve()
    return 0


def make_server(folder: Path | None, first: str, *, port: int, public_url: str) -> Server:
    """Make the server that :func:`serve` runs.

    Parameters
    ----------
    folder : Path or None
        Folder of the lab.
    first : str
        Screen to begin with.
    port : int
        Port on the loopback address.
    public_url : str
        Public address of a proxy that authenticates; empty for none.

    Returns
    -------
    Server
        Not running yet.

    Raises
    ------
    ConfigError
        If the extra ``web`` is not installed, or there is no lab.
    """
    from qc.lab import open_lab
    from schemas.errors import ConfigError

    root = open_lab(folder).paths.root
    try:
        from aiohttp import web
        from textual_serve.server import Server
    except ImportError as error:
        raise ConfigError("'--web' needs the extra: pip install 'assaygate[web]'.") from error

    @web.middleware
    async def guard(request: web.Request, handler: Any) -> web.StreamResponse:  # Any: a handler of aiohttp
        """Answer own pages alone.

        Parameters
        ----------
        request : Request
            The request.
        handler : callable
            What answers it.

        Returns
        -------
        StreamResponse
            The answer.

        Raises
        ------
        HTTPForbidden
            If it is not answered.
        """
        refusal = refusal_of(request.headers, port=port, public_url=public_url)
        if refusal:
            raise web.HTTPForbidden(text=refusal)
        _user.set(request.headers.get(USER_HEADER, "") if public_url else "")
        answer: web.StreamResponse = await handler(request)
        return answer

    class Guarded(Server):
        """Server that answers its own pages alone, and runs each tab as the person who opened it."""

        async def _make_app(self) -> web.Application:
            app = await super()._make_app()
            app.middlewares.append(guard)
            return app

        @property
        def command(self) -> str:
            """Command of the tab that is being opened."""
            return web_command(root, first, user=_user.get())

        @command.setter
        def command(self, value: str) -> None:
            """Leave the command to the request.

            Parameters
            ----------
            value : str
                Whatever the library wants to set.
            """

    templates = str(resources.files("tui") / "web_templates")
    address = public_url or None
    return Guarded("", host=LOOPBACK, port=port, title="Assaygate", public_url=address, templates_path=templates)


def refusal_of(headers: Mapping[str, str], *, port: int, public_url: str) -> str:
    """Say why a request is not answered.

    Parameters
    ----------
    headers : mapping of str to str
        Headers of the request.
    port : int
        Port of the server.
    public_url : str
        Public address of the proxy; empty for none.

    Returns
    -------
    str
        A sentence; empty if it is answered.
    """
    own = {f"{LOOPBACK}:{port}", f"localhost:{port}"} | ({urlsplit(public_url).netloc} if public_url else set())
    if headers.get("Host", "") not in own:
        return "This server answers under its own name alone."
    origin = headers.get("Origin", "")
    if origin and urlsplit(origin).netloc not in own:
        return "This server answers its own pages alone."
    if headers.get("Upgrade", "").lower() == "websocket" and not origin:
        return "A browser says where it comes from; this request does not."
    if public_url and not _USER.match(headers.get(USER_HEADER, "")):
        return f"The proxy must name the person in '{USER_HEADER}'."
    return ""


def web_command(root: Path, first: str, *, user: str) -> str:
    """Return the command that a tab of the browser runs.

    Parameters
    ----------
    root : Path
        Folder of the lab.
    first : str
        Screen to begin with.
    user : str
        Who looks, as the proxy says; empty makes the tab view-only, since a process of the server is nobody.

    Returns
    -------
    str
        Command, quoted.
    """
    words = [sys.executable, "-m", "qc", "review", "--screen", first, "--lab", str(root)]
    return shlex.join([*words, "--as", user] if user else [*words, "--read-only"])
