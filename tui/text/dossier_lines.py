"""The words of a dossier, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any  # Any: values of a limit

from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.items.blinded_item import FindingShown
    from qc.items.decisions import Decision
    from qc.triage.dossier import Dossier

_TONE = {"broken": "bad", "reject": "bad", "not_evaluable": "note", "warn": "warn"}
_VERSION = 5  # columns of a rule's version, which gives way where the words are narrow
_SIGN = {"broken": "✖", "reject": "✗", "not_evaluable": "?", "warn": "!"}


def dossier_lines(dossier: Dossier, state: str, width: int) -> list[Line]:
    """Write a dossier, the reason first.

    Returns
    -------
    list of Line
        Lines; the first ones say what and why.
    """
    lines: list[Line] = [_head(dossier), *_value(dossier, state, width)]
    own = str(dossier.item)
    for said in dossier.repeats.lines if dossier.repeats else ():
        lines += wrapped(said, width, "muted")
    for item, finding in dossier.findings:
        lines += finding_lines(finding, width, of="" if item == own else item)
    for decision in dossier.decisions:
        lines += _decision(decision, width)
    return [*lines, *_advice(dossier, width), *_run(dossier, width), *_files(dossier, width)]


def _advice(dossier: Dossier, width: int) -> list[Line]:
    finding = next((finding for _, finding in dossier.findings if finding.guidance), None)
    if finding is None or finding.guidance is None:
        return []
    lines: list[Line] = [[Span(f"What to do about {finding.rule}", "note", is_bold=True)]]
    for heading, texts in finding.guidance.sections():
        lines.append([Span(f"  {heading}", "muted")])
        for text in texts:
            lines += wrapped(text, width, indent=4)
    return lines


def _head(dossier: Dossier) -> Line:
    result, run = dossier.result, dossier.run
    about = [dossier.analyte, (result.matrix if result else run.matrix), result.code if result else ""]
    return [Span(f"{dossier.item}  ", is_bold=True), Span("  ".join(filter(None, about)), is_bold=True)]


def _value(dossier: Dossier, state: str, width: int) -> list[Line]:
    result = dossier.result
    if result is None:
        return [[Span(f"{dossier.run.run}  covers {dossier.run.n_results} results  ", "muted"), Span(state)]]
    cv = f"  CV {result.cv_percent:.1f} %" if result.cv_percent is not None else ""
    wells = f"  wells {', '.join(result.wells)}" if result.wells else ""
    dilution = f"  1:{result.dilution:g}" if result.dilution != 1 else ""
    line: Line = [Span(result.value, is_bold=True), Span(f"{cv}{wells}{dilution}", "muted"), Span(f"  {state}")]
    if sum(len(said.text) for said in line) <= width:
        return [line]
    below = [Span(f"{wells}{dilution}".strip() + "  ", "muted"), Span(state)]
    return [
        [line[0], Span(cv, "muted")],
        *([below] if _length(below) <= width else [below[:1], below[1:]]),
    ]


def _length(line: Line) -> int:
    return sum(len(said.text) for said in line)


def finding_lines(finding: FindingShown, width: int, *, of: str = "") -> list[Line]:
    """Write one finding: verdict and rule, the sentence, the number against each limit, the suggestion."""
    tone = _TONE[finding.verdict.value] if finding.holds else "muted"
    head = f"{_SIGN[finding.verdict.value]} {finding.verdict.value.upper().replace('_', ' ')}  {finding.rule}"
    about = (f"  of {of}" if of else "") + ("" if finding.holds else "  told only")
    version = f"  v{finding.version}" if len(head) + len(about) + _VERSION <= width else ""
    lines: list[Line] = [[Span(head, tone, is_bold=True), Span(version + about, "muted")]]
    lines += wrapped(finding.sentence, width, indent=2)
    for limit in finding.limits:
        lines.append(
            [
                Span(f"  {limit['name'].replace('_', ' ')} ", "muted"),
                Span(limit_amount(limit), is_bold=True),
                Span(f"  {limit['status']}", "warn" if limit["status"] != "confirmed" else "good"),
            ]
        )
        lines += wrapped(str(limit["source"]), width, "muted", indent=4)
    if finding.way_on:
        lines += wrapped(f"→ {finding.way_on}", width, "good", indent=2)
    return lines


def limit_amount(limit: Mapping[str, Any]) -> str:
    """Write the number of a limit with its unit.

    Parameters
    ----------
    limit : mapping
        Limit with ``value`` and ``unit``; the unit of what only counts is ``1``, which is left out.
    """
    unit = "%" if limit["unit"] == "percent" else limit["unit"]
    return f"{limit['value']:g} {unit}" if unit not in ("", "1") else f"{limit['value']:g}"


def _decision(decision: Decision, width: int) -> list[Line]:
    over = f" over {', '.join(decision.over)}" if decision.over else ""
    undone = f"  (undone by entry {decision.undone_by})" if decision.undone_by else ""
    sentence = (
        f"{decision.at:%Y-%m-%d %H:%M} UTC  {decision.actor}: {decision.act.value}{over} {decision.reason}{undone}"
    )
    lines = wrapped(sentence, width, "muted" if decision.undone_by else "note")
    return [*lines, *(wrapped(decision.note, width, indent=2) if decision.note else [])]


def _run(dossier: Dossier, width: int) -> list[Line]:
    run = dossier.run
    began = f"{run.started_at:%Y-%m-%d %H:%M}" if run.started_at else "time not known"
    parts = [run.run, run.method, run.instrument, f"operator {run.operator}" if run.operator else "", began]
    lots = [
        f"reagent {run.reagent_lot}" if run.reagent_lot else "",
        f"standards {run.calibrator_lot}" if run.calibrator_lot else "",
    ]
    lines: list[Line] = list(wrapped("  ·  ".join(filter(None, parts)), width, "muted"))
    if any(lots):
        lines += wrapped("  ·  ".join(filter(None, lots)), width, "muted")
    judged = f"judged {run.assessed_at:%Y-%m-%d %H:%M} UTC by profile {run.profile}, assessment {run.assessment_id}"
    return [*lines, *wrapped(judged, width, "muted")]


def _files(dossier: Dossier, width: int) -> list[Line]:
    lines: list[Line] = []
    for account in dossier.accounts:
        lines += wrapped(f"file {account.count_words}", width, "muted")
        for words in account.words:
            lines += wrapped(words, width, "warn" if words.startswith("flagged") else "muted", indent=2)
    return lines
