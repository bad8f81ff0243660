"""Items and findings as a blinded reviewer sees them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from checks.cards.guidance import card_of
from qc.items.masking import mask_of, shown_rule
from qc.items.names import Item, parse_item
from qc.lab.blinding import pseudonym, read_secret
from schemas.finding import LimitJson, Verdict
from schemas.json_model import TO_THE_SECOND, JsonModel

if TYPE_CHECKING:
    from checks.cards.guidance import Card
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class FindingShown(JsonModel):
    """One finding, as it is read by a person."""

    rule: str
    """Id of the rule."""
    version: int
    """Version of the rule."""
    verdict: Verdict
    """What it says."""
    scope: str
    """What it speaks about."""
    sentence: str
    """What was found."""
    suggestion: str
    """What one may do; empty if nothing is known."""
    observed: float | None
    """Number that was judged."""
    unit: str
    """Its unit."""
    limits: tuple[LimitJson, ...]
    """Limits with value, unit, source and status."""
    holds: bool
    """Whether it holds the item back."""
    hint: str = ""
    """Code that the file writes and the nearest one that is known, for whoever may see codes; empty for nothing."""

    @property
    def way_on(self) -> str:
        """Return what may have been meant, and what one may do."""
        return " ".join(filter(None, (self.hint, self.suggestion)))

    @property
    def guidance(self) -> Card | None:
        """Return what to look at, do and write down; None where it holds nothing, and behind a mask."""
        return card_of(self.rule) if self.holds else None


@dataclass(frozen=True, slots=True)
class NamedFinding(JsonModel):
    """One finding with the item that it speaks about."""

    json_keys = "item *finding"

    item: str
    """Name of the item."""
    finding: FindingShown
    """The finding."""


@dataclass(frozen=True, slots=True)
class ItemShown(JsonModel):
    """Which item it is, without subject, visit or sample code."""

    json_time_format = TO_THE_SECOND

    item: str
    """Name to type."""
    scope: str
    """``run``, ``analyte`` or ``result``."""
    study: str
    """Study of the run."""
    run: str
    """Name of the run."""
    matrix: str
    """Matrix; empty where a run has several."""
    analyte: str
    """Analyte id; empty for a run."""
    code: str
    """Fixed pseudonym of the sample; empty for a run or an analyte."""
    value: str
    """Result as it would be reported; empty for a run or an analyte."""
    wells: str
    """Wells of the result, if it came from a plate."""
    n_results: int
    """Results that the item covers."""
    assessed_at: datetime
    """When it was judged, in UTC."""
    assessment_id: int
    """Which assessment judged it."""
    file: str = ""
    """File that its run came in."""
    line: int | None = None
    """Line of the result in it, from 1; None for a run, an analyte, or a result of wells."""


_FINDINGS = """
    SELECT f.item, f.rule, f.version, f.verdict, f.scope, f.sentence, f.suggestion, f.observed, f.unit, f.limits,
        f.holds
    FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE f.item IN (SELECT unnest(?)) ORDER BY f.ordinal
"""
_RUNS = """
    SELECT s.run_id, s.study, s.run, r.matrix, a.assessed_at, s.assessment_id, f.file_name
    FROM run_states s JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id)
    LEFT JOIN sources f ON f.source_id = r.source_id
    WHERE s.run_id IN (SELECT unnest(?))
"""
_RESULTS = """
    SELECT r.run_id, r.result_id, r.analyte, r.matrix, r.sample, r.value, r.unit, r.censor, r.censor_limit, r.text,
        r.decimals, r.wells, r.line
    FROM results r JOIN run_states s USING (run_id, assessment_id)
    WHERE r.run_id IN (SELECT unnest(?))
