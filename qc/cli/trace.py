"""``qc trace``: from a p-value down to the wells, and from a well up to the p-values."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("trace")
@click.argument("target")
@click.option("--release", default=None, help="Release that is meant; the newest if none is named.")
@json_option()
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
        data(graph.as_json() | {"counts": graph.counts()})
        return 0
    for line in graph.lines():
        say(line)
    return 0
