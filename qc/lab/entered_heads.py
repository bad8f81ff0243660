"""Whoever writes facts enters their new head into the ledger, before anybody else can write them.

What a kill cut off between the two is entered by whoever writes next, and told to have come late.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.lab.actor import actor_or_user
from qc.lab.rule_files import keep_listing, listing_of, rule_files
from qc.store.entry import Draft, Kind
from qc.store.facts_heads import MADE_AGAIN, FactsHead, head_after, head_of, newest_seal
from schemas.canonical import sha256_text

if TYPE_CHECKING:
    from qc.lab.layout import LabPaths
    from qc.store.connection import Connection
    from qc.store.entry import Entry
    from qc.store.ledger import Ledger

OBJECT = "facts"
"""What the entries are about."""


@dataclass(frozen=True, slots=True)
class EnteredHeads:
    """Watches whoever writes the facts of one lab."""

    paths: LabPaths
    """Where the lab lies."""
    ledger: Ledger
    """Its ledger."""

    @contextmanager
    def watching(self, con: Connection) -> Iterator[None]:
        """Enter what the body writes.

        Raises
        ------
        StoreError
            If there is no ledger: nothing is written then.
        """
        n_before = newest_seal(con)
        last = self.newest()
        yield
        self._enter(con, last, n_before)

    def newest(self) -> Entry | None:
        """Return the newest entry that names a head; None if there is none."""
        return self.ledger.newest_of(Kind.FACTS)

    def is_due(self) -> bool:
        """Tell whether the files of the rules are not those that the newest entry names."""
        last = self.newest()
        return last is not None and last.body["rules_sha256"] != sha256_text(listing_of(rule_files(self.paths.root)))

    def enter_made_again(self, con: Connection, actor: str, first_assessment: int) -> None:
        """Enter the head of facts that were made again from archive and ledger: heads begin anew with it.

        Parameters
        ----------
        first_assessment : int
            Number of the first assessment in them.
        """
        head = head_after(con, FactsHead())
        body = {
            "act": MADE_AGAIN,
            "n_seals": head.n_seals,
            "facts_sha256": head.sha256,
            "rules_sha256": keep_listing(self.paths.archive, listing_of(rule_files(self.paths.root))),
            "n_late": 0,
            "first_assessment": first_assessment,
        }
        self.ledger.append([Draft(Kind.FACTS, OBJECT, body, actor)], at=datetime.now(UTC))

    def _enter(self, con: Connection, last: Entry | None, n_before: int) -> None:
        known = head_of(last.body) if last else FactsHead()
        # Where the facts hold less than was entered once, rows are gone: verify tells it, nothing is entered over it.
        head = head_after(con, known)
        rules = keep_listing(self.paths.archive, listing_of(rule_files(self.paths.root)))
        if last is not None and head == known and rules == last.body["rules_sha256"]:
            return
        n_late = max(0, n_before - known.n_seals)
        act = "rows_written" if head != known else "rules_changed"
        body = {
            "act": act,
            "n_seals": head.n_seals,
            "facts_sha256": head.sha256,
            "rules_sha256": rules,
            "n_late": n_late,
        }
        self.ledger.append([Draft(Kind.FACTS, OBJECT, body, actor_or_user(None))], at=datetime.now(UTC))