"""


def findings_by_item(
    con: Connection, items: Iterable[str], *, is_blinded: bool = True
) -> dict[str, list[FindingShown]]:
    """Return the newest findings of items, gravest first.

    Parameters
    ----------
    is_blinded : bool
        Whether a check that rests on the subject's other results tells only that it failed.

    Returns
    -------
    dict of str to list of FindingShown
        By item; an item without findings gives an empty list.
    """
    found: dict[str, list[FindingShown]] = defaultdict(list)
    for item, *columns in con.execute(_FINDINGS, [list(items)]).fetchall():
        found[item].append(finding_shown(*columns, is_blinded=is_blinded))
    for said in found.values():
        said.sort(key=lambda finding: -finding.verdict.severity)
    return found


def finding_shown(
    rule: str,
    version: int,
    verdict: str,
    scope: str,
    sentence: str,
    suggestion: str,
    observed: float | None,
    unit: str,
    limits: str,
    holds: bool,
    *,
    is_blinded: bool = True,
) -> FindingShown:
    """Return a stored finding as a reviewer sees it.

    Parameters
    ----------
    observed : float or None
        Number that was judged, in ``unit``; None for none.
    is_blinded : bool
        Whether a check that rests on the subject's other results tells only that it failed.
    """
    found = Verdict(verdict)
    mask = mask_of(rule, found) if is_blinded else None
    if mask is not None:
        hidden = mask.sentence_of(found)
        return FindingShown(mask.rule, 1, found, scope, hidden, mask.suggestion, None, "", (), holds)
    said = (shown_rule(rule, found) if is_blinded else rule, version, found, scope, sentence, suggestion)
    return FindingShown(*said, observed, unit, tuple(json.loads(limits)), holds)


def items_shown(lab: LabFolder, con: Connection, names: Iterable[str]) -> dict[str, ItemShown]:
    """Return items as a reviewer sees them.

    Returns
    -------
    dict of str to ItemShown
        By name; a name whose run, analyte or result does not exist is left out.
    """
    parsed = {name: parse_item(name) for name in names}
    run_ids = sorted({item.run_id for item in parsed.values()})
    if not run_ids:
        return {}
    runs = {row[0]: row[1:] for row in con.execute(_RUNS, [run_ids]).fetchall()}
    # One look-up an item: a table with thousands of waiting results would be walked once for each of them.
    covered_by: dict[tuple[int, str | int], list[Any]] = defaultdict(list)
    for run_id, *result in con.execute(_RESULTS, [run_ids]).fetchall():
        for key in ("", result[1], result[0]):
            covered_by[run_id, key].append(result)
    secret = read_secret(lab.paths.blind_secret)
    shown: dict[str, ItemShown] = {}
    for name, item in parsed.items():
        covered = [] if item.well else covered_by.get((item.run_id, item.result_id or item.analyte), [])
        # A run of controls alone has findings on analytes of which it has no result.
        if item.run_id in runs and (covered or item.scope in ("run", "analyte")):
            shown[name] = _shown(name, item, runs[item.run_id], covered, secret)
    return shown


def _shown(name: str, item: Item, run: tuple[Any, ...], covered: list[Any], secret: bytes) -> ItemShown:
    scope = item.scope
    study, run_name, matrix, assessed_at, assessment_id, file = run
    first = covered[0] if scope == "result" else None
    return ItemShown(
        item=name,
        scope=scope,
        study=study,
        run=run_name,
        matrix=(covered[0][2] if covered and scope != "run" else matrix),
        analyte=first[1] if first else item.analyte,
        code=pseudonym(secret, f"sample:{study}", first[3]) if first else "",
        value=_reported(first) if first else "",
        wells=first[10] if first else "",
        n_results=len(covered),
        assessed_at=assessed_at,
        assessment_id=assessment_id,
        file=file or "",
        line=first[11] if first else None,
    )


def _reported(result: list[Any]) -> str:
    value, unit, censor, censor_limit, text, decimals = result[4:10]
    if censor:
        return f"{censor}{censor_limit:.{decimals}f} {unit}" if censor_limit is not None else f"{censor}? {unit}"
    return f"{value:.{decimals}f} {unit}" if value is not None else (f"'{text}'" if text else "no number")
