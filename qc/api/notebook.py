"""The gated tests for a notebook: a table and plots, from a lab or the folder of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from qc.api.lab import Lab
    from qc.release.gated_tests import GatedTests


@dataclass(frozen=True, slots=True)
class PairedTables:
    """Paired tests of one release, as a table and plots."""

    tests: GatedTests
    """The tests with release and plan."""
    frame: pl.DataFrame
    """One row a contrast."""
    sensitivity: pl.DataFrame
    """One row an analysis of a contrast under another choice."""

    @property
    def figures(self) -> dict[str, Figure]:
        """Return the plots by name: ``forest``, and for each contrast ``iron/csf`` and ``iron/csf/differences``."""
        from qc.report.differences import difference_figures
        from qc.report.forest import forest_figure, forest_rows
        from qc.report.report_rows import names_of
        from qc.report.trajectories import trajectory_figures

        report, plan = self.tests.report, self.tests.lock.plan
        drawn = {"forest": forest_figure(forest_rows(report.contrasts, names_of(report)), plan.equivalence_ratio)}
        lines = trajectory_figures(self.tests.release, plan, report.contrasts)
        changes = difference_figures(report.contrasts)
        for contrast, line, change in zip(report.contrasts, lines, changes, strict=True):
            name = "/".join(filter(None, [contrast.analyte, contrast.matrix, contrast.arm]))
            drawn[name] = line
            if change is not None:
                drawn[f"{name}/differences"] = change
        return drawn

    def __repr__(self) -> str:
        """Return the table that a terminal prints."""
        from checks.contrast_words.text_table import contrast_table

        return contrast_table(self.tests.report)

    def _repr_html_(self) -> str:
        chosen = ["analyte", "matrix", "n_pairs", "estimate", "ci_low", "ci_high", "p_value", "p_adjusted", "holds"]
        in_family = self.frame.filter(self.frame["in_family"])
        return str(in_family.select([*chosen, "conclusion_changes"])._repr_html_())


def paired(lab: Lab | str | Path | None = None, release: str | None = None) -> PairedTables:
    """Run the planned paired tests of a release, for a notebook.

    Parameters
    ----------
    lab : Lab, str or Path, optional
        The lab or its folder; None means QC_LAB, else the folder upward that holds qc.toml.
    release : str, optional
        Name of the release; None means the newest.

    Returns
    -------
    PairedTables
        ``frame`` and ``sensitivity`` are polars tables, ``figures`` are matplotlib plots.

    Raises
    ------
    GateError
        If there is no release, it is not what was released, or something else than a lab is handed in.
    ConfigError
        If there is no lab, or no plan is locked.
    """
    from checks.contrasts.contrast_frame import contrast_frame, sensitivity_frame
    from qc.api.lab import Lab, open_lab
    from qc.release.gated_tests import gated_tests
    from schemas.errors import GateError

    if not (lab is None or isinstance(lab, Lab | str | Path)):
        raise GateError(
            f"A '{type(lab).__name__}' is no release: the tests take a lab, or its folder, and what it released. "
            "'qc try paired' compares pairs of a file, outside the gate."
        )
    tests = gated_tests(lab if isinstance(lab, Lab) else open_lab(lab), release)
    return PairedTables(tests, contrast_frame(tests.report), sensitivity_frame(tests.report))
