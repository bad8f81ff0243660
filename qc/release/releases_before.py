"""What a release says of the releases before it, and of the corrections that its study has seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.release.release_diff import Frozen, frozen_of, release_diff
from qc.release.release_proof import folder_faults
from qc.store.entry import Entry, Kind
from schemas.canonical import utc_text
from schemas.correction_name import is_correction

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.release.release_contents import Contents


def releases_before(lab: LabFolder, study: str) -> list[dict[str, Any]]:
    """Return the recorded releases of a study, oldest first.

    Returns
    -------
    list of dict
        ``release``, ``manifest_sha256``, ``released_by`` and ``released_at``.
    """
    return [
        {
            "release": entry.object,
            "manifest_sha256": entry.body["manifest_sha256"],
            "released_by": entry.actor,
            "released_at": utc_text(entry.at),
        }
        for entry in lab.ledger.entries(kinds=[Kind.RELEASE])
        if entry.body["study"] == study
    ]


def corrections_on(lab: LabFolder, study: str) -> list[dict[str, Any]]:
    """Return what people said of the corrections that touch a study, oldest first, with every row before and after."""
    entries = lab.ledger.entries(kinds=[Kind.DECISION, Kind.UNDO])
    undone = {int(entry.body["undoes"]) for entry in entries if entry.kind is Kind.UNDO}
    return [
        _decision_of(entry)
        for entry in entries
        if entry.kind is Kind.DECISION
        and is_correction(entry.object)
        and entry.seq not in undone
        and study in entry.body["correction"]["studies"]
    ]


def _decision_of(entry: Entry) -> dict[str, Any]:
    body = entry.body
    said = {"item": entry.object, "act": body["act"], "actor": entry.actor, "at": utc_text(entry.at)}
    about = {"reason": body["reason"], "note": body["note"], "seq": entry.seq}
    return {**said, **about, "correction": body["correction"]}


def frozen_contents(name: str, contents: Contents, manifest: Mapping[str, Any]) -> Frozen:
    """Return a release that is being made as one that is compared."""
    return Frozen(
        name=name,
        sha256="",
        manifest=manifest,
        results=contents.approved,
        set_aside=contents.set_aside,
        decisions=contents.decisions,
    )


def since_last(lab: LabFolder, frozen: Frozen) -> dict[str, Any] | None:
    """Return every difference to the last release of the study, as JSON; None if there is none before.

    Returns
    -------
    dict or None
        Where the last release is not what was released, only a sentence that says so.
    """
    before = frozen.manifest["releases_before"]
    if not before:
        return None
    last = before[-1]
    folder = lab.paths.releases / last["release"]
    if folder_faults(folder, last["manifest_sha256"]):
        altered = f"'{last['release']}' is not what was released: nothing was compared with it."
        return {"first": last["release"], "sentences": [altered]}
    return release_diff(frozen_of(folder), frozen).as_json()
