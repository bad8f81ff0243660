"""Blanks and low samples of a detection experiment, lot by lot, as a file lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from checks.trials.csv_table import CsvTable, read_csv_table
from schemas.errors import ReaderError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

KINDS: Mapping[str, str] = {"blank": "blank", "b": "blank", "zero": "blank", "low": "low", "l": "low", "sample": "low"}
"""Words of the column ``kind``."""
POSITIVE: Mapping[str, bool] = {
    word: is_hit
    for words, is_hit in (
        (("positive", "pos", "+", "detected", "reactive", "yes"), True),
        (("negative", "neg", "-", "not detected", "nonreactive", "no", "nd"), False),
    )
    for word in words
}
"""Words of the column ``detected``, beside 1 and 0."""


@dataclass(slots=True)
class Samples:
    """Results of one lot, or of all."""

    blanks: dict[str, list[float]] = field(default_factory=dict)
    """Results of each blank; minus infinity for one below a bound."""
    lows: dict[str, list[float]] = field(default_factory=dict)
    """Results of each low sample, alike."""
    targets: dict[str, float] = field(default_factory=dict)
    """Concentration that a low sample is known to have."""
    hits: dict[str, list[bool]] = field(default_factory=dict)
    """Whether each result of a low sample is positive, where the file says so."""
    n_missing: int = 0
    """Rows without a result."""

    @property
    def n_blank(self) -> int:
        """Return the number of blank results."""
        return sum(map(len, self.blanks.values()))

    @property
    def n_low(self) -> int:
        """Return the number of results of low samples."""
        return sum(map(len, self.lows.values()))

    def all_blanks(self) -> Floats:
        """Return the results of all blanks in one array."""
        return np.array([value for values in self.blanks.values() for value in values])

    def low_arrays(self) -> list[Floats]:
        """Return the results of each low sample."""
        return [np.array(values) for values in self.lows.values()]


def read_samples(text: str) -> dict[str, Samples]:
    """Read a detection experiment.

    Parameters
    ----------
    text : str
        CSV with ``sample``, ``kind`` (``blank`` or ``low``) and ``value``, and, where the design has them, ``lot``,
        ``target`` (known concentration of a low sample) and ``detected`` (whether the result is positive). ``day``,
        ``run`` and ``replicate`` may stand in it.

    Returns
    -------
    dict of str to Samples
        By lot, in the order of the file; one lot without a name where there is no column for it. A result below a
        bound (``<0.1``) counts as below all numbers; an empty one is missing.

    Raises
    ------
    ReaderError
        If the table cannot be read; all faults are named.
    """
    table = read_csv_table(text, ["sample", "kind", "value"])
    lots: dict[str, Samples] = {}
    for place in range(len(table.rows)):
        lot = table.label(place, "lot") if "lot" in table.columns else ""
        _add(lots.setdefault(lot, Samples()), table, place)
    table.refuse_faults("The detection experiment")
    if not any(lot.n_blank + lot.n_low + len(lot.hits) for lot in lots.values()):
        raise ReaderError("No result of the table was measured.")
    return lots


def _add(samples: Samples, table: CsvTable, place: int) -> None:
    sample, kind = table.label(place, "sample"), KINDS.get(table.label(place, "kind").casefold())
    if kind is None:
        word = table.rows[place].get("kind", "")
        table.fault(place, f"'{word}' in column 'kind' is none of 'blank' and 'low'.")
    is_hit = _hit(table, place)
    if is_hit is not None and kind == "low":
        samples.hits.setdefault(sample, []).append(is_hit)
    found = table.bounds(place, "value")
    if found is None:
        samples.n_missing += is_hit is None
    elif found[1] == np.inf:
        table.fault(place, f"'{table.rows[place].get('value', '')}' lies above a bound: no blank and no low sample.")
    else:
        group = samples.blanks if kind == "blank" else samples.lows
        group.setdefault(sample, []).append(found[0])
    _add_target(samples, table, place, sample)


def _hit(table: CsvTable, place: int) -> bool | None:
    word = table.rows[place].get("detected", "").casefold()
    if not word:
        return None
    if word in ("0", "1"):
        return word == "1"
    if word not in POSITIVE:
        table.fault(place, f"'{word}' in column 'detected' is neither positive nor negative, 1 nor 0.")
    return POSITIVE.get(word)


def _add_target(samples: Samples, table: CsvTable, place: int, sample: str) -> None:
    target = table.number(place, "target")
    if target is None:
        return
    if not target > 0 and sample in samples.lows:
        table.fault(place, f"Target {target:g} of the low sample '{sample}' must be above 0.")
    elif samples.targets.setdefault(sample, target) != target:
        table.fault(place, f"Sample '{sample}' has the targets {samples.targets[sample]:g} and {target:g}.")


def pooled_samples(lots: Sequence[Samples]) -> Samples:
    """Put the samples of all lots together; one sample stays one, whatever the lot.

    Parameters
    ----------
    lots : sequence of Samples
        Lots.

    Returns
    -------
    Samples
        All results.
    """
    pooled = Samples(n_missing=sum(lot.n_missing for lot in lots))
    for lot in lots:
        for own, all_lots in ((lot.blanks, pooled.blanks), (lot.lows, pooled.lows)):
            for name, values in own.items():
                all_lots.setdefault(name, []).extend(values)
        for name, hits in lot.hits.items():
            pooled.hits.setdefault(name, []).extend(hits)
        pooled.targets |= lot.targets
    return pooled
