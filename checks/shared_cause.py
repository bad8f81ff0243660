"""Which findings have one cause: what stands behind them is settled once, however many items they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from schemas.finding import Finding, Scope, Verdict

Key = tuple[str, ...]
"""What a cause is about: its kind, then what names it; empty for a finding that nothing else shares a cause with."""
ALONE: Key = ()
_NO_START = "no believable start time"
"""Words of every rule that cannot speak because a run does not say when it began."""
SHARE_FLAGGED = ".share_flagged"
"""End of the names of expectations that hold an analyte of which too many results are flagged."""
SHARES = (SHARE_FLAGGED, ".share_with_number")
"""The same of all that look at a share of results: what those results have is one thing with it."""
_CONTROLS = ("controls", "westgard")
_OF_SAMPLE = ("preanalytic",)
_RELATIONS = tuple(
    f"consistency.{name}" for name in ("albumin_quotient", "csf_serum", "iron_tibc", "tibc_transferrin", "tsat")
)
_OF_VISIT = ("consistency.csf_serum",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPlace:
    """Where a finding stands: its run, and the row of its result, where it speaks about one."""

    study: str
    """Study of the run."""
    run_id: int
    """Run."""
    instrument: str = ""
    """Instrument of the run."""
    row: Mapping[str, str] = field(default_factory=dict)
    """``analyte``, ``matrix``, ``method``, ``unit_text``, ``sample``, ``subject`` and ``visit`` of a result; empty for
    a run or an analyte."""
    measured_again: str = ""
    """Runs in which all results of its analyte in the run were measured again unplanned; empty if only some were."""
    doubtful: str = ""
    """Rule that flags so many results of the analyte that its run is doubtful as a whole; empty if none does."""

    @property
    def run(self) -> str:
        """Number of the run, as text."""
        return str(self.run_id)


def shared_cause(findings: Iterable[tuple[Finding, FindingPlace]]) -> Key:
    """Return what stands behind the findings that hold one item.

    Parameters
    ----------
    findings : iterable of tuple of (Finding, FindingPlace)
        Findings that hold the item, each with its place.

    Returns
    -------
    tuple of str
        The same for every item that is held by the same causes; empty for an item that waits for something of its own.

    Notes
    -----
    An item with a cause that others share and another one of its own stands alone: who settles the first has not
    settled it. Items with the same several causes stand together.
    """
    keys = {cause_of(finding, place) for finding, place in findings}
    return ALONE if ALONE in keys else tuple(word for key in sorted(keys) for word in (*key, ""))


def cause_of(finding: Finding, place: FindingPlace) -> Key:
    """Return the cause of one finding.

    Parameters
    ----------
    finding : Finding
        What a rule or a suite said.
    place : FindingPlace
        Where it stands.

    Returns
    -------
    tuple of str
        What the cause is about; empty where it is a matter of this one result or run.
    """
    if finding.verdict is Verdict.BROKEN:
        return "broken", finding.rule
    if place.doubtful and (finding.rule == place.doubtful or finding.rule.endswith(SHARES)):
        # Two analytes, or two matrices, that do not fit each other do not in the runs of either.
        about = (place.study,) if place.doubtful in _RELATIONS else (place.run, _analyte(finding, place))
        return "doubtful", place.doubtful, *about
    if finding.verdict is Verdict.NOT_EVALUABLE and _NO_START in finding.sentence:
        return "start", place.study, place.instrument
    if finding.rule.endswith(".control_levels") and finding.observed == 0:
        return "no controls", place.study  # nobody measured any: that is settled for all such runs at once
    if finding.rule in _BY_RULE:
        return _BY_RULE[finding.rule](finding, place)
    group = finding.rule.partition(".")[0]
    if group in _CONTROLS and finding.scope is not Scope.RUN:
        return "controls", place.run
    if finding.scope is Scope.RESULT and "curve" in finding.key:
        return "curve", place.run, *(str(finding.key[name]) for name in ("plate", "analyte", "curve"))
    if finding.scope is Scope.RESULT:
        return _of_result(finding, place, group)
    is_unjudged = finding.verdict is Verdict.NOT_EVALUABLE
    if finding.scope is Scope.RUN:
        # The same sentence over the runs of an instrument: what they lack is one thing.
        return ("unjudged", place.study, place.instrument, finding.sentence) if is_unjudged else ALONE
    return group, place.run


def _of_result(finding: Finding, place: FindingPlace, group: str) -> Key:
    if group in _OF_SAMPLE and finding.verdict is Verdict.NOT_EVALUABLE:
        return "unjudged", place.study, finding.rule
    return _of_sample(finding, place) if group in _OF_SAMPLE else ALONE


def _of_sample(finding: Finding, place: FindingPlace) -> Key:
    return "sample", place.study, place.row.get("sample", "")


def _of_traits(_: Finding, place: FindingPlace) -> Key:
    return "traits", place.study, place.row.get("sample", "")


def _marks(finding: Finding, place: FindingPlace) -> Key:
    # A file that is not final is fetched again; a mark of a tube stands at each of its analytes.
    if finding.verdict is Verdict.NOT_EVALUABLE:
        return "marks", place.run, finding.suggestion
    return "marks", place.study, place.row.get("sample", ""), finding.sentence.partition(": ")[2]


def _duplicate(_: Finding, place: FindingPlace) -> Key:
    # A plate that was read or run again as a whole is one thing; some samples that were are one each.
    return ("again", place.run, place.measured_again) if place.measured_again else ALONE


def _of_relation(finding: Finding, place: FindingPlace) -> Key:
    # What two analytes of one sample, or two samples of one visit, say against each other is said of both.
    names = ("subject", "visit", "analyte") if finding.rule in _OF_VISIT else ("sample",)
    return finding.rule, place.study, *(place.row.get(name, "") or "" for name in names)


def _analyte(finding: Finding, place: FindingPlace) -> str:
    return str(finding.key.get("analyte", place.row.get("analyte", "")))


def _unit(finding: Finding, place: FindingPlace) -> Key:
    unit = str(finding.key.get("unit", place.row.get("unit_text", "")))
    if unit:
        return "unit", place.study, place.instrument, _analyte(finding, place), unit
    # Where no unit is written at all it is lacking for all analytes, in all files that the instrument writes so.
    return ("unit", place.study, place.instrument) if place.instrument else ("unit", place.run)


def _value(finding: Finding, place: FindingPlace) -> Key:
    # Cells that lack a number for one and the same reason; nothing stands in them to be looked at one by one.
    return "value", place.run, place.row.get("analyte", ""), finding.sentence, finding.suggestion


def _method(finding: Finding, place: FindingPlace) -> Key:
    method = str(finding.key.get("method", place.row.get("method", "")))
    return "method", place.study, _analyte(finding, place), method


def _catalogue(finding: Finding, place: FindingPlace) -> Key:
    matrix, near = str(finding.key.get("matrix", "")), str(finding.key.get("near", ""))
    if matrix:
        return "matrix", place.study, matrix
    # A test with a near name may be one of the study; all others are an instrument's own, named once.
    return ("name", place.study, str(finding.key["analyte"])) if near else ("tests", place.study, place.instrument)


def _samples(finding: Finding, place: FindingPlace) -> Key:
    return "samples", place.run


def _subjects(finding: Finding, place: FindingPlace) -> Key:
    return "subjects", place.study


def _reagents(finding: Finding, place: FindingPlace) -> Key:
    return "reagents", place.run


def _lot(finding: Finding, place: FindingPlace) -> Key:
    return "lot", place.study, str(finding.key.get("material", "")), str(finding.key.get("lot", ""))


def _dilutions(finding: Finding, place: FindingPlace) -> Key:
    # Where the series of several samples bend, the assay is not parallel there, or the series was pipetted so. What
    # lacks a dilution in range lacks it for itself.
    bends = finding.unit == "percent"
    return ("dilutions", place.run, place.row.get("analyte", "")) if bends else ALONE


def _design(finding: Finding, place: FindingPlace) -> Key:
    # How visits lie over plates is said of all plates of an analyte at once.
    return finding.rule, place.study, str(finding.key.get("analyte", ""))


def _present(finding: Finding, place: FindingPlace) -> Key:
    lots = str(finding.key.get("lots", ""))
    if lots:
        return "lots", place.study, lots
    # Where nobody measured any, that is settled for all such runs at once; what controls lack is a matter of the run.
    return ("no controls", place.study, finding.suggestion) if finding.observed == 0 else ("controls", place.run)


_BY_RULE: Mapping[str, Callable[[Finding, FindingPlace], Key]] = {
    "range.unit": _unit,
    "range.value": _value,
    "range.flag": _marks,
    "range.applicable": _method,
    "range.catalogue": _catalogue,
    "identity.sample_known": _samples,
    "identity.subject_known": _subjects,
    "identity.rejected_sample": _of_sample,
    "identity.duplicate_result": _duplicate,
    "identity.patient_swap": _of_traits,
    "identity.matrix_swap": _of_traits,
    **dict.fromkeys(_RELATIONS, _of_relation),
    "reagents.expiry": _reagents,
    "controls.life": _lot,
    "controls.short_lots": _lot,
    "controls.present": _present,
    "design.plate_and_visit": _design,
    "calibration.dilution_agreement": _dilutions,
    "calibration.parallelism": _dilutions,
}
