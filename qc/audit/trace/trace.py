"""Trace: from a p-value, a contrast, a result, a well or a sample, down to the files and up to the p-values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.audit.trace.nodes import add_results
from qc.items.decisions import decisions_on
from qc.items.names import Item, SampleItem, parse_target
from qc.items.near_items import near_item
from qc.items.seen_item import sample_of_code
from qc.people.acting_person import acting_person
from qc.people.signatures import signatures
from qc.release.gated_tests import GatedTests, unseen_tests
from qc.release.looks import has_looked, record_look
from qc.release.release import open_release, release_names
from schemas.errors import ConfigError, GateError
from schemas.names import did_you_mean
from schemas.result_id import result_id_of
from schemas.trace_graph import Graph

if TYPE_CHECKING:
    import polars as pl

    from checks.contrasts.frozen_release import Release
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_NEWEST = "SELECT result_id, assessment_id FROM latest_results WHERE result_id IN (SELECT unnest(?))"
_IN_RUN = "SELECT result_id FROM latest_results WHERE run_id = ? AND (? = '' OR analyte = ?) ORDER BY result_id"
_OF_WELL = """
    SELECT r.result_id FROM latest_results r JOIN (
        SELECT plate, dense_rank() OVER (ORDER BY plate) AS number FROM wells WHERE run_id = ? GROUP BY plate
    ) p USING (plate)
    WHERE r.run_id = ? AND p.number = ? AND list_contains(string_split(r.wells, ','), ?)
