"""Every table of the facts with its model, and how a row of it is named to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.tables.table import Table


@dataclass(frozen=True, slots=True)
class StoredTable:
    """One table of the facts."""

    model: Callable[[], type[Table]]
    """Function that returns its model."""
    row_key: tuple[str, ...]
    """Columns that name a row without a code of a patient; ``rowid`` is its place in the table."""
    is_sorted: bool = False
    """Whether rows are written in the order of their unique key."""


def _sheets(name: str) -> Callable[[], type[Table]]:
    def model() -> type[Table]:
        from schemas.tables.stored import sheets

        return {
            "subjects": sheets.StoredSubjects,
            "samples": sheets.StoredSamples,
            "controls": sheets.StoredControls,
            "events": sheets.StoredEvents,
            "bridgings": sheets.StoredBridgings,
        }[name]

    return model


def _runs(name: str) -> Callable[[], type[Table]]:
    def model() -> type[Table]:
        from schemas.tables.stored import runs

        return {
            "sources": runs.StoredSources,
            "file_seals": runs.StoredFileSeals,
            "file_remarks": runs.StoredFileRemarks,
            "corrections": runs.StoredCorrections,
            "file_accounts": runs.StoredFileAccounts,
            "cells_aside": runs.StoredCellsAside,
            "runs": runs.StoredRuns,
            "wells": runs.StoredWells,
            "reported": runs.StoredReported,
            "seals": runs.StoredSeals,
        }[name]

    return model


def _assessments(name: str) -> Callable[[], type[Table]]:
    def model() -> type[Table]:
        from schemas.tables.stored import assessments

        return {
            "assessments": assessments.StoredAssessments,
            "rule_runs": assessments.StoredRuleRuns,
            "findings": assessments.StoredFindings,
            "curves": assessments.StoredCurves,
            "well_concentrations": assessments.StoredWellConcentrations,
            "run_summaries": assessments.StoredRunSummaries,
            "run_states": assessments.StoredRunStates,
            "held_items": assessments.StoredHeldItems,
            "held_groups": assessments.StoredHeldGroups,
            "fingerprints": assessments.StoredFingerprints,
        }[name]

    return model


def _results(name: str) -> Callable[[], type[Table]]:
    def model() -> type[Table]:
        from schemas.tables.stored import results

        return {
            "results": results.StoredResults,
            "repeats": results.StoredRepeats,
            "control_results": results.StoredControlResults,
        }[name]

    return model


STORED: Mapping[str, StoredTable] = {
    "sources": StoredTable(_runs("sources"), ("source_id",)),
    "file_seals": StoredTable(_runs("file_seals"), ("source_id", "kind")),
    "file_remarks": StoredTable(_runs("file_remarks"), ("source_id", "kind", "place")),
    "corrections": StoredTable(_runs("corrections"), ("source_id", "ordinal"), is_sorted=True),
    "file_accounts": StoredTable(_runs("file_accounts"), ("source_id",)),
    "cells_aside": StoredTable(_runs("cells_aside"), ("source_id", "ordinal"), is_sorted=True),
    "subjects": StoredTable(_sheets("subjects"), ("rowid", "source_id")),
    "samples": StoredTable(_sheets("samples"), ("rowid", "source_id")),
    "controls": StoredTable(_sheets("controls"), ("rowid", "source_id")),
    "events": StoredTable(_sheets("events"), ("rowid", "source_id")),
    "bridgings": StoredTable(_sheets("bridgings"), ("rowid", "source_id")),
    "runs": StoredTable(_runs("runs"), ("run_id",)),
    "wells": StoredTable(_runs("wells"), ("run_id", "plate", "well")),
    "reported": StoredTable(_runs("reported"), ("run_id", "line"), is_sorted=True),
    "seals": StoredTable(_runs("seals"), ("seal_id",)),
    "assessments": StoredTable(_assessments("assessments"), ("assessment_id",)),
    "rule_runs": StoredTable(_assessments("rule_runs"), ("assessment_id", "rule"), is_sorted=True),
    "findings": StoredTable(_assessments("findings"), ("assessment_id", "ordinal"), is_sorted=True),
    "curves": StoredTable(_assessments("curves"), ("assessment_id", "plate", "analyte")),
    "well_concentrations": StoredTable(_assessments("well_concentrations"), ("assessment_id", "plate", "well")),
    "results": StoredTable(_results("results"), ("assessment_id", "result_id"), is_sorted=True),
    "repeats": StoredTable(_results("repeats"), ("assessment_id", "result_id"), is_sorted=True),
    "control_results": StoredTable(_results("control_results"), ("assessment_id", "position"), is_sorted=True),
    "run_summaries": StoredTable(_assessments("run_summaries"), ("assessment_id", "analyte", "matrix")),
    "run_states": StoredTable(_assessments("run_states"), ("run_id",)),
    "held_items": StoredTable(_assessments("held_items"), ("assessment_id", "item")),
    "held_groups": StoredTable(_assessments("held_groups"), ("assessment_id", "run_id", "analyte", "rules")),
    "fingerprints": StoredTable(_assessments("fingerprints"), ("run_id", "kind")),
}
"""Table of the facts by name, parents before what belongs to them."""
