"""Nodes below a result: its files, wells, calibration, assessment and findings."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.items.masking import is_masked, mask_of
from qc.items.names import item_of_result, name_of_analyte, name_of_run
from qc.lab.blinding import pseudonym, read_secret
from qc.store.frames import first_row
from schemas.finding import Verdict
from schemas.trace_graph import Graph

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_RESULTS = """
    SELECT r.result_id, r.run_id, u.run, r.study, r.sample, r.analyte, r.matrix, r.value, r.unit, r.censor,
        r.censor_limit, r.text, r.plate, r.wells, r.line, r.assessment_id, u.source_id, u.calibrator_lot, r.verdict
    FROM results r JOIN runs u USING (run_id)
    WHERE (r.result_id, r.assessment_id) IN (SELECT unnest(?), unnest(?)) ORDER BY r.result_id
"""
_CHOICE = "SELECT role, why, value FROM repeats WHERE assessment_id = ? AND result_id = ?"
_AVERAGED = """
    SELECT reported_id, result_id, assessment_id FROM latest_repeats
    WHERE reported_id IN (SELECT unnest(?)) AND role = 'averaged' ORDER BY ALL
"""
_WELLS = """
    SELECT w.well, w.line, w.signal_text, w.flag, c.value, c.censor, w.curve
    FROM wells w LEFT JOIN well_concentrations c ON c.assessment_id = ? AND c.run_id = w.run_id AND c.plate = w.plate
        AND c.well = w.well AND c.analyte = w.analyte
    WHERE w.run_id = ? AND w.plate = ? AND w.analyte IN (?, '') AND w.well IN (SELECT unnest(?))
"""
_FILES = """
    SELECT source_id, file_name, sha256, part, kind FROM sources
    WHERE delivery_sha256 = (SELECT delivery_sha256 FROM sources WHERE source_id = ?) ORDER BY source_id
"""
_ACCOUNT = "SELECT n_cells, n_used, n_flagged, n_left FROM file_accounts WHERE source_id = ?"
_ASIDES = "SELECT state, place, n_cells, why FROM cells_aside WHERE source_id = ? ORDER BY ordinal"
_CURVE = "SELECT curve, body FROM curves WHERE assessment_id = ? AND plate = ? AND analyte = ?"
_ASSESSMENT = """
    SELECT profile, software, rule_set_sha256, assessed_at FROM assessments WHERE assessment_id = ?
"""
_RULES = "SELECT rule, version, n_findings FROM rule_runs WHERE assessment_id = ? ORDER BY rule"
_FINDINGS = """
    SELECT item, rule, version, verdict, limits FROM findings WHERE assessment_id = ? AND item IN (SELECT unnest(?))
    ORDER BY ordinal
