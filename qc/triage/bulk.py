"""What a decision on several items is about, told before it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qc.decisions import Act
from qc.triage.queue import QueueRow
from schemas.finding import Verdict, worst

if TYPE_CHECKING:
    from qc.configuring.reading import Reason
    from qc.lab import Lab

TYPED_FROM = 10
"""Number of items from which the number itself must be typed: ten letters in a row are not pressed by mistake."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a person must see and say before an act is recorded."""

    act: Act
    """The act."""
    rows: tuple[QueueRow, ...]
    """Items that it is about."""
    reasons: tuple[Reason, ...]
    """Reasons that fit, in the order of ``reasons.toml``."""
    needs_reason: bool
    """Whether one of them must be given."""
    needs_note: bool
    """Whether a text must be given."""
    exceptions: tuple[str, ...]
    """Items that were marked together with them and unmarked again."""

    @property
    def needs_count(self) -> bool:
        """Whether the number of items must be typed."""
        return len(self.rows) >= TYPED_FROM

    @property
    def needs_nothing(self) -> bool:
        """Whether it may be recorded as it is: one item, nothing to be said."""
        return len(self.rows) == 1 and not self.needs_reason and not self.needs_note and not self.exceptions

    @property
    def worst(self) -> Verdict:
        """Gravest verdict among the items."""
        return worst(row.verdict for row in self.rows)

    def span(self) -> str:
        """Say over what the items stretch.

        Returns
        -------
        str
            Runs, analytes and days.
        """
        runs, analytes = {row.run for row in self.rows}, {row.analyte for row in self.rows if row.analyte}
        first, last = min(row.assessed_at for row in self.rows), max(row.assessed_at for row in self.rows)
        days = f"judged {first:%Y-%m-%d}" + (f" to {last:%Y-%m-%d}" if first.date() != last.date() else "")
        return f"{_n(len(runs), 'run')}, {_n(len(analytes), 'analyte')}, {days}"

    def unusual(self) -> list[str]:
        """Name what only a few of the items have: the exceptions that are overlooked in a long list.

        Returns
        -------
        list of str
            Such as ``3 of 41 have westgard.1-3s``; rules that fewer than a quarter of the items have, the rarest first.
        """
        if len(self.rows) < 4:
            return []
        told = Counter(rule for row in self.rows for rule in row.rules)
        rare = sorted((n, rule) for rule, n in told.items() if n * 4 < len(self.rows))
        return [f"{n} of {len(self.rows)} {'has' if n == 1 else 'have'} {rule}" for n, rule in rare[:5]]

    def as_json(self) -> dict[str, Any]:
        """Return what is asked as a mapping of JSON values."""
        return {
            "act": self.act.value,
            "n": len(self.rows),
            "span": self.span(),
            "worst": self.worst.value,
            "unusual": self.unusual(),
            "needs_reason": self.needs_reason,
            "needs_count": self.needs_count,
        }


def asking(lab: Lab, act: Act, rows: Sequence[QueueRow], exceptions: Sequence[str] = ()) -> Asking:
    """Say what an act needs.

    Parameters
    ----------
    lab : Lab
        Lab whose ``reasons.toml`` lists the reasons.
    act : Act
        The act.
    rows : sequence of QueueRow
        Items that it is about, at least one.
    exceptions : sequence of str
        Items that were marked together with them and unmarked again.

    Returns
    -------
    Asking
        For a dialog; the core checks everything again when it records.
    """
    from qc.config import read_reasons

    goes_over = act is Act.APPROVE and any(row.seen.over for row in rows)
    kinds = {Act.REJECT: "reject", Act.REPEAT: "repeat", Act.DILUTE: "repeat"}
    kind = kinds.get(act, "approve_over" if goes_over else "")
    known = read_reasons(lab.paths.reasons).values()
    reasons = tuple(reason for reason in known if kind and kind in reason.acts)
    needs_note = act is Act.COMMENT or (not kind and (len(rows) > 1 or bool(exceptions)))
    return Asking(act, tuple(rows), reasons, bool(kind), needs_note, tuple(exceptions))


def _n(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
