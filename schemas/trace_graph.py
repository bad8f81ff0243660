"""A trace as a graph: what stands on what, from files to p-values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any  # Any: JSON values

from schemas.json_model import JsonModel

KINDS = (
    "file",
    "well",
    "curve",
    "result",
    "assessment",
    "finding",
    "decision",
    "signature",
    "release",
    "plan",
    "contrast",
)
"""Kinds of nodes, in the order of the way of the data."""


@dataclass(frozen=True, slots=True)
class Node(JsonModel):
    """One thing on the way of the data."""

    id: str
    """Unique name: ``result:R9.5``."""
    kind: str
    """One of ``KINDS``."""
    label: str
    """What a person reads."""
    details: dict[str, Any]
    """More about it."""


@dataclass(frozen=True, slots=True)
class Edge(JsonModel):
    """One node stands on another."""

    json_keys = "from=below to=above"

    below: str
    """Id of what carries."""
    above: str
    """Id of what stands on it."""


@dataclass(slots=True)
class Graph(JsonModel):
    """Nodes, and which of them stands on which."""

    json_keys = "target nodes=ordered_nodes edges=joined"

    target: str
    """Id of the node that was asked for."""
    nodes: dict[str, Node] = field(default_factory=dict)
    """By id."""
    edges: dict[tuple[str, str], None] = field(default_factory=dict)
    """Pairs of ids: what stands on the first comes second."""

    def add(self, kind: str, name: str, label: str, /, **details: Any) -> str:
        """Add a node, once.

        Parameters
        ----------
        kind : str
            One of ``KINDS``.
        name : str
            Name among those of its kind.
        label : str
            What a person reads.
        **details : object
            JSON values of the node.
        """
        node_id = f"{kind}:{name}"
        self.nodes.setdefault(node_id, Node(node_id, kind, label, details))
        return node_id

    def join(self, below: str, above: str) -> None:
        """Say that one node stands on another.

        Parameters
        ----------
        below : str
            Id of the node that carries.
        above : str
            Id of the node that stands on it.
        """
        self.edges.setdefault((below, above))

    @property
    def ordered_nodes(self) -> list[Node]:
        """Return the nodes in the order of the way of the data."""
        return sorted(self.nodes.values(), key=lambda node: KINDS.index(node.kind))

    @property
    def joined(self) -> list[Edge]:
        """Return which node stands on which."""
        return [Edge(below, above) for below, above in self.edges]

    def counts(self) -> dict[str, int]:
        """Return the number of nodes of each kind that there is.

        Returns
        -------
        dict of str to int
            In the order of the way of the data.
        """
        found = {kind: sum(node.kind == kind for node in self.nodes.values()) for kind in KINDS}
        return {kind: count for kind, count in found.items() if count}

    def lines(self) -> Iterator[str]:
        """Return the graph as text: down to the files, then up to the p-values.

        Yields
        ------
        str
            Lines, indented by distance from the target.
        """
        yield self.nodes[self.target].label
        yield "rests on"
        yield from self._walk(self.target, 1, up=False)
        above = list(self._walk(self.target, 1, up=True))
        if above:
            yield "carries"
            yield from above

    def _walk(self, node_id: str, depth: int, *, up: bool) -> Iterator[str]:
        pairs = [(b, a) if up else (a, b) for b, a in self.edges]
        following = sorted((to for start, to in pairs if start == node_id), key=lambda to: KINDS.index(_kind(to)))
        for to in following:
            yield f"{'  ' * depth}{self.nodes[to].label}"
            yield from self._walk(to, depth + 1, up=up)


def _kind(node_id: str) -> str:
    return node_id.partition(":")[0]
