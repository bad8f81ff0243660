"""Items: what a person decides on, with names that are short enough to type.

``R12`` is a run, ``R12/ferritin`` an analyte in a run, ``R12.5`` the fifth result of a run (the replicate wells of one
sample and analyte on a plate), ``R12@B7`` a well, ``R12@2:B7`` a well of the second plate of a run. ``S-7K3QX`` is a
sample with all its results, ``S-7K3QX/ferritin`` a sample's results of one analyte; both by the sample's pseudonym.
``C12`` is what delivery 12 would change of rows that have results.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from schemas.correction_name import is_correction
from schemas.errors import ConfigError
from schemas.finding import Finding, Scope
from schemas.result_id import ORDINAL_BITS as ORDINAL_BITS
from schemas.result_id import ORDINALS, ordinal_of, result_id_of, run_id_of

if TYPE_CHECKING:
    import polars as pl

_NAME = re.compile(
    # An analyte that the catalogue does not know keeps the name that the file gives it.
    r"R(?P<run>[1-9][0-9]{0,11})(?:/(?P<analyte>[^\s/](?:[^\x00-\x1f\x7f]{0,198}[^\s])?)|\.(?P<ordinal>[1-9][0-9]{0,6})"
    r"|@(?:(?P<plate>[1-9][0-9]{0,3}):)?(?P<well>[A-Za-z]{1,2}[0-9]{1,2}))?\Z",
    re.ASCII,
)
_SAMPLE = re.compile(r"(?P<code>S-[0-9A-HJKMNP-TV-Z]{5,51})(?:/(?P<analyte>[a-z0-9_]+))?\Z", re.ASCII)


def name_of_run(run_id: int) -> str:
    """Return the name of a run.

    Returns
    -------
    str
        ``R12``.
    """
    return f"R{run_id}"


def name_of_analyte(run_id: int, analyte: str) -> str:
    """Return the name of an analyte in a run.

    Returns
    -------
    str
        ``R12/ferritin``.
    """
    return f"R{run_id}/{analyte}"


def name_of_result(result_id: int) -> str:
    """Return the name of a result.

    Returns
    -------
    str
        ``R12.5``.
    """
    return f"R{run_id_of(result_id)}.{ordinal_of(result_id)}"


def names_of_result(result_id: int, analyte: str) -> tuple[str, str, str]:
    """Return the names of all by which a result is decided.

    Returns
    -------
    tuple of str
        Its run, its analyte in the run, and itself: ``R12``, ``R12/ferritin``, ``R12.5``.
    """
    run_id = run_id_of(result_id)
    return name_of_run(run_id), name_of_analyte(run_id, analyte), name_of_result(result_id)


def name_columns() -> dict[str, pl.Expr]:
    """Return the names of all by which results are decided, as columns.

    Returns
    -------
    dict of str to Expr
        ``run``, ``analyte`` and ``result``, from the columns ``run_id``, ``analyte`` and ``result_id``.
    """
    import polars as pl

    run = pl.format("R{}", "run_id")
    return {
        "run": run,
        "analyte": pl.concat_str(run, pl.lit("/"), pl.col("analyte")),
        "result": pl.concat_str(run, pl.lit("."), pl.col("result_id") % ORDINALS),
    }


@dataclass(frozen=True, slots=True)
class Item:
    """A run, an analyte in a run, a result, or a well."""

    run_id: int
    """Run it belongs to."""
    analyte: str = ""
    """Analyte id, for an analyte in a run."""
    ordinal: int = 0
    """Ordinal of the result, from 1; 0 for anything else."""
    well: str = ""
    """Well, for a well: ``B7``."""
    plate: int = 1
    """Which plate of the run, from 1, in the order of the plates' names."""

    @property
    def scope(self) -> str:
        """``run``, ``analyte``, ``result`` or ``well``."""
        if self.well:
            return "well"
        return "result" if self.ordinal else "analyte" if self.analyte else "run"

    @property
    def result_id(self) -> int | None:
        """Id of the result; None for a run or an analyte."""
        return result_id_of(self.run_id, self.ordinal) if self.ordinal else None

    def __str__(self) -> str:
        """Return the name that a person types."""
        if self.well:
            return f"R{self.run_id}@{self.well}" if self.plate == 1 else f"R{self.run_id}@{self.plate}:{self.well}"
        if self.ordinal:
            return f"{name_of_run(self.run_id)}.{self.ordinal}"
        return name_of_analyte(self.run_id, self.analyte) if self.analyte else name_of_run(self.run_id)


@lru_cache(maxsize=1 << 16)  # a look at a large lab asks for the same names again and again
def parse_item(name: str) -> Item:
    """Read the name of an item.

    Parameters
    ----------
    name : str
        ``R12``, ``R12/ferritin``, ``R12.5``, ``R12@B7`` or ``R12@2:B7``.

    Returns
    -------
    Item
        The item; whether it exists is not looked up.

    Raises
    ------
    ConfigError
        If the name has none of these forms.
    """
    found = _NAME.match(name)
    if found is None:
        raise ConfigError(f"'{name}' is not an item. Expected 'R12', 'R12/ferritin' or 'R12.5', as 'qc queue' lists.")
    well = _plain_well(found["well"] or "")
    return Item(int(found["run"]), found["analyte"] or "", int(found["ordinal"] or 0), well, int(found["plate"] or 1))


def _plain_well(text: str) -> str:
    letters = text.rstrip("0123456789")
    return f"{letters.upper()}{int(text[len(letters) :])}" if text else ""


@dataclass(frozen=True, slots=True)
class SampleItem:
    """A sample with all its results, or with those of one analyte."""

    code: str
    """Pseudonym of the sample: ``S-7K3QX``."""
    analyte: str = ""
    """Analyte id; empty for all of them."""

    @property
    def scope(self) -> str:
        """``sample`` or ``sample_analyte``."""
        return "sample_analyte" if self.analyte else "sample"

    def __str__(self) -> str:
        """Return the name that a person types."""
        return f"{self.code}/{self.analyte}" if self.analyte else self.code


def parse_target(name: str) -> Item | SampleItem:
    """Read the name of anything that can be decided on.

    Parameters
    ----------
    name : str
        What :func:`parse_item` reads, or ``S-7K3QX`` or ``S-7K3QX/ferritin``.

    Returns
    -------
    Item or SampleItem
        The item; whether it exists is not looked up.

    Raises
    ------
    ConfigError
        If the name has none of these forms.
    """
    found = _SAMPLE.match(name)
    if found is None:
        return parse_item(name)
    return SampleItem(found["code"], found["analyte"] or "")


def decided_name(name: str) -> str:
    """Return the name of anything that is decided on, as the ledger writes it.

    Raises
    ------
    ConfigError
        If it is the name neither of a correction nor of anything that :func:`parse_target` reads.
    """
    return name if is_correction(name) else str(parse_target(name))


def item_of_result(result_id: int) -> Item:
    """Return the item of a result id."""
    return Item(run_id_of(result_id), ordinal=ordinal_of(result_id))


def item_of_finding(run_id: int, finding: Finding) -> Item:
    """Return the item that a finding holds.

    Returns
    -------
    Item
        The result, the analyte in the run, or the run itself.
    """
    if finding.scope is Scope.RESULT:
        return Item(run_id, ordinal=int(finding.key["result"]))
    return Item(run_id, analyte=str(finding.key.get("analyte", "")))
