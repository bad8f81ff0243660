"""The screens in a browser: on this machine alone, view-only unless a proxy says who looks, nothing from elsewhere.

A page of another site can ask a server on this machine as well as its user can, so that every request must name this
server as its host and, where a browser says where it comes from, as its origin.
"""

from __future__ import annotations

import shlex
import sys
from contextvars import ContextVar
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from tui.web.guard import LOOPBACK, Trust, read_trust, refusal_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web
    from aiohttp.typedefs import Middleware
    from textual_serve.server import Server

    from qc.api.lab import Lab

_user: ContextVar[str] = ContextVar("user", default="")


def serve(folder: Path | None, first: str, *, port: int, public_url: str) -> int:
    """Serve the screens until the process is stopped.

    Parameters
    ----------
    public_url : str
        Public address of a proxy that authenticates; empty makes the screens view-only.

    Raises
    ------
    ConfigError
        If the extra ``web`` is not installed, there is no lab, or the secret of the proxy cannot be used.
    """
    from qc.api.lab import open_lab
    from qc.cli.output import say

    lab = open_lab(folder)
    server = make_server(lab.paths.root, first, port=port, public_url=public_url)
    missing = read_trust(lab.settings.web, lab.paths.root).missing if public_url else "no proxy says who looks"
    say(f"http://{LOOPBACK}:{port}  {f'view-only: {missing}' if missing else f'behind {public_url}'}; ctrl+c ends it.")
    server.serve()
    return 0


def make_server(folder: Path | None, first: str, *, port: int, public_url: str) -> Server:
    """Make the server that :func:`serve` runs.

    Parameters
    ----------
    public_url : str
        Public address of a proxy that authenticates; empty for none.

    Returns
    -------
    Server
        Not running yet.

    Raises
    ------
    ConfigError
        If the extra ``web`` is not installed, there is no lab, or the secret of the proxy cannot be used.
    """
    from qc.api.lab import open_lab
    from schemas.errors import ConfigError

    lab = open_lab(folder)
    trust = read_trust(lab.settings.web, lab.paths.root)
    try:
        from textual_serve.server import Server
    except ImportError as error:
        raise ConfigError("'--web' needs the extra: pip install 'assaygate[web]'.") from error
    guarded = _guarded(Server, _guard(trust, port, public_url), lambda: tab_command(lab, first, _user.get()))
    templates = str(resources.files("tui.web") / "templates")
    return guarded(
        "", host=LOOPBACK, port=port, title="Assaygate", public_url=public_url or None, templates_path=templates
    )


def _guard(trust: Trust, port: int, public_url: str) -> Middleware:
    from aiohttp import web

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        refusal = refusal_of(request.headers, port=port, public_url=public_url)
        if refusal:
            raise web.HTTPForbidden(text=refusal)
        _user.set(trust.person(request.headers, request.remote) if public_url else "")
        return await handler(request)

    return guard


def _guarded(server: type[Server], guard: Middleware, command_now: Callable[[], str]) -> type[Server]:
    class Guarded(server):  # type: ignore[misc,valid-type]  # the library is an extra
        async def _make_app(self) -> web.Application:
            app: web.Application = await super()._make_app()
            app.middlewares.append(guard)
            return app

        @property
        def command(self) -> str:
            return command_now()

        @command.setter
        def command(self, value: str) -> None:
            """Leave the command to the request, whatever the library wants to set."""

    return Guarded


def tab_command(lab: Lab, first: str, user: str) -> str:
    """Return the command of the tab that is being opened.

    Parameters
    ----------
    user : str
        Who looks, as a proxy says that is believed; empty for nobody.

    Returns
    -------
    str
        Command, quoted. Where the lab keeps accounts it carries a ticket that is good once; a name that is no active
        account only looks.
    """
    from qc.people.accounts import accounts
    from qc.people.tickets import issue

    known = accounts(lab.ledger)
    if not user or not known:
        return web_command(lab.paths.root, first, user=user)
    account = known.get(user)
    if account is None or not account.is_active:
        return web_command(lab.paths.root, first, user="")
    return web_command(lab.paths.root, first, user=user, ticket=issue(lab, user))


def web_command(root: Path, first: str, *, user: str, ticket: str = "") -> str:
    """Return the command that a tab of the browser runs.

    Parameters
    ----------
    user : str
        Who looks; empty makes the tab view-only, since a process of the server is nobody.
    ticket : str
        Ticket that opens a session of this person; empty for none.
    """
    words = [sys.executable, "-m", "qc", "review", "--screen", first, "--lab", str(root)]
    if not user:
        return shlex.join([*words, "--read-only"])
    return shlex.join([*words, "--as", user, *(["--ticket", ticket] if ticket else [])])
