"""Suites as files: expectations on run summaries, each with a limit, a verdict and a source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # a tree of whatever TOML knows

from schemas.errors import ConfigError, Fault
from schemas.finding import Limit, Verdict

COLUMNS = (
    "median_cv_percent",
    "median_log10",
    "min_replicates",
    "n_control_levels",
    "n_control_results",
    "n_results",
    "n_samples",
    "share_above_uloq",
    "share_below_lloq",
    "share_flagged",
    "share_with_result",
    "share_without_number",
)
"""Columns of a run summary that an expectation may judge."""
WHEN = ("all", "plate", "measured")
"""Which rows: all, those of plates, or those that were measured and not calculated."""
_KEYS = {"id", "column", "least", "most", "verdict", "when", "from_n", "unit", "sentence", "source", "status"}


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation of a suite."""

    id: str
    """Id within the suite."""
    column: str
    """Column of the summary."""
    least: float | None
    """Smallest value that is content; None for no limit."""
    most: float | None
    """Largest value that is content; None for no limit."""
    verdict: Verdict
    """Verdict of a row that fails."""
    when: str
    """Rows that are judged: ``all``, ``plate`` or ``measured``."""
    from_n: int
    """Results from which on a row is judged; a share of three says little."""
    unit: str
    """Unit of the limits."""
    sentence: str
    """Sentence with ``{analyte}`` and ``{observed}``."""
    source: str
    """Where the limits come from."""
    status: str
    """``confirmed``, ``unconfirmed`` or ``proposed``."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Limits as findings carry them."""
        bounds = (("least", self.least), ("most", self.most))
        return tuple(
            Limit(name, bound, self.unit, self.source, self.status) for name, bound in bounds if bound is not None
        )


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite."""

    name: str
    """Name, first part of the id of its findings."""
    expectations: tuple[Expected, ...]
    """Expectations in the order of the file."""


def load_suite(text: str) -> Suite:
    """Read a suite.

    Parameters
    ----------
    text : str
        TOML.

    Returns
    -------
    Suite
        The suite.

    Raises
    ------
    ConfigError
        If it is not TOML, or with every expectation that is not well formed.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The suite is not well-formed TOML: {error}.") from error
    faults: list[Fault] = []
    name = tree.get("suite")
    if not isinstance(name, str) or not name:
        faults.append(Fault("key 'suite'", "A suite needs a name."))
    entries = tree.get("expectations", [])
    if not isinstance(entries, list) or not entries:
        faults.append(Fault("key 'expectations'", "A suite needs at least one [[expectations]]."))
        entries = []
    read = [_expected(entry, number, faults) for number, entry in enumerate(entries, start=1)]
    doubled = {one.id for one in read if sum(other.id == one.id for other in read) > 1}
    faults += [Fault(f"expectation '{identity}'", "The id stands twice.") for identity in sorted(doubled)]
    if faults:
        raise ConfigError(f"Suite '{name}' has faults.", faults)
    return Suite(str(name), tuple(read))


def _expected(entry: Any, number: int, faults: list[Fault]) -> Expected:
    tree: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {}
    where = f"expectation '{tree.get('id', number)}'"
    faults += [Fault(where, text) for text in _wrong(tree)]
    verdict = Verdict(tree["verdict"]) if tree.get("verdict") in ("warn", "reject") else Verdict.REJECT
    least, most = (float(tree[key]) if _is_number(tree.get(key)) else None for key in ("least", "most"))
    texts = {key: str(tree.get(key, "")) for key in ("id", "column", "unit", "sentence", "source")}
    when, status = str(tree.get("when", "all")), str(tree.get("status", "unconfirmed"))
    from_n = int(tree["from_n"]) if _is_number(tree.get("from_n")) else 0
    return Expected(least=least, most=most, verdict=verdict, when=when, from_n=from_n, status=status, **texts)


def _wrong(tree: Mapping[str, Any]) -> list[str]:
    texts = [
        f"Key '{key}' is missing." for key in ("id", "column", "verdict", "sentence", "source") if not tree.get(key)
    ]
    texts += [f"Key '{key}' is not known. Known keys: {', '.join(sorted(_KEYS))}." for key in sorted(set(tree) - _KEYS)]
    if tree.get("column") and tree["column"] not in COLUMNS:
        texts.append(f"Column '{tree['column']}' is not known. Known columns: {', '.join(COLUMNS)}.")
    if tree.get("verdict") and tree["verdict"] not in ("warn", "reject"):
        texts.append(f"Verdict '{tree['verdict']}' is not known; expected warn or reject.")
    if tree.get("when", "all") not in WHEN:
        texts.append(f"'when' is '{tree['when']}'; expected one of {', '.join(WHEN)}.")
    bounds = [float(tree[key]) for key in ("least", "most") if _is_number(tree.get(key))]
    if not bounds:
        texts.append("At least one of 'least' and 'most' must be a number.")
    if bounds != sorted(bounds):
        texts.append(f"'least' ({bounds[0]:g}) is above 'most' ({bounds[1]:g}).")
    return texts + _sentence_faults(tree.get("sentence"))


def _sentence_faults(sentence: object) -> list[str]:
    try:
        str(sentence).format(analyte="iron", observed=1.0)
    except (KeyError, IndexError, ValueError, AttributeError):
        return [f"Sentence '{sentence}' may hold {{analyte}} and {{observed}} and nothing else in braces."]
    return []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
