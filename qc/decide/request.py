"""What somebody asks to be recorded, and what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qc.items.decisions import Act
from qc.people.rights import Right
from schemas.errors import ConfigError
from schemas.json_model import JsonModel
from schemas.names import did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRequest:
    """One act on one or several items, before it is checked."""

    act: Act
    """What is said."""
    reason: str = ""
    """Code of ``reasons.toml``; empty for none."""
    note: str = ""
    """Free text."""
    expires_at: datetime | None = None
    """When an approval over a failure ends, in UTC; None if it does not."""
    exceptions: tuple[str, ...] = ()
    """Items that were looked at together with the others and are left out of a bulk decision on purpose."""
    supersedes: bool = False
    """Whether the decision of somebody else may be replaced."""

    @property
    def cause(self) -> str:
        """The one cause of a bulk decision: its reason, else its note."""
        return self.reason or self.note


@dataclass(frozen=True, slots=True)
class Decided(JsonModel):
    """One decision that was recorded."""

    item: str
    """Name of the item."""
    act: Act
    """What was said."""
    over: tuple[str, ...]
    """Rules that an approval went over."""
    seq: int
    """Number of the ledger entry."""
    supersedes: int = 0
    """Number of the entry that it takes the place of; 0 if none."""
    confirms: int = 0
    """Number of the entry that it confirms as a second person; 0 if none."""
    needs_second: bool = False
    """Whether it counts only when a second person has confirmed it."""
    n_covered: int = 0
    """Results that a decision on a sample covers; 0 for anything else."""

    def numbered(self, seq: int) -> Decided:
        """Return the decision with the number of its entry; ``replace`` takes three times as long."""
        before, confirms = self.supersedes, self.confirms
        return Decided(self.item, self.act, self.over, seq, before, confirms, self.needs_second, self.n_covered)


_RIGHTS = {Act.REJECT: Right.REJECT, Act.REPEAT: Right.REPEAT, Act.DILUTE: Right.REPEAT, Act.COMMENT: Right.COMMENT}


def right_of(act: Act, *, goes_over: bool) -> Right:
    """Return the right that an act needs."""
    return _RIGHTS.get(act, Right.APPROVE_OVER if goes_over else Right.APPROVE)


_WORDS_OF_CORRECTIONS = {"accept": Act.APPROVE.value, "refuse": Act.REJECT.value}


def act_of(text: str) -> Act:
    """Read the name of an act.

    Raises
    ------
    ConfigError
        If there is no such act.
    """
    text = _WORDS_OF_CORRECTIONS.get(text, text)
    if text not in list(Act):
        raise ConfigError(f"'{text}' is not a decision.{did_you_mean(text, Act)} Expected one of: {', '.join(Act)}.")
    return Act(text)
