"""``qc trace``: from a p-value down to the wells, and from a well up to the p-values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from schemas.trace_graph import Graph


@dataclass(frozen=True, slots=True)
class TraceOutput(JsonModel):
    """What stands on what, from files to p-values."""

    json_keys = "*graph counts"

    graph: Graph
    """Nodes and edges."""
    counts: dict[str, int]
    """Nodes of each kind."""


@click.command("trace")
@click.argument("target")
@click.option("--release", default=None, help="Release that is meant; the newest if none is named.")
@json_option("qc.cli.trace:TraceOutput")
@lab_option
def command(target: str, release: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Trace TARGET in both directions: values, wells, files and lines, calibration, rules and limits, decisions,
    release, p-value.

    TARGET is a contrast with its p-value (tnf_alpha/csf), a result (R12.5), a well (R12@B7), a run, an analyte in a run
    (R12/ferritin) or a sample (S-7K3QX). Samples are named by their codes, and no visit is told.
    """
    from qc.audit.trace.trace import trace
    from qc.cli.output import data, say

    graph = trace(open_named_lab(lab_folder), target, release=release)
    if as_json:
        data(TraceOutput(graph, graph.counts()))
        return 0
    for line in graph.lines():
        say(line)
    return 0
