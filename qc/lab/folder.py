"""The folder of a lab, its settings and the doors to its stores: what every verb of a lab stands on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from qc.lab.layout import LabPaths
from qc.lab.settings import Settings

if TYPE_CHECKING:
    from qc.lab.entered_heads import EnteredHeads
    from qc.store.facts import Facts
    from qc.store.ledger import Ledger


@dataclass(frozen=True)
class LabFolder:
    """Where a lab lies, what its qc.toml says, and the doors to its facts and its ledger."""

    paths: LabPaths
    """Where things lie."""
    settings: Settings
    """What qc.toml says."""
    workers: int = 1
    """Most processes that read and judge besides this one, where there is much to do; 1 for none. The command line
    uses one a core. A script that sets 2 or more must guard its start with ``if __name__ == "__main__"``, since each
    process imports it."""

    @property
    def name(self) -> str:
        """Name of the lab; that of its folder if qc.toml gives none."""
        return self.settings.lab.name or self.paths.root.resolve().name

    @cached_property
    def facts(self) -> Facts:
        """Door to the facts."""
        from qc.store.facts import Facts

        return Facts(self.paths.facts, wait_s=self.settings.stores.wait_s, watch=self.heads.watching)

    @cached_property
    def ledger(self) -> Ledger:
        """Ledger of what people did."""
        from qc.store.ledger import Ledger

        return Ledger(self.paths.ledger, wait_s=self.settings.stores.wait_s)

    @cached_property
    def heads(self) -> EnteredHeads:
        """Heads of the facts in the ledger."""
        from qc.lab.entered_heads import EnteredHeads

        return EnteredHeads(self.paths, self.ledger)
