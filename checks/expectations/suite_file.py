"""Suites as files: expectations on run summaries, each with a limit, a verdict and a source."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

from annotated_types import MinLen

from schemas.errors import ConfigError, Fault
from schemas.finding import Limit, Verdict
from schemas.toml_file import table_of, toml_tree
from schemas.toml_table import Checked, EachOnce, Says, Text, TomlTable, Tree

Column = Literal[
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
]
"""Columns of a run summary that an expectation may judge."""
When = Literal["all", "plate", "measured", "run"]
"""Which rows: all analytes, those of plates, those that were measured and not calculated, or the run as a whole."""
RUN_COLUMNS = ("share_panel_complete",)
"""Columns that speak of a run as a whole, and stand in its own row."""


def _row_of_column(when: str, before: Tree) -> str:
    if "column" in before and (when == "run") != (before["column"] in RUN_COLUMNS):
        raise ValueError(
            f"Columns of the run as a whole ({', '.join(RUN_COLUMNS)}) go with when = 'run', and no others do."
        )
    return when


def _above_least(most: float | None, before: Tree) -> float | None:
    least = before.get("least")
    if "least" in before and least is most is None:
        raise ValueError("At least one of 'least' and 'most' must be a number.")
    if least is not None and most is not None and least > most:
        raise ValueError(f"'least' ({least:g}) is above 'most' ({most:g}).")
    return most


def _fillable(sentence: str, before: Tree) -> str:
    try:
        sentence.format(analyte="iron", observed=1.0)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        text = f"Sentence '{sentence}' may hold {{analyte}} and {{observed}} and nothing else in braces."
        raise ValueError(text) from error
    return sentence


def _several(panel: tuple[str, ...], before: Tree) -> tuple[str, ...]:
    if len(panel) == 1:
        raise ValueError(f"The panel is '{panel[0]}'; a list of two or more analytes was expected.")
    return panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected(TomlTable):
    """One expectation of a suite."""

    id: Text
    """Id within the suite."""
    column: Column
    """Column of the summary."""
    least: Annotated[float | None, Says("'least' is '{value}'; it must be a number.")] = None
    """Smallest value that is content; None for no limit."""
    most: Annotated[float | None, Checked(_above_least), Says("'most' is '{value}'; it must be a number.")] = None
    """Largest value that is content; None for no limit."""
    verdict: Literal[Verdict.WARN, Verdict.REJECT]
    """Verdict of a row that fails."""
    when: Annotated[
        When, Checked(_row_of_column), Says("'when' is '{value}'; expected one of all, plate, measured, run.")
    ] = "all"
    """Rows that are judged."""
    from_n: int = 0
    """Results from which on a row is judged; a share of three says little."""
    from_runs: int = 0
    """Earlier runs of the same analyte, matrix and method from which on a row is judged."""
    unit: str = ""
    """Unit of the limits."""
    sentence: Annotated[Text, Checked(_fillable)]
    """Sentence with ``{analyte}`` and ``{observed}``."""
    source: Text
    """Where the limits come from."""
    status: str = "unconfirmed"
    """``confirmed``, ``unconfirmed`` or ``proposed``."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Limits as findings carry them."""
        bounds = (("least", self.least), ("most", self.most))
        return tuple(
            Limit(name, bound, self.unit, self.source, self.status) for name, bound in bounds if bound is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite(TomlTable):
    """One suite."""

    suite: Annotated[Text, Says("A suite needs a name.")]
    """Name, first part of the id of its findings."""
    context: str = ""
    """What it is for, in words."""
    matrix: str = ""
    """Matrix whose runs it judges by itself; empty if qc.toml says so."""
    panel: Annotated[
        tuple[Text, ...],
        Checked(_several),
        Says("The panel is '{value}'; a list of two or more analytes was expected."),
    ] = ()
    """Analytes that every sample of a run must have, where the run holds two of them; empty for no panel."""
    expectations: Annotated[
        tuple[Expected, ...],
        MinLen(1),
        EachOnce(("id",), "The id stands twice."),
        Says("A suite needs at least one [[expectations]]."),
    ]
    """Expectations in the order of the file."""

    @property
    def name(self) -> str:
        """Name, first part of the id of its findings."""
        return self.suite


@lru_cache(maxsize=32)
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
    tree = _json_tree(text) if text.lstrip().startswith("{") else toml_tree(text, "The suite")
    faults: list[Fault] = []
    suite = table_of(tree, Suite, faults)
    if suite is None:
        raise ConfigError(f"Suite '{tree.get('suite')}' has faults.", faults)
    return suite


def _json_tree(text: str) -> Tree:
    try:
        tree: Tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"The suite is not well-formed JSON: {error}.") from error
    return tree
