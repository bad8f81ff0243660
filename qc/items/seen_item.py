"""What somebody has seen of an item: enough to decide on it later, without opening the facts again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.items.decisions import newest_on
from qc.items.judged_content import judged_items
from qc.items.lapse import items_that_stand
from qc.items.masking import masked_rules, shown_rules
from qc.items.names import Item, SampleItem, item_of_result, parse_target
from qc.lab.blinding import pseudonym, read_secret
from schemas.errors import ConfigError
from schemas.finding import Verdict
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


CORRECTION = "correction"
"""Scope of what a delivery would change."""


@dataclass(frozen=True, slots=True)
class Seen(JsonModel):
    """What was seen of one item, and when."""

    json_keys = "assessment_id judged_sha256 over as_of"

    item: str
    """Name of the item."""
    scope: str
    """``run``, ``analyte``, ``result``, ``well``, ``sample`` or ``sample_analyte``."""
    study: str
    """Study of the run."""
    run: str
    """Name of the run; empty for a sample."""
    analyte: str
    """Analyte id; empty where there are several."""
    assessment_id: int
    """Assessment that judged it; 0 for a sample, whose results name their own."""
    judged_sha256: str
    """Hash of what was judged."""
    values_sha256: str
    """Hash of its values alone."""
    over: tuple[str, ...]
    """Rules that an approval goes over."""
    is_held: bool
    """Whether a finding of its own holds it."""
    as_of: int
    """Number of the newest ledger entry when it was looked at; a newer decision on the item is told before another."""
    cause: str = ""
    """Name of the cause that it shares with other items; empty where it stands alone."""
    operator: str = ""
    """Who measured the run, as the instrument says."""
    covers: tuple[Seen, ...] = ()
    """Results of a sample; empty for anything else."""
    stands: int = 0
    """Number of a decision that stands although not every word of the item is what it was; 0 if there is none."""
    was_held: bool = False
    """Whether a finding of its own has held it at an earlier assessment."""
    warned: tuple[str, ...] = ()
    """Rules whose warnings hold it: an approval goes over them too, and needs no more than a word why."""
    tolerated: tuple[str, ...] = ()
    """Rules whose warnings speak against it and hold nothing, because the profile tolerates them."""


def is_passing(seen: Seen) -> bool:
    """Tell whether no check speaks against an item; of a sample, against none of its results."""
    if seen.scope in ("well", CORRECTION):
        return False
    return not (seen.over or seen.warned or seen.tolerated or seen.is_held) and all(
        is_passing(part) for part in seen.covers
    )


_RUNS = """
    SELECT s.run_id, s.study, s.run, r.operator FROM run_states s JOIN runs r USING (run_id)
    WHERE s.run_id IN (SELECT unnest(?)) AND NOT s.is_superseded
"""
_OPEN_FINDINGS = (
    "SELECT item, rule, verdict FROM open_findings WHERE run_id IN (SELECT unnest(?)) ORDER BY run_id, ordinal"
)
_TOLERATED = """
    SELECT DISTINCT f.item, f.rule FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE f.run_id IN (SELECT unnest(?)) AND NOT s.is_superseded AND NOT f.holds AND f.verdict = 'warn' ORDER BY ALL
"""
_ANALYTES = "SELECT result_id, analyte FROM latest_results WHERE result_id IN (SELECT unnest(?))"
_SAMPLES = "SELECT DISTINCT study, sample FROM latest_samples ORDER BY study, sample"
_OF_SAMPLE = """
    SELECT result_id FROM latest_results WHERE study = ? AND sample = ? AND (? = '' OR analyte = ?) ORDER BY result_id
"""


_OPEN = """
    SELECT h.item, h.scope, h.study, h.run, h.analyte, h.assessment_id, h.judged_sha256, h.values_sha256, h.over_rules,
        h.rules, r.operator, h.cause
    FROM open_items h JOIN runs r USING (run_id)
