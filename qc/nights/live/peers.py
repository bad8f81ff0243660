"""Who may connect, and how often at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from schemas.errors import ConfigError

if TYPE_CHECKING:
    from qc.lab.settings import ListenSettings


@dataclass(slots=True)
class Peers:
    """Those who are connected now."""

    settings: ListenSettings
    """Section ``[listen]`` of qc.toml."""
    _n_by_peer: Counter[str] = field(default_factory=Counter)

    def enter(self, peer: str) -> str:
        """Let somebody in.

        Returns
        -------
        str
            Why not; empty if the peer is in, and must leave again.
        """
        if self.settings.peers and peer not in self.settings.peers:
            return "not among [listen] peers"
        if self._n_by_peer[peer] >= self.settings.most_per_peer:
            return "more connections of it than [listen] most_per_peer"
        if self._n_by_peer.total() >= self.settings.most_connections:
            return "more connections than [listen] most_connections"
        self._n_by_peer[peer] += 1
        return ""

    def leave(self, peer: str) -> None:
        """Let somebody go."""
        self._n_by_peer[peer] -= 1


def refuse_open_doors(settings: ListenSettings, host: str) -> None:
    """Refuse to listen to a whole network.

    Raises
    ------
    ConfigError
        If the address is no address, or reaches others than this machine while no peer is named.
    """
    try:
        is_own = ip_address(host).is_loopback
    except ValueError as error:
        raise ConfigError(f"'{host}' is no address. Expected one such as 127.0.0.1 or 10.0.0.7.") from error
    if not is_own and not settings.peers:
        raise ConfigError(
            f"Whoever reaches '{host}' could send results, since neither HL7 nor ASTM asks who it is: name the "
            "addresses of the instruments in [listen] peers of qc.toml."
        )
