"""The state of a lab as a text file that Prometheus' node exporter collects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.triage.lab_status import LabStatus


def prometheus_text(status: LabStatus) -> str:
    """Write the state as metrics.

    Returns
    -------
    str
        Gauges with their help, in the text format of Prometheus 0.0.4; a number that is not known is left out.
    """
    lines = [line for name, about, values in _gauges(status) for line in _metric(status.lab, name, about, values)]
    return "\n".join(lines) + "\n"


_Values = Mapping[tuple[tuple[str, str], ...], float | None]


def _gauges(status: LabStatus) -> Iterator[tuple[str, str, _Values]]:
    began_at, good_at = status.night.began_at, status.night.good_at
    yield "well", "1 if nothing is in trouble.", {(): float(status.is_well)}
    yield "last_night_seconds", "When the newest night began.", {(): began_at.timestamp() if began_at else None}
    yield "last_good_night_seconds", "When the last good one began.", {(): good_at.timestamp() if good_at else None}
    by_verdict: _Values = {(("verdict", verdict),): float(n) for verdict, n in status.n_waiting_by_verdict.items()}
    yield "waiting", "Items that wait for a person.", by_verdict or {(): 0.0}
    by_age: _Values = {(("age", age),): float(n) for age, n in status.n_waiting_by_age.items()}
    yield "waiting_by_age", "Items that wait, by the age of their judgement.", by_age
    causes: _Values = {(("cause", one.cause), ("verdict", one.verdict)): float(one.n_items) for one in status.causes}
    yield "waiting_by_cause", "Items that wait for the first causes.", causes
    oldest = status.oldest_waiting_h
    yield "oldest_waiting_seconds", "Age of the oldest of them.", {(): None if oldest is None else oldest * 3600}
    yield "quarantined", "Deliveries in quarantine.", {(): float(status.n_quarantined)}
    yield "corrections_waiting", "Corrections that wait.", {(): float(status.n_corrections)}
    yield (
        "control_z",
        "Newest distance from the target of controls beyond 3 SD.",
        {
            (("analyte", one.analyte), ("matrix", one.matrix), ("level", one.level)): one.z
            for one in status.controls_in_trouble
        },
    )
    backup = status.backup_age_h
    yield "backup_age_seconds", "Age of the newest backup.", {(): None if backup is None else backup * 3600}
    lots: _Values = {
        (("kind", one.kind), ("what", one.what), ("lot", one.lot)): one.expires_on.timestamp()
        for one in status.expiring_lots
    }
    yield "lot_expires_seconds", "When lots in use end that end soon.", lots
    beats: _Values = {(("watcher", one.name),): one.at.timestamp() for one in status.heartbeats}
    yield "last_beat_seconds", "Newest sign of life of what runs all day.", beats
    yield "free_bytes", "Free space of the disk of the lab.", {(): float(status.free_bytes)}


def _metric(lab: str, name: str, about: str, values: _Values) -> Iterator[str]:
    known = {labels: value for labels, value in values.items() if value is not None}
    if not known:
        return
    yield f"# HELP assaygate_{name} {about}"
    yield f"# TYPE assaygate_{name} gauge"
    for labels, value in known.items():
        pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in (("lab", lab), *labels))
        yield f"assaygate_{name}{{{pairs}}} {value!r}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
