"""Kinds of things that a judgement looks at, and that may change afterwards."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a fingerprint is of, or why a run is judged though it has none."""

    NEW = "new"
    """The run was never judged."""
    UNRECORDED = "unrecorded"
    """Nothing is on record: an older program judged the run, or others wrote while it was judged."""
    ASKED = "asked"
    """Somebody wants it judged again."""
    RULES = "rules"
    """Limits, profiles, suites and rules."""
    SAMPLES = "samples"
    """Rows of the sample sheet and the subject sheet."""
    CONTROL_SHEET = "control sheet"
    """Rows of the control sheet."""
    EVENTS = "events"
    """Events before the run."""
    BRIDGINGS = "bridgings"
    """Accepted bridging records."""
    WELLS = "rejected wells"
    """Wells of the run that a person has rejected."""
    CONTROLS = "controls"
    """Control results of one analyte on one instrument, in earlier runs."""
    SHORT_LOTS = "short lots"
    """Results of controls in all other runs: targets of short lots rest on later ones too."""
    FAILED_CONTROLS = "failed controls"
    """Findings that reject such control results: they count towards no target."""
    SUMMARIES = "summaries"
    """Medians of one analyte by one method, in earlier runs of the study."""
    DECIDED_CONTROLS = "decided controls"
    """What a person said of an earlier run, so that its controls count or do not."""
    RESULTS = "results"
    """Results of one subject in all other runs."""
    MEASURED_SAMPLES = "measured samples"
    """Which samples of the study all other runs have measured, for one analyte."""
    COPIED_PLATES = "copied plates"
    """Equal signals of the run and another one."""
    SET_ASIDE = "set aside"
    """An item with results of the same subjects that a person has rejected, or wants repeated."""
    REJECTED_SAMPLE = "rejected sample"
    """A sample of the run that was rejected as a whole before its result came in."""
    JUDGED_FOR = "judged for"
    """Why an assessment was made, in sentences; the key is its number."""


OWN = frozenset(
    {
        Kind.NEW,
        Kind.UNRECORDED,
        Kind.ASKED,
        Kind.RULES,
        Kind.SAMPLES,
        Kind.CONTROL_SHEET,
        Kind.EVENTS,
        Kind.BRIDGINGS,
        Kind.WELLS,
    }
)
"""Kinds that are about the run itself: everything of it is judged anew."""
EARLIER = frozenset({Kind.CONTROLS, Kind.SHORT_LOTS, Kind.FAILED_CONTROLS, Kind.SUMMARIES, Kind.DECIDED_CONTROLS})
"""Kinds that are about controls and summaries of other runs, nearly always of those that were measured before it."""
LOOKED_BACK = (Kind.CONTROLS, Kind.FAILED_CONTROLS, Kind.SUMMARIES)
"""Kinds of which a run sees what earlier runs gave."""
LOOKED_AROUND = (Kind.SHORT_LOTS, Kind.RESULTS, Kind.MEASURED_SAMPLES, Kind.COPIED_PLATES)
"""Kinds of which a run sees what all other runs gave."""
DECIDED = frozenset({Kind.DECIDED_CONTROLS, Kind.SET_ASIDE, Kind.REJECTED_SAMPLE})
"""Kinds that are about what people have decided."""
