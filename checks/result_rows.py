"""What rules on single results share: the limits that stand in a result's row, and the finding about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.finding import Finding, Limit, Scope, Verdict

ResultRow = Mapping[str, Any]
"""One row of JudgedResults; its columns hold text, numbers and nulls."""


def limit_of(row: ResultRow, name: str) -> Limit | None:
    """Return a limit that the catalogue sets for this result.

    Parameters
    ----------
    row : mapping
        One row of JudgedResults.
    name : str
        Name of the limit: ``hard_low``, ``rbc``.

    Returns
    -------
    Limit or None
        Limit with unit, source and the key that it was found by; None if the catalogue sets none.
    """
    if row[name] is None:
        return None
    unit, source, status, key = (str(row[f"{name}_{part}"] or "") for part in ("unit", "source", "status", "key"))
    return Limit(name, float(row[name]), unit, source, status or "unconfirmed", key)


def limits_of(row: ResultRow, *names: str) -> tuple[Limit, ...]:
    """Return those of several limits that the catalogue sets for this result.

    Parameters
    ----------
    row : mapping
        One row of JudgedResults.
    *names : str
        Names of the limits.

    Returns
    -------
    tuple of Limit
        Limits in the order of the names.
    """
    limits = [limit_of(row, name) for name in names]
    return tuple(limit for limit in limits if limit is not None)


def result_name(row: ResultRow) -> str:
    """Return what a result is called in a sentence: ``ferritin (serum)``.

    Parameters
    ----------
    row : mapping
        One row of JudgedResults.

    Returns
    -------
    str
        Analyte with its matrix.
    """
    return f"{row['analyte']} ({row['matrix']})" if row["matrix"] else str(row["analyte"])


def plain(number: float) -> str:
    """Return a number as a person writes it, with six digits that count.

    Parameters
    ----------
    number : float
        Number to write; finite.

    Returns
    -------
    str
        Number without trailing zeros.

    Examples
    --------
    >>> plain(5000.0), plain(0.30000000000000004)
    ('5000', '0.3')
    """
    return f"{number:.6g}" if abs(number) < 1e6 else f"{number:.0f}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding rests on."""

    observed: float | None = None
    """Number that was judged, in ``unit``."""
    unit: str = ""
    """Unit of ``observed``."""
    limits: Sequence[Limit] = ()
    """Limits that the verdict rests on."""


NOTHING = Evidence()
"""Evidence of a finding that has neither a number nor a limit."""


def about_result(
    rule_id: str,
    verdict: Verdict,
    row: ResultRow,
    sentence: str,
    *,
    evidence: Evidence = NOTHING,
    suggestion: str = "",
) -> Finding:
    """Build a finding about one result.

    Parameters
    ----------
    rule_id : str
        Dotted id of the rule.
    verdict : Verdict
        What the rule says; never ``pass``.
    row : mapping
        One row of JudgedResults.
    sentence : str
        Full sentence without sample, subject or visit.
    evidence : Evidence
        Number that was judged, and the limits that the verdict rests on.
    suggestion : str
        What a person may do or look at.

    Returns
    -------
    Finding
        Finding of scope RESULT.
    """
    key = {"result": int(row["ordinal"])}
    return Finding(
        rule_id,
        verdict,
        Scope.RESULT,
        key,
        sentence,
        observed=evidence.observed,
        unit=evidence.unit,
        limits=tuple(evidence.limits),
        suggestion=suggestion,
    )
