"""What a laboratory rule is: a pure function with an id, a version and declared limits.

The decorator builds a :class:`Rule` and registers nothing: ``checks.registry`` finds rules by walking.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from checks.run_input import RunInput
from schemas.errors import RuleDefinitionError
from schemas.finding import Finding, Limit, Scope

Judge = Callable[[RunInput, Mapping[str, Limit]], list[Finding]]

_ID = re.compile(r"[a-z][a-z0-9_]*\.[A-Za-z0-9][A-Za-z0-9_.\-]*\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of laboratory practice."""

    id: str
    """Dotted id, for ever the same: ``westgard.2-2s``."""
    version: int
    """Raised when the arithmetic changes."""
    scope: Scope
    """What its findings speak about."""
    limits: tuple[str, ...]
    """Names of the limits it needs; the profile's TOML gives value, unit and source."""
    judge: Judge
    """Pure function that judges one run."""
    by_row: bool = False
    """True if it judges each result by its own row and nothing else: the results of many runs are then judged at once.
    It speaks about each result alone, and never refuses a run as a whole."""
    sees_all: bool = False
    """True if it is asked about results that the catalogue has no entry for too."""

    @property
    def manual(self) -> str:
        """Text that ``qc rules`` prints: the docstring of the function."""
        return inspect.cleandoc(self.judge.__doc__ or "")


def rule(
    id: str,  # noqa: A002
    *,
    scope: Scope,
    limits: Sequence[str] = (),
    version: int = 1,
    by_row: bool = False,
    sees_all: bool = False,
) -> Callable[[Judge], Rule]:
    """Build a rule from a pure function.

    Parameters
    ----------
    id : str
        Dotted id, such as ``replicates.cv``.
    scope : Scope
        What its findings speak about.
    limits : sequence of str
        Names of the limits it needs.
    version : int
        Version of its arithmetic, 1 or more.
    by_row : bool
        True if it looks at ``results`` alone, and at each row by itself.
    sees_all : bool
        True if it is asked about results that the catalogue has no entry for too; else it never meets them.

    Returns
    -------
    callable
        Decorator that turns the function into a :class:`Rule`.

    Raises
    ------
    RuleDefinitionError
        If the id is not dotted, the version is below 1 or the function has no docstring.
    """

    def build(judge: Judge) -> Rule:
        if not _ID.match(id):
            raise RuleDefinitionError(f"Rule id '{id}' is not of the form 'group.name'.")
        if version < 1:
            raise RuleDefinitionError(f"Version '{version}' of rule '{id}' is below 1.")
        if not inspect.getdoc(judge):
            raise RuleDefinitionError(f"Rule '{id}' has no docstring, which is its manual.")
        return Rule(id, version, scope, tuple(limits), judge, by_row, sees_all)

    return build
