"""The errors of Assaygate, by what the caller must do about them.

Bad data is never an exception: it is a :class:`schemas.finding.Finding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file, a form or a setting."""

    where: str
    """Place a person can find: ``line 12, column 'value'``, ``sheet 'Run 1', cell C7``; empty for the whole file."""
    text: str
    """Full sentence: what is wrong, the value in quotes, what was expected."""

    def __str__(self) -> str:
        """Return the place and the sentence as one line."""
        return f"{self.where}: {self.text}" if self.where else self.text


class QcError(Exception):
    """Root of all errors that Assaygate raises on purpose."""


class FaultyError(QcError):
    """Error that carries every fault that was found, not only the first.

    Parameters
    ----------
    message : str
        Full sentence that sums the faults up.
    faults : sequence of Fault
        Every fault; may be empty when the message says it all.
    """

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = tuple(faults)

    def __str__(self) -> str:
        """Return the message, then one line for each fault."""
        return "\n".join([self.message, *(f"  {fault}" for fault in self.faults)])


class ConfigError(FaultyError):
    """Mend qc.toml, a catalogue file, a plan or the command line."""


class ReaderError(FaultyError):
    """Give another file, or mend this one: it cannot be read as it is."""


class SchemaDefinitionError(QcError):
    """Mend our code: a table model is not well formed."""


class RuleDefinitionError(QcError):
    """Mend our code: a rule is not well formed."""


class NotEvaluableError(QcError):
    """Say that a rule cannot judge this input; the engine turns it into a finding."""


class StoreError(QcError):
    """Look at the store: it cannot be read or written."""


class StoreBusyError(StoreError):
    """Wait: another process holds the store."""


class GateError(FaultyError):
    """Decide first: the data are not approved, not locked or not paired."""


class ConflictError(FaultyError):
    """Look again: somebody else has acted on the same thing since you looked."""


class RightsError(FaultyError):
    """Ask somebody who may do this, or sign in: the person who acts has no right to it."""


class SignInError(RightsError):
    """Sign in: nobody is known to act, or the session has ended."""
