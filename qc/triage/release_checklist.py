"""The checklist before a release: each point with what is known, and the releases with their signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qc.people.signatures import signatures
from qc.plan.plan_lock import plan_locks
from qc.release.release import release_names
from qc.triage.child_command import ask_command
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class Point(JsonModel):
    """One point of the checklist."""

    title: str
    """What must hold."""
    holds: bool
    """Whether it does."""
    is_needed: bool
    """Whether a release is refused without it."""
    words: str
    """What is known."""
    hint: str
    """What may be done; empty if it holds."""


@dataclass(frozen=True, slots=True)
class SignedRelease(JsonModel):
    """A release with its signatures."""

    release: str
    """Name of the release."""
    signatures: tuple[str, ...]
    """Signatures in words."""


@dataclass(frozen=True, slots=True)
class Checklist(JsonModel):
    """Whether a study may be released."""

    json_keys = "study open=is_open points releases=signed_releases"

    study: str
    """Study."""
    is_open: bool
    """Whether the gate is open."""
    points: tuple[Point, ...]
    """Points."""
    releases: tuple[tuple[str, tuple[str, ...]], ...]
    """Releases of the lab, newest first, with their signatures in words."""

    @property
    def signed_releases(self) -> list[SignedRelease]:
        """Return the releases of the lab, newest first, with their signatures in words."""
        return [SignedRelease(name, signatures) for name, signatures in self.releases]


def checklist(lab: LabFolder, study: str = "") -> Checklist:
    """Go through what a release needs.

    Parameters
    ----------
    study : str
        Study; empty means the default of qc.toml.

    Returns
    -------
    Checklist
        Points and releases; nothing is released.
    """
    named = study or lab.settings.lab.default_study
    (gate,) = ask_command(lab.paths.root, "gate", named)
    locks = plan_locks(lab, named)
    # What shares a cause is settled at once, and counts once.
    waiting = {hold["cause"] or hold["item"] for hold in gate["holds"] if hold["kind"] == "waiting"}
    n_waiting, n_approved = len(waiting), int(gate["results"].get("approved", 0))
    n_evidence = int(gate["results"].get("evidence", 0))
    not_judged = list(gate["not_assessed"])
    points = (
        Point(
            "nothing waits for a person",
            not n_waiting,
            True,
            f"{n_waiting:,} {'item waits' if n_waiting == 1 else 'items wait'}"
            if n_waiting
            else "every item is decided",
            "f3 shows them" if n_waiting else "",
        ),
        Point(
            "every run is judged as it now stands",
            not not_judged,
            True,
            f"{len(not_judged)} are not, first {not_judged[0]}" if not_judged else "all are",
            "ctrl+l looks again; 'qc assess' judges them at once" if not_judged else "",
        ),
        Point(
            "something is approved",
            n_approved > 0,
            True,
            f"{n_approved:,} results{f', {n_evidence:,} kept as evidence' if n_evidence else ''}",
            "" if n_approved else "decide",
        ),
        Point(
            "the plan of the tests is locked",
            bool(locks),
            False,
            f"plan {locks[-1].plan.sha256[:12]}" if locks else "no plan is locked: 'qc paired' will refuse",
            "" if locks else "qc plan lock FILE",
        ),
        Point(
            "nothing is in quarantine",
            not gate["quarantined"],
            False,
            f"{gate['quarantined']} deliveries" if gate["quarantined"] else "it is empty",
            "look at quarantine/" if gate["quarantined"] else "",
        ),
    )
    return Checklist(named, bool(gate["open"]), points, _releases(lab))


def _releases(lab: LabFolder) -> tuple[tuple[str, tuple[str, ...]], ...]:
    releases = []
    for name in reversed(release_names(lab)):
        signed = signatures(lab.ledger, name)
        words = tuple(f"{s.meaning.value} by {s.full_name or s.user}, {s.at:%Y-%m-%d %H:%M} UTC" for s in signed)
        releases.append((name, words))
    return tuple(releases)


def make_release(lab: LabFolder, study: str, actor: str) -> dict[str, Any]:
    """Freeze the approved results of a study.

    Returns
    -------
    dict
        What ``qc release --json`` prints.

    Raises
    ------
    ConfigError
        If the gate is closed, or the person may not; in the words of the command.
    """
    (answer,) = ask_command(lab.paths.root, "release", "make", study, "--as", actor)
    return dict(answer)
