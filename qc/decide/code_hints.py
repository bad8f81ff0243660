"""What a sample that no sheet knows may have been meant to be: for those who may see codes, and never applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any  # Any: rows of the facts

from qc.items.names import item_of_result, parse_item
from qc.people.acting_person import acting_person
from qc.people.rights import Right, has_right
from schemas.errors import QcError
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from qc.items.blinded_item import FindingShown
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

RULE = "identity.sample_known"
"""Rule whose findings are about a code that no sheet has."""
_MOST_LOOKED_UP = 50
"""Samples whose nearest code is looked for; of more, a sheet is missing and no letter."""
_SAMPLES = """
    WITH own AS (SELECT DISTINCT run_id, study, sample FROM latest_results
        WHERE result_id IN (SELECT unnest(?::BIGINT[])))
    SELECT run_id, study, sample, any_value(f.file_name), list(DISTINCT r.line ORDER BY r.line), list(r.result_id)
    FROM latest_results r JOIN own USING (run_id, study, sample) JOIN runs x USING (run_id)
        LEFT JOIN sources f USING (source_id)
    GROUP BY run_id, study, sample ORDER BY run_id, min(r.line), sample
"""
_MOST_LINES = 5
"""Lines of a file that a sentence names."""
_ELSEWHERE = """
    SELECT o.study, o.sample, min(s.study) FROM (SELECT unnest(?::VARCHAR[]) AS study, unnest(?::VARCHAR[]) AS sample) o
    JOIN latest_samples s ON s.sample = o.sample GROUP BY ALL HAVING count(DISTINCT s.study) = 1
"""
"""Samples that the sheet of one other study knows, by the study of their run."""
_KNOWN = "SELECT DISTINCT sample FROM latest_samples WHERE study = ?"


def with_code_hints(
    lab: LabFolder, con: Connection, findings: Iterable[tuple[str, FindingShown]]
) -> list[tuple[str, FindingShown]]:
    """Add to findings on unknown samples which code stands in the file and which known one is nearest.

    Parameters
    ----------
    findings : iterable of tuple of (str, FindingShown)
        Findings with the item that they speak about.

    Returns
    -------
    list of tuple of (str, FindingShown)
        The same for whoever may not unblind.
    """
    all_findings = list(findings)
    items = list(dict.fromkeys(item for item, finding in all_findings if finding.rule == RULE))
    if not items:
        return all_findings
    rows = con.execute(_SAMPLES, [_results_of(items)]).fetchall()
    ways = _elsewhere(con, rows)
    unknown = [row for row in rows if str(item_of_result(row[-1][0])) not in ways]
    hints = _hints(con, unknown) if _may_see_codes(lab) else {}
    return [
        (item, _with_way(finding, hints.get(item, ""), ways.get(item, "")) if finding.rule == RULE else finding)
        for item, finding in all_findings
    ]


def _with_way(finding: FindingShown, hint: str, way: str) -> FindingShown:
    return replace(finding, hint=hint, suggestion=way or finding.suggestion)


def other_study(study: str) -> str:
    """Return what to do where the sheet of another study than that of the run knows the samples."""
    return f'Write study = "{study}" under [run] of its run sheet and hand both in again; that waits for one decision.'


def _elsewhere(con: Connection, rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Return the way on by item, where the sheet of one other study knows the sample."""
    found = con.execute(_ELSEWHERE, [[row[1] for row in rows], [row[2] for row in rows]]).fetchall()
    others = {(study, sample): other for study, sample, other in found if other != study}
    return {
        str(
            item_of_result(result_id)
        ): f"The sample sheet of study '{others[study, sample]}' knows the sample, and its "
        f"run stands in '{study}'. {other_study(others[study, sample])}"
        for _, study, sample, _, _, own_ids in rows
        if (study, sample) in others
        for result_id in own_ids
    }


def _may_see_codes(lab: LabFolder) -> bool:
    try:
        person = acting_person(lab, None)
    except QcError:
        return False
    return has_right(lab.settings.rights, person.roles, Right.UNBLIND)


def _results_of(items: Sequence[str]) -> list[int]:
    return [one.result_id for item in items if (one := parse_item(item)).result_id is not None]


def _hints(con: Connection, rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    known = {study: codes_of(con, study) for _, study, *_ in rows}
    hints: dict[str, str] = {}
    for _, study, sample, file, lines, own_ids in rows[:_MOST_LOOKED_UP]:
        hint = f"'{sample}' ({at_lines(file, lines)}) is in no sample sheet.{did_you_mean(sample, known[study])}"
        hints |= dict.fromkeys((str(item_of_result(result_id)) for result_id in own_ids), hint)
    return hints


def codes_of(con: Connection, study: str) -> list[str]:
    """Return the codes that the sample sheet of a study knows."""
    return [code for (code,) in con.execute(_KNOWN, [study]).fetchall()]


def at_lines(file: str | None, lines: Sequence[int | None]) -> str:
    """Return where something stands in a file, the first lines by number: ``CHEM-1.csv, lines 14, 38``."""
    known = [str(line) for line in lines if line is not None]
    more = ", ..." if len(known) > _MOST_LINES else ""
    word = f", line{'s' if len(known) > 1 else ''} {', '.join(known[:_MOST_LINES])}{more}" if known else ""
    return f"{file or 'its file'}{word}"
