"""Whom the server of the browser's screens answers, and whom it believes who looks."""

from __future__ import annotations

import hmac
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from qc.lab.settings import WebSettings

LOOPBACK = "127.0.0.1"
SHORTEST_SECRET = 16
"""Fewest characters of the secret that a proxy sends along."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._@-]{0,63}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the server believes."""

    web: WebSettings
    """Section ``[web]`` of qc.toml."""
    secret: str
    """Secret of the proxy; empty for none, and then nobody is believed."""

    @property
    def missing(self) -> str:
        """Why no proxy is believed; empty if one is."""
        if not self.web.trusted_proxies:
            return "[web] trusted_proxies of qc.toml names no proxy"
        return "" if self.secret else "[web] secret_file of qc.toml names no secret"

    def person(self, headers: Mapping[str, str], remote: str | None) -> str:
        """Return the account of who looks.

        Returns
        -------
        str
            Name of the account; empty where no proxy that is believed names one: such a person only looks.
        """
        sent = headers.get(self.web.secret_header, "").encode()
        if self.missing or remote not in self.web.trusted_proxies:
            return ""
        if not hmac.compare_digest(sent, self.secret.encode()):
            return ""
        named = headers.get(self.web.user_header, "")
        account = self.web.accounts.get(named, "") if self.web.accounts else named
        return account if _NAME.match(account) else ""


def read_trust(web: WebSettings, root: Path) -> Trust:
    """Read the secret of the proxy.

    Raises
    ------
    ConfigError
        If the file cannot be read, others may read it, or the secret is too short.
    """
    from schemas.errors import ConfigError

    if not web.secret_file:
        return Trust(web, "")
    path = root / web.secret_file
    try:
        is_open = bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise ConfigError(f"The secret of the proxy in '{path}' cannot be read: {error}.") from error
    if is_open:
        raise ConfigError(f"Others may read the secret of the proxy in '{path}'. Expected a file of mode 600.")
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(f"The secret in '{path}' is shorter than {SHORTEST_SECRET} characters: make a longer one.")
    return Trust(web, secret)


def refusal_of(headers: Mapping[str, str], *, port: int, public_url: str) -> str:
    """Say why a request is not answered.

    Parameters
    ----------
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
    return ""