"""
_OF_SAMPLE = "SELECT result_id FROM latest_results WHERE study = ? AND sample = ? AND (? = '' OR analyte = ?)"


def trace(lab: LabFolder, target: str, *, release: str | None = None) -> Graph:
    """Trace one thing in both directions; samples are named by their pseudonyms, visits not at all.

    To trace a contrast is to look at its p-value, and told to the ledger; from anything else p-values are shown only to
    who has seen them before.

    Parameters
    ----------
    target : str
        A contrast and its p-value (``tnf_alpha/csf``), a result (``R12.5``), a well (``R12@B7``), a run, an analyte in
        a run, or a sample (``S-7K3QX``).
    release : str, optional
        Release that is meant; None means the newest.

    Returns
    -------
    Graph
        Files, wells, curves, results, assessments with rules and limits, decisions, signatures, releases, plan and
        contrasts, and what stands on what.

    Raises
    ------
    ConfigError
        If there is no such thing.
    """
    opened = _release(lab, release)
    tests = _tests(lab, opened)
    contrast = _contrast_of(target)
    if contrast is not None and (opened is None or tests is None):
        raise ConfigError(f"'{target}' is a contrast: it can be traced when there is a release and a locked plan.")
    if contrast and opened is not None:
        record_look(lab, opened.name, opened.study)
    graph = Graph(f"contrast:{target}" if contrast else "")
    with lab.facts.reading() as con:
        if contrast and opened is not None and tests is not None:
            wanted = _results_of_contrast(opened, tests, contrast)
        else:
            ids = _results_of_item(lab, con, target)
            wanted = [(int(one), int(two)) for one, two in con.execute(_NEWEST, [ids]).fetchall()]
        if not wanted:
            raise ConfigError(f"Nothing is known of '{target}' that could be traced.{near_item(con, target)}")
        add_results(lab, con, graph, wanted)
    _add_decisions(lab, graph)
    if opened is not None:
        _add_release(lab, graph, opened, tests)
    return _with_target(graph, target)


def _contrast_of(target: str) -> tuple[str, str] | None:
    analyte, slash, matrix = target.partition("/")
    is_item = target.startswith(("S-",)) or (analyte[:1] == "R" and analyte[1:].isdecimal())
    return (analyte, matrix) if slash and not is_item else None


def _release(lab: LabFolder, name: str | None) -> Release | None:
    if name is None and not release_names(lab):
        return None
    return open_release(lab, name)


def _tests(lab: LabFolder, opened: Release | None) -> GatedTests | None:
    try:
        return unseen_tests(lab, opened.name) if opened is not None else None
    except (ConfigError, GateError):
        return None


def _results_of_contrast(opened: Release, tests: GatedTests, contrast: tuple[str, str]) -> list[tuple[int, int]]:
    if not any((end.analyte, end.matrix) == contrast for end in tests.lock.plan.endpoints):
        known = [f"{end.analyte}/{end.matrix}" for end in tests.lock.plan.endpoints]
        near = did_you_mean("/".join(contrast), known)
        raise ConfigError(f"'{'/'.join(contrast)}' is no contrast of the locked plan.{near}")
    rows = _used(opened.results, tests, *contrast)
    return [(int(row["result_id"]), int(row["assessment_id"])) for row in rows]


def _used(results: pl.DataFrame, tests: GatedTests, analyte: str, matrix: str) -> list[dict[str, Any]]:
    import polars as pl

    plan = tests.lock.plan
    own = results.filter(
        (pl.col("analyte") == analyte)
        & (pl.col("matrix") == matrix)
        & pl.col("visit").is_in([plan.baseline, plan.followup])
    )
    paired = own.group_by("subject").agg(pl.col("visit").n_unique().alias("n")).filter(pl.col("n") == 2)
    return own.join(paired, on="subject", how="semi").to_dicts()


def _results_of_item(lab: LabFolder, con: Connection, target: str) -> list[int]:
    item = parse_target(target)
    if isinstance(item, SampleItem):
        study, sample = sample_of_code(lab, con, item.code)
        rows = con.execute(_OF_SAMPLE, [study, sample, item.analyte, item.analyte]).fetchall()
    elif item.well:
        rows = con.execute(_OF_WELL, [item.run_id, item.run_id, item.plate, item.well]).fetchall()
    elif item.result_id is not None:
        rows = [(item.result_id,)]
    else:
        rows = con.execute(_IN_RUN, [item.run_id, item.analyte, item.analyte]).fetchall()
    return [int(row[0]) for row in rows]


def _add_decisions(lab: LabFolder, graph: Graph) -> None:
    results = {node.id.partition(":")[2]: node.id for node in graph.nodes.values() if node.kind == "result"}
    of = {item: _names(item, graph.nodes[node_id].details["analyte"]) for item, node_id in results.items()}
    wanted = {name for names in of.values() for name in names}
    signed = signatures(lab.ledger)
    for decision in decisions_on(lab.ledger, wanted):
        over = f" over {', '.join(decision.over)}" if decision.over else ""
        why = " - ".join(part for part in (decision.reason, decision.note) if part) or "no reason given"
        undone = f", undone by entry {decision.undone_by}" if decision.undone_by else ""
        said = f"{decision.act}{over} by {decision.actor}, {decision.at:%Y-%m-%d %H:%M} UTC, {why}{undone}"
        node = graph.add(
            "decision", str(decision.seq), f"decision {decision.seq} on {decision.item}: {said}", **decision.as_json()
        )
        for item, names in of.items():
            if decision.item in names:
                graph.join(node, results[item])
        for one in signed:
            if one.object == decision.item:
                label = f"signature of {one.full_name}: {one.meaning}, {one.at:%Y-%m-%d %H:%M} UTC"
                graph.join(node, graph.add("signature", str(one.seq), label, **one.as_json()))


def _names(item: str, analyte: str) -> set[str]:
    run = item.partition(".")[0]
    return {item, run, f"{run}/{analyte}"}


def _add_release(lab: LabFolder, graph: Graph, opened: Release, tests: GatedTests | None) -> None:
    released = {int(one) for one in opened.results["result_id"].to_list()}
    release = graph.add(
        "release", opened.name, f"release {opened.name}, SHA-256 {opened.sha256[:12]}…", sha256=opened.sha256
    )
    own = [node for node in graph.nodes.values() if node.kind == "result"]
    inside = [node for node in own if _result_id(node.id) in released]
    for node in inside:
        graph.join(node.id, release)
    for one in signatures(lab.ledger, opened.name):
        label = f"signature of {one.full_name}: {one.meaning}, {one.at:%Y-%m-%d %H:%M} UTC"
        graph.join(release, graph.add("signature", str(one.seq), label, **one.as_json()))
    if not inside:
        del graph.nodes[release]
    elif tests is not None:
        shows_p = has_looked(lab, opened.name, acting_person(lab, None).name)
        ids = [_result_id(node.id) for node in inside]
        _add_contrasts(graph, opened, tests, release, ids, shows_p=shows_p)


def _result_id(node_id: str) -> int:
    item = parse_target(node_id.partition(":")[2])
    return result_id_of(item.run_id, item.ordinal) if isinstance(item, Item) else 0


def _add_contrasts(
    graph: Graph, opened: Release, tests: GatedTests, release: str, ids: Sequence[int], *, shows_p: bool
) -> None:
    lock = tests.lock
    when = f"{lock.locked_at:%Y-%m-%d %H:%M} UTC by {lock.locked_by}"
    label = f"plan version {lock.version}, locked {when}, SHA-256 {lock.plan.sha256[:12]}…"
    plan = graph.add("plan", lock.plan.sha256, label, sha256=lock.plan.sha256, version=lock.version)
    for contrast in tests.report.as_json()["contrasts"]:
        used = {int(row["result_id"]) for row in _used(opened.results, tests, contrast["analyte"], contrast["matrix"])}
        name = f"{contrast['analyte']}/{contrast['matrix']}"
        if used & set(ids) and (graph.target in ("", f"contrast:{name}")):
            p = contrast["p_value"]
            words = f"p {p:.4g}" if p is not None else "not tested"
            words = words if shows_p else "'qc paired' tells its p-value"
            label = f"contrast {name}: {words}, {contrast['n_pairs']} pairs"
            keys = ("n_pairs", "test", *(_NUMBERS if shows_p else ()))
            node = graph.add("contrast", name, label, **{key: contrast.get(key) for key in keys})
            graph.join(release, node)
            graph.join(plan, node)


_NUMBERS = ("p_value", "p_holm", "estimate", "ci_low", "ci_high")


def _with_target(graph: Graph, target: str) -> Graph:
    if not graph.target:
        exact = f"result:{target}"
        wells = [
            node.id for node in graph.nodes.values() if node.kind == "well" and node.id.endswith(_well_end(target))
        ]
        graph.target = exact if exact in graph.nodes else wells[0] if wells and "@" in target else ""
    if not graph.target:
        top = graph.add("result", target, f"{target}: {graph.counts()['result']} results", items=[])
        for node in [node.id for node in graph.nodes.values() if node.kind == "result" and node.id != top]:
            graph.join(node, top)
        graph.target = top
    return graph


def _well_end(target: str) -> str:
    item = parse_target(target)
    return f":{item.well}" if isinstance(item, Item) and item.well else "\0"