"""


def held_items_seen(con: Connection, as_of: int) -> dict[str, Seen]:
    """Look at every item that a finding holds, from what was stored of it at assessment.

    Parameters
    ----------
    as_of : int
        Number of the newest ledger entry, read before the facts were opened.

    Returns
    -------
    dict of str to Seen
        By name; whether somebody has decided since is not asked.
    """
    seen_by_name = {}
    for row in con.execute(_OPEN).fetchall():
        item, scope, study, run, analyte, assessment_id, judged_sha256, values_sha256, over = row[:9]
        rules, operator, cause = row[9:]
        failed = masked_rules(json.loads(over))
        seen_by_name[item] = Seen(
            item=item,
            scope=scope,
            study=study,
            run=run,
            analyte=analyte,
            assessment_id=assessment_id,
            judged_sha256=judged_sha256,
            values_sha256=values_sha256,
            over=failed,
            is_held=True,
            as_of=as_of,
            operator=operator,
            warned=tuple(rule for rule in masked_rules(json.loads(rules)) if rule not in failed),
            cause=cause,
        )
    return seen_by_name


def seen_items(lab: LabFolder, con: Connection, names: Iterable[str], as_of: int) -> dict[str, Seen]:
    """Look at items.

    Parameters
    ----------
    as_of : int
        Number of the newest ledger entry, read before the facts were opened.

    Returns
    -------
    dict of str to Seen
        By name; what does not exist, or whose run has no assessment that counts, is left out.
    """
    targets = {name: parse_target(name) for name in names}
    covers = {name: _results_of(lab, con, target) for name, target in targets.items() if isinstance(target, SampleItem)}
    items = [name for name in targets if name not in covers]
    items += [str(item) for _, covered in covers.values() for item in covered]
    seen = _seen(lab, con, list(dict.fromkeys(items)), as_of)
    seen_by_name = {name: seen[name] for name in targets if name in seen}
    for name, (study, covered) in covers.items():
        parts = tuple(seen[str(item)] for item in covered if str(item) in seen)
        if parts:
            seen_by_name[name] = _of_sample(name, targets[name], study, parts, as_of)
    return seen_by_name


_WERE_HELD = "SELECT DISTINCT item FROM held_items WHERE run_id IN (SELECT unnest(?))"


def _seen(lab: LabFolder, con: Connection, names: list[str], as_of: int) -> dict[str, Seen]:
    judged = judged_items(con, names)
    decisions = newest_on(lab.ledger, judged)
    items_in_force = items_that_stand(con, decisions, judged)
    items = {name: parse_target(name) for name in judged}
    run_ids = sorted({item.run_id for item in items.values() if isinstance(item, Item)})
    runs = {row[0]: row[1:] for row in con.execute(_RUNS, [run_ids]).fetchall()}
    findings_by_item: dict[str, list[tuple[str, Verdict]]] = {}
    for item, rule, verdict in con.execute(_OPEN_FINDINGS, [run_ids]).fetchall():
        findings_by_item.setdefault(item, []).append((rule, Verdict(verdict)))
    tolerated: dict[str, list[tuple[str, Verdict]]] = {}
    for item, rule in con.execute(_TOLERATED, [run_ids]).fetchall():
        tolerated.setdefault(item, []).append((rule, Verdict.WARN))
    were_held = {row[0] for row in con.execute(_WERE_HELD, [run_ids]).fetchall()}
    ids = [item.result_id for item in items.values() if isinstance(item, Item) and item.result_id is not None]
    analytes: Mapping[int, str] = dict(con.execute(_ANALYTES, [ids]).fetchall())
    seen_by_name = {}
    for name, item in items.items():
        if not isinstance(item, Item) or item.run_id not in runs:
            continue
        findings = sorted(findings_by_item.get(name, ()), key=lambda finding: -finding[1].severity)
        over = shown_rules((rule, verdict) for rule, verdict in findings if verdict is not Verdict.WARN)
        warned = tuple(rule for rule in shown_rules(findings) if rule not in over)
        study, run, operator = runs[item.run_id]
        seen_by_name[name] = Seen(
            item=name,
            scope=item.scope,
            study=study,
            run=run,
            analyte=analytes.get(item.result_id or 0, item.analyte),
            assessment_id=judged[name].assessment_id,
            judged_sha256=judged[name].sha256,
            values_sha256=judged[name].values_sha256,
            over=over,
            is_held=bool(findings),
            as_of=as_of,
            operator=operator,
            stands=decisions[name].seq if name in items_in_force else 0,
            was_held=name in were_held,
            warned=warned,
            tolerated=shown_rules(tolerated.get(name, ())),
        )
    return seen_by_name


def _results_of(lab: LabFolder, con: Connection, target: SampleItem) -> tuple[str, list[Item]]:
    study, sample = sample_of_code(lab, con, target.code)
    rows = con.execute(_OF_SAMPLE, [study, sample, target.analyte, target.analyte]).fetchall()
    return study, [item_of_result(row[0]) for row in rows]


def sample_of_code(lab: LabFolder, con: Connection, code: str) -> tuple[str, str]:
    """Return the sample that a pseudonym stands for; never shown to a blinded person.

    Parameters
    ----------
    code : str
        Pseudonym: ``S-7K3QX``.

    Returns
    -------
    tuple of str
        Study and sample code; both empty if there is none.

    Raises
    ------
    ConfigError
        If two samples have this pseudonym.
    """
    secret, length = read_secret(lab.paths.blind_secret), len(code) - len("S-")
    found = [
        (study, sample)
        for study, sample in con.execute(_SAMPLES).fetchall()
        if pseudonym(secret, f"sample:{study}", sample, length=length) == code
    ]
    if len(found) > 1:
        raise ConfigError(f"Two samples have the code '{code}': decide on their results one by one, by their items.")
    return found[0] if found else ("", "")


def _of_sample(name: str, target: Item | SampleItem, study: str, parts: tuple[Seen, ...], as_of: int) -> Seen:
    from schemas.canonical import canonical_json, sha256_text

    over = tuple(dict.fromkeys(rule for part in parts for rule in part.over))
    warned = tuple(dict.fromkeys(rule for part in parts for rule in part.warned if rule not in over))
    return Seen(
        item=name,
        scope=target.scope,
        study=study,
        run="",
        analyte=target.analyte,
        assessment_id=0,
        judged_sha256=sha256_text(canonical_json([[part.item, part.judged_sha256] for part in parts])),
        values_sha256=sha256_text(canonical_json([[part.item, part.values_sha256] for part in parts])),
        over=over,
        is_held=any(part.is_held for part in parts),
        as_of=as_of,
        covers=parts,
        warned=warned,
    )
