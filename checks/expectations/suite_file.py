"""Suites as files: expectations on run summaries, each with a limit, a verdict and a source."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any  # a tree of whatever TOML knows

from schemas.errors import ConfigError, Fault
from schemas.finding import Limit, Verdict

COLUMNS = (
    "median_cv_percent",
    "median_log10",
    "min_controls_per_level",
    "min_replicates",
    "n_control_levels",
    "n_control_results",
    "n_earlier_runs",
    "n_results",
    "n_samples",
    "share_above_uloq",
    "share_below_lloq",
    "share_flagged",
    "share_panel_complete",
    "share_with_result",
    "share_without_number",
    "shift_log10",
)
"""Columns of a run summary that an expectation may judge."""
WHEN = ("all", "plate", "measured", "run")
"""Which rows: all analytes, those of plates, those that were measured and not calculated, or the run as a whole."""
RUN_COLUMNS = ("share_panel_complete",)
"""Columns that speak of a run as a whole, and stand in its own row."""
_KEYS = {"id", "column", "least", "most", "verdict", "when", "from_n", "from_runs", "unit", "sentence", "source"} | {
    "status"
}
_SUITE_KEYS = {"suite", "context", "matrix", "panel", "expectations"}


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
    """Rows that are judged: ``all``, ``plate``, ``measured`` or ``run``."""
    from_n: int
    """Results from which on a row is judged; a share of three says little."""
    from_runs: int
    """Earlier runs of the same analyte, matrix and method from which on a row is judged."""
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
    matrix: str = ""
    """Matrix whose runs it judges by itself; empty if qc.toml says so."""
    panel: tuple[str, ...] = ()
    """Analytes that every sample of a run must have, where the run holds two of them; empty for no panel."""


def load_suite(text: str) -> Suite:
    """Read a suite.

    Parameters
    ----------
    text : str
        TOML, or JSON of the same shape; JSON begins with a brace, which TOML cannot.

    Returns
    -------
    Suite
        The suite.

    Raises
    ------
    ConfigError
        If it is neither, or with every key and expectation that is not well formed.
    """
    tree = _tree(text)
    faults: list[Fault] = []
    name = tree.get("suite")
    if not isinstance(name, str) or not name:
        faults.append(Fault("key 'suite'", "A suite needs a name."))
    faults += [Fault(f"key '{key}'", _unknown(key, _SUITE_KEYS)) for key in sorted(set(tree) - _SUITE_KEYS)]
    panel = tree.get("panel", [])
    if not isinstance(panel, list) or not all(isinstance(one, str) and one for one in panel) or len(panel) == 1:
        faults.append(Fault("key 'panel'", f"The panel is '{panel}'; a list of two or more analytes was expected."))
        panel = []
    if not isinstance(tree.get("matrix", ""), str):
        faults.append(Fault("key 'matrix'", f"The matrix is '{tree['matrix']}'; a text was expected."))
    entries = tree.get("expectations", [])
    if not isinstance(entries, list) or not entries:
        faults.append(Fault("key 'expectations'", "A suite needs at least one [[expectations]]."))
        entries = []
    read = [_expected(entry, number, faults) for number, entry in enumerate(entries, start=1)]
    doubled = {one.id for one in read if sum(other.id == one.id for other in read) > 1}
    faults += [Fault(f"expectation '{identity}'", "The id stands twice.") for identity in sorted(doubled)]
    if faults:
        raise ConfigError(f"Suite '{name}' has faults.", faults)
    return Suite(str(name), tuple(read), str(tree.get("matrix", "")), tuple(panel))


def _tree(text: str) -> Mapping[str, Any]:
    try:
        tree = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError(f"The suite is not well-formed JSON: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The suite is not well-formed TOML: {error}.") from error
    return tree if isinstance(tree, Mapping) else {}


def _unknown(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, sorted(known), 1, 0.6)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return f"Key '{key}' is not known.{hint} Known keys: {', '.join(sorted(known))}."


def _expected(entry: Any, number: int, faults: list[Fault]) -> Expected:
    tree: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {}
    where = f"expectation '{tree.get('id', number)}'"
    faults += [Fault(where, text) for text in _wrong(tree)]
    verdict = Verdict(tree["verdict"]) if tree.get("verdict") in ("warn", "reject") else Verdict.REJECT
    least, most = (float(tree[key]) if _is_number(tree.get(key)) else None for key in ("least", "most"))
    texts = {key: str(tree.get(key, "")) for key in ("id", "column", "unit", "sentence", "source")}
    when, status = str(tree.get("when", "all")), str(tree.get("status", "unconfirmed"))
    from_n, from_runs = (int(tree[key]) if _is_number(tree.get(key)) else 0 for key in ("from_n", "from_runs"))
    kept: dict[str, Any] = {"from_n": from_n, "from_runs": from_runs, **texts}  # Any: fields of two types
    return Expected(least=least, most=most, verdict=verdict, when=when, status=status, **kept)


def _wrong(tree: Mapping[str, Any]) -> list[str]:
    texts = [
        f"Key '{key}' is missing." for key in ("id", "column", "verdict", "sentence", "source") if not tree.get(key)
    ]
    texts += [_unknown(key, _KEYS) for key in sorted(set(tree) - _KEYS)]
    if tree.get("column") and tree["column"] not in COLUMNS:
        texts.append(f"Column '{tree['column']}' is not known. Known columns: {', '.join(COLUMNS)}.")
    if tree.get("verdict") and tree["verdict"] not in ("warn", "reject"):
        texts.append(f"Verdict '{tree['verdict']}' is not known; expected warn or reject.")
    if tree.get("when", "all") not in WHEN:
        texts.append(f"'when' is '{tree['when']}'; expected one of {', '.join(WHEN)}.")
    if (tree.get("when") == "run") != (tree.get("column") in RUN_COLUMNS):
        texts.append(
            f"Columns of the run as a whole ({', '.join(RUN_COLUMNS)}) go with when = 'run', and no others do."
        )
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