"""
_MOST_PLACES = 5
"""Places of cells that were left aside in the label of a file; its details hold all."""


def add_results(lab: LabFolder, con: Connection, graph: Graph, wanted: list[tuple[int, int]]) -> None:
    """Add results with everything that they rest on."""
    means = con.execute(_AVERAGED, [[one for one, _ in wanted]]).fetchall()
    every = list(dict.fromkeys([*wanted, *((member, assessment_id) for _, member, assessment_id in means)]))
    for row in con.execute(_RESULTS, [[one for one, _ in every], [two for _, two in every]]).fetchall():
        _add_result(lab, con, graph, row)
    for reported, member, _ in means:
        graph.join(f"result:{item_of_result(member)}", f"result:{item_of_result(reported)}")


def _add_result(lab: LabFolder, con: Connection, graph: Graph, row: tuple[Any, ...]) -> None:
    (result_id, run_id, run, study, sample, analyte, matrix, value, unit, censor, limit, text) = row[:12]
    plate, wells, line, assessment_id, source_id, lot, verdict = row[12:]
    item = str(item_of_result(result_id))
    code = pseudonym(read_secret(lab.paths.blind_secret), f"sample:{study}", sample)
    number = f"{censor}{limit}" if censor else "no number" if value is None else f"{value:.6g}"
    label = f"result {item}: {analyte} in {matrix}, sample {code}, {number} {unit} ({verdict})"
    label += f", line {line}" if line is not None and not wells else ""
    details = {
        "run": run,
        "analyte": analyte,
        "value": value,
        "unit": unit,
        "censor": censor,
        "text": text,
        "code": code,
    }
    choice = first_row(con, _CHOICE, [assessment_id, result_id])
    if choice is not None:
        label += f", {choice[0]}: {choice[1]}"
        details |= {"role": choice[0], "chosen": choice[1], "value_of_sample": choice[2]}
    result_node = graph.add("result", item, label, **details)
    files = [_add_file(con, graph, file) for file in con.execute(_FILES, [source_id]).fetchall()]
    carried = _add_wells(con, graph, (run_id, plate, wells, analyte, assessment_id)) if wells else []
    for file in files:
        for above in [well for well, _ in carried] or [result_node]:
            graph.join(file, above)
    if line is not None and not carried:
        graph.nodes[result_node].details["line"] = line
    for well, curve in carried:
        graph.join(well, result_node)
        _add_curve(con, graph, result_node, (assessment_id, plate, analyte, curve, lot))
    _add_assessment(
        con,
        graph,
        result_node,
        (assessment_id, run_id, run, [item, name_of_analyte(run_id, analyte), name_of_run(run_id)]),
    )


def _add_file(con: Connection, graph: Graph, file: tuple[int, str, str, str, str]) -> str:
    source_id, name, sha256, part, kind = file
    if f"file:{sha256}" in graph.nodes:
        return f"file:{sha256}"
    account = _account(con, source_id)
    label = f"file {name} ({part}), SHA-256 {sha256[:12]}…{_account_words(account)}"
    return graph.add("file", sha256, label, name=name, sha256=sha256, part=part, kind=kind, **account)


def _account(con: Connection, source_id: int) -> dict[str, Any]:
    """Return what became of the cells of a file; nothing for a run sheet, or a file that came in before accounts."""
    counts = first_row(con, _ACCOUNT, [source_id])
    if counts is None:
        return {}
    account = dict(zip(("n_cells", "n_used", "n_flagged", "n_left"), counts, strict=True))
    keys = ("state", "place", "n_cells", "why")
    asides = [dict(zip(keys, row, strict=True)) for row in con.execute(_ASIDES, [source_id]).fetchall()]
    return {"account": account, "aside": asides}


def _account_words(account: dict[str, Any]) -> str:
    if not account:
        return ""
    n = account["account"]
    words = [f"{n['n_used']} of {n['n_cells']} cells used"]
    words += [f"{n[key]} {word}" for key, word in (("n_flagged", "flagged"), ("n_left", "left aside")) if n[key]]
    cell_ranges = [one["place"] for one in account["aside"][:_MOST_PLACES]]
    return f"; {', '.join(words)}" + (f": {', '.join(cell_ranges)}" if cell_ranges else "")


def _add_wells(con: Connection, graph: Graph, place: tuple[int, str, str, str, int]) -> list[tuple[str, str]]:
    run_id, plate, wells, analyte, assessment_id = place
    found = []
    rows = con.execute(_WELLS, [assessment_id, run_id, plate, analyte, wells.split(",")]).fetchall()
    for well, line, signal, flag, value, censor, curve in rows:
        label = f"well {well} of plate '{plate}', line {line}: signal {signal}{f' ({flag})' if flag else ''}"
        details = {"plate": plate, "line": line, "signal": signal, "flag": flag, "value": value, "censor": censor}
        found.append((graph.add("well", f"R{run_id}@{plate}:{well}", label, **details), curve))
    return found


def _add_curve(con: Connection, graph: Graph, result: str, place: tuple[int, str, str, str, str]) -> None:
    assessment_id, plate, analyte, curve, lot = place
    for name, body in con.execute(_CURVE, [assessment_id, plate, analyte]).fetchall():
        if name == curve:
            fitted_curve = json.loads(body)
            words = ", ".join(
                f"{key} {fitted_curve[key]}" for key in ("model", "weight", "lloq", "uloq") if key in fitted_curve
            )
            label = f"calibration of plate '{plate}', {analyte}: {words}; calibrator lot '{lot}'"
            graph.join(graph.add("curve", f"{assessment_id}:{plate}:{analyte}:{curve}", label, **fitted_curve), result)


def _add_assessment(con: Connection, graph: Graph, result: str, place: tuple[int, int, str, list[str]]) -> None:
    assessment_id, _, run, items = place
    (row,) = con.execute(_ASSESSMENT, [assessment_id]).fetchall()
    profile, software, rule_set, at = row
    name = f"assessment {assessment_id} of run '{run}'"
    if f"assessment:{assessment_id}" not in graph.nodes:
        rules = [
            {"rule": r, "version": v, "n_findings": n} for r, v, n in con.execute(_RULES, [assessment_id]).fetchall()
        ]
        label = f"{name}: profile {profile}, {len(rules)} rules, {at:%Y-%m-%d %H:%M} UTC, {software}"
        graph.add("assessment", str(assessment_id), label, rule_set_sha256=rule_set, rules=_shown_rules(rules))
    graph.join(f"assessment:{assessment_id}", result)
    for item, rule, version, verdict, limits in con.execute(_FINDINGS, [assessment_id, items]).fetchall():
        mask = mask_of(rule, Verdict(verdict))
        shown = mask.rule if mask else f"{rule} version {version}"
        shown_limits = [] if mask else json.loads(limits)
        words = ", ".join(f"{lim['name']} {lim['value']:g} {lim['unit']} ({lim['status']})" for lim in shown_limits)
        label = f"finding on {item}: {verdict} by {shown}{f', limit {words}' if words else ''}"
        graph.join(
            graph.add("finding", f"{assessment_id}:{item}:{shown}", label, item=item, limits=shown_limits), result
        )


def _shown_rules(rules: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [rule for rule in rules if not is_masked(rule["rule"])]
