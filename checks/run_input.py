"""What a rule may look at: one run with everything that was measured and is known of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar  # Any: what is derived has a type of its own under every key

from checks.linked_columns import no_copied_plates, no_neighbours
from checks.several_results import Choice
from checks.without_entry import is_without_basis, is_without_entry, is_without_unit
from schemas.bridging import Bridging
from schemas.file_remark import FileRemark
from schemas.file_seal import FileSeal
from schemas.finding import Limit
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl

    from checks.standard_curves.curve import Curve
    from checks.standard_curves.curve_choice import CurveChoice


def _with_entry(run_input: RunInput) -> RunInput:
    without = is_without_basis()
    unknown = run_input.results.filter(without)
    if not unknown.height:
        return run_input
    pairs = unknown.filter(is_without_entry()).select("analyte", "matrix").unique()
    controls = run_input.controls.join(pairs, on=["analyte", "matrix"], how="anti", maintain_order="left")
    # Whose sample no sheet knows yet was measured all the same: its controls can be judged, and be missed.
    unplaced = unknown.filter(~is_without_unit() & ~is_without_entry())["analyte"].unique(maintain_order=True)
    return replace(
        run_input,
        results=run_input.results.filter(~without),
        controls=controls,
        unplaced_analytes=tuple(unplaced.to_list()),
    )


Made = TypeVar("Made")
CurveKey = tuple[str, str, str]
"""Plate, analyte and curve group of a standard curve."""


def _no_reanalyses() -> pl.DataFrame:
    import polars as pl

    texts, numbers = dict.fromkeys(("analyte", "matrix"), pl.String), dict.fromkeys(("initial", "repeat"), pl.Float64)
    return pl.DataFrame(schema={**texts, **numbers, "n_samples": pl.Int64, "n_repeated": pl.Int64})


def _no_controls() -> pl.DataFrame:
    import polars as pl

    texts = dict.fromkeys(("run", "analyte", "matrix", "material", "level", "lot"), pl.String)
    integer_columns = dict.fromkeys(("run_id", "position"), pl.Int64)
    return pl.DataFrame(schema={**integer_columns, **texts, "started_at": pl.Datetime("us"), "z": pl.Float64})


def _no_events() -> pl.DataFrame:
    import polars as pl

    texts = dict.fromkeys(("event", "analyte", "instrument", "lot", "note", "recorded_by"), pl.String)
    return pl.DataFrame(schema={"happened_at": pl.Datetime("us"), **texts})


@dataclass(frozen=True, slots=True)
class Variation:
    """How much results of an analyte vary, as coefficients of variation in percent."""

    within_subject: Limit
    """CVI: variation within one healthy person, in percent."""
    analytical: Limit | None = None
    """CVA: variation of the method, in percent; None counts as none."""

    @property
    def log_sd(self) -> float:
        """SD of the natural logarithm of one result, both sources together."""
        cvs = [limit.value / 100 for limit in (self.within_subject, self.analytical) if limit is not None]
        return math.sqrt(math.fsum(math.log1p(cv * cv) for cv in cvs))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInput:
    """One run, ready to be judged. Frames may be empty, columns are always there.

    The columns of each frame are those of the table model of the same name in ``schemas.tables``:
    ``wells`` (Wells), ``results`` (JudgedResults), ``controls`` and ``control_history`` (ControlResults).
    """

    run: Run
    """The run itself."""
    wells: pl.DataFrame
    """One row a well; empty for a run that came as a table of results."""
    results: pl.DataFrame
    """One row a sample result, in canonical units, with what the sample sheet and the catalogue say of it."""
    controls: pl.DataFrame
    """One row a control result of this run, in the order in which they were measured."""
    control_history: pl.DataFrame
    """Control results of earlier runs of the same analytes on this instrument, oldest first, without this run, with the
    ``method`` of each."""
    set_aside_controls: frozenset[tuple[int, str]] = frozenset()
    """Earlier runs that a person has rejected, by run id and analyte; an empty analyte means the whole run."""
    superseded_controls: pl.DataFrame = field(default_factory=_no_controls)
    """Control results of versions of this run that a correction replaced, oldest first (columns of ControlResults)."""
    events: pl.DataFrame = field(default_factory=_no_events)
    """Events on this instrument, or on every one, up to the start of this run, oldest first (columns of Events)."""
    curves: Mapping[CurveKey, Curve] = field(default_factory=dict)
    """Fitted standard curve by plate, analyte and curve group."""
    curve_choices: Mapping[str, CurveChoice] = field(default_factory=dict)
    """Model and weight of the standard curves, by analyte."""
    reanalyses: pl.DataFrame = field(default_factory=_no_reanalyses)
    """Samples that were measured again: analyte, matrix, initial, repeat (in one unit), n_samples of the study, and
    n_repeated of them so far, null if these are all."""
    linked: pl.DataFrame = field(default_factory=no_neighbours)
    """Results of the same subjects in other runs, not rejected (columns of ``checks.neighbours.SCHEMA``)."""
    copied_plates: pl.DataFrame = field(default_factory=no_copied_plates)
    """How many signals a plate shares, well by well, with a plate of another run: plate, n_equal and n_compared."""
    set_aside: frozenset[int] = frozenset()
    """Ordinals of results that are rejected or to be repeated: no other result is judged beside them."""
    rejected_samples: Mapping[int, str] = field(default_factory=dict)
    """Results of samples that were rejected before they came in: the decision in words, by ordinal."""
    variations: Mapping[tuple[str, str], Variation] = field(default_factory=dict)
    """How much an analyte varies in one person, by analyte and matrix, as the catalogue states it."""
    bridgings: frozenset[Bridging] = frozenset()
    """Records that tie two platforms or calibrator lots together."""
    duplicates: Mapping[int, int] = field(default_factory=dict)
    """Number of other results of the same sample and analyte that nobody planned, by ordinal of the one that a person
    is asked about."""
    repeats: Mapping[int, Choice] = field(default_factory=dict)
    """What was chosen by policy of several results of one sample and analyte, by ordinal of the one that counts."""
    evidence: frozenset[int] = frozenset()
    """Ordinals of results that are kept as evidence beside the one that counts."""
    file_seals: tuple[FileSeal, ...] = ()
    """What the file of the run carried to prove itself, recomputed when it came in."""
    file_remarks: tuple[FileRemark, ...] = ()
    """What the file of the run says against itself, or otherwise than its plate map."""
    unplaced_analytes: tuple[str, ...] = ()
    """Analytes of results that are left out here because no sheet knows their sample; their controls can be judged."""
    derived: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Frames that several rules want of this run, worked out once (see :meth:`once`)."""

    @property
    def with_entry(self) -> RunInput:
        """The run without results and controls that nothing can be judged of; itself if there are none."""
        return self.once("with_entry", lambda: _with_entry(self))

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """Return what was made of this run under a key, and make it where nobody has yet.

        Parameters
        ----------
        key : object
            Name of what is made, with everything but the run that it depends on; hashable. A copy of the run with other
            frames remembers nothing.
        make : callable
            Makes it. What it returns is shared by all rules and must not be changed.

        Returns
        -------
        object
            What was made.
        """
        if key not in self.derived:
            self.derived[key] = make()
        made: Made = self.derived[key]
        return made
