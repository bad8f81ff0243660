"""Samples that a person has rejected as a whole: what comes in of them later must not slip through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.items.decisions import Act, newest_decisions
from qc.items.names import SampleItem, parse_target
from qc.lab.blinding import pseudonym, read_secret

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from qc.store.connection import Connection
    from qc.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class SampleRejection:
    """One decision that rejects a sample, or all its results of one analyte."""

    sample: SampleItem
    """The sample, by its pseudonym."""
    study: str
    """Its study."""
    seq: int
    """Number of the ledger entry."""
    reason: str
    """Code of the reason."""
    at: datetime
    """When it was made, in UTC: results that were judged before it were there to be seen."""

    @property
    def words(self) -> str:
        """The decision in words: ``entry 12, haemolysed``."""
        return f"entry {self.seq}, {self.reason}" if self.reason else f"entry {self.seq}"


@dataclass(frozen=True, slots=True)
class RejectedSamples:
    """All samples that are rejected now."""

    secret: bytes
    """Secret of the lab, which makes the pseudonyms; empty if no sample is rejected."""
    rejections: tuple[SampleRejection, ...] = ()
    """The decisions that stand."""

    @property
    def words(self) -> dict[str, str]:
        """Each decision in words, by sample item."""
        return {str(one.sample): one.words for one in self.rejections}

    def late(
        self, study: str, first_judged: datetime | None, results: Iterable[tuple[int, str, str]]
    ) -> dict[int, str]:
        """Return the results of a run whose sample was rejected without them.

        Parameters
        ----------
        first_judged : datetime or None
            When the run was judged for the first time, in UTC; None if it never was.

        Returns
        -------
        dict of int to str
            The decision in words by ordinal: ``entry 12, haemolysed``. Results that were there when the decision was
            made are not named: it covers them, or left them as they were on purpose.
        """
        rejections = [
            one for one in self.rejections if one.study == study and (first_judged is None or first_judged > one.at)
        ]
        if not rejections:
            return {}
        codes: dict[tuple[str, int], str] = {}
        found: dict[int, str] = {}
        for ordinal, sample, analyte in results:
            for one in rejections:
                length = len(one.sample.code) - len("S-")
                if (sample, length) not in codes:
                    codes[sample, length] = pseudonym(self.secret, f"sample:{study}", sample, length=length)
                if codes[sample, length] == one.sample.code and one.sample.analyte in ("", analyte):
                    found[ordinal] = one.words
        return found


def rejected_samples(ledger: Ledger, secret: Path) -> RejectedSamples:
    """Return the samples that are rejected now.

    Parameters
    ----------
    secret : Path
        File with the secret of the lab; read only if a sample is rejected.

    Returns
    -------
    RejectedSamples
        The newest decision on each sample that was not undone, where it is a rejection.
    """
    decisions = newest_decisions(ledger)
    found = []
    for name in [item for item in decisions if item.startswith("S-")]:
        sample, decision = parse_target(name), decisions[name]
        if decision.act is Act.REJECT and isinstance(sample, SampleItem):
            found.append(SampleRejection(sample, decision.study, decision.seq, decision.reason, decision.at))
    return RejectedSamples(read_secret(secret) if found else b"", tuple(found))


_FIRST = "SELECT run_id, min(assessed_at) FROM assessments WHERE run_id IN (SELECT unnest(?)) GROUP BY ALL"


def first_judged(con: Connection, run_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when runs were judged for the first time.

    Returns
    -------
    dict of int to datetime
        In UTC, by run; a run that was never judged is not named.
    """
    from datetime import UTC

    return {run_id: at.replace(tzinfo=UTC) for run_id, at in con.execute(_FIRST, [list(run_ids)]).fetchall()}
