"""The nested design that the labels of a table describe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Design:
    """Measured results with the factors that can be told apart."""

    values: npt.NDArray[np.float64]
    """Results that were measured."""
    factors: Mapping[str, npt.NDArray[np.int64]]
    """Label of each result by factor, the outermost first; empty if the table has no factor to tell apart."""
    notes: tuple[str, ...]
    """Factors that were left out, and why."""


def design_of(values: Sequence[float | None], labels: Mapping[str, Sequence[str]]) -> Design:
    """Return the design of one level.

    Parameters
    ----------
    values : sequence of float or None
        Results; None was not measured and is left out.
    labels : mapping of str to sequence of str
        Label of each row by factor, the outermost first.

    Returns
    -------
    Design
        A factor is left out where it never varies within those around it, and where each of its cells has one result:
        it is then the scatter of replicates.
    """
    from checks.arithmetic.precision.nested_anova import nested_cells

    measured = [place for place, value in enumerate(values) if value is not None]
    x = np.array([values[place] for place in measured], dtype=np.float64)
    factors: dict[str, npt.NDArray[np.int64]] = {}
    notes: list[str] = []
    for name, cells in labels.items():
        own = np.unique([cells[place] for place in measured], return_inverse=True)[1].astype(np.int64)
        *_, outer, _ = nested_cells(list(factors.values()), x.size)
        *_, inner, _ = nested_cells([*factors.values(), own], x.size)
        n_outer, n_inner = _n_cells(outer), _n_cells(inner)
        if n_inner == n_outer:
            notes.append(f"'{name}' never varies within what lies around it and is left out.")
        elif n_inner == x.size:
            notes.append(f"Each '{name}' has one result: its scatter is part of the error.")
        else:
            factors[name] = own
    return Design(x, factors, tuple(notes))


def _n_cells(cells: npt.NDArray[np.int64]) -> int:
    return int(cells.max()) + 1 if cells.size else 0
