"""Releases: approved results, frozen with a manifest that names everything they rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checks.contrasts.frozen_release import Release
from qc.ingest.archive import sync_folder, write_whole
from qc.items.decisions import newest_decisions, refuse_altered
from qc.lab.layout import SET_ASIDE
from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from qc.release.altered_facts import refuse_altered_facts
from qc.release.gate import gate
from schemas.canonical import canonical_json, sha256_text
from schemas.errors import Fault, GateError, RightsError, StoreBusyError
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.release.gate import Gate

MANIFEST = "manifest.json"
RESULTS = "results.parquet"
"""Folder of a lab: releases that no entry of the ledger tells."""


def release(lab: LabFolder, study: str | None = None, *, actor: str | None = None) -> Release:
    """Freeze the approved results of a study.

    Parameters
    ----------
    study : str, optional
        Study; None means the default of qc.toml.
    actor : str, optional
        Who releases; None means the operating-system user.

    Raises
    ------
    GateError
        If the gate is closed, or the facts of the study are not what was written when it was judged.
    RightsError
        If the person may not release.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(lab.paths.releases / ".lock", timeout=lab.settings.stores.wait_s):
            return _release(lab, study, allowed_person(lab, actor, Right.RELEASE).name)
    except Timeout as error:
        raise StoreBusyError("Another process is making a release; try again when it is done.") from error


def _release(lab: LabFolder, study: str | None, who: str) -> Release:
    from qc.release.looks import looks_before
    from qc.release.release_contents import contents
    from qc.release.release_write import manifest_of, write_files
    from qc.release.releases_before import corrections_on, frozen_contents, releases_before, since_last

    now = datetime.now(UTC)
    _set_aside_unrecorded(lab)
    refuse_altered(lab.ledger)
    refuse_altered_facts(lab, study or lab.settings.lab.default_study)
    looked = gate(lab, study)
    _refuse_closed(looked)
    _refuse_own(lab, looked.study, who)
    frozen = contents(lab, looked.study)
    name = _next_name(lab, looked.study)
    draft = lab.paths.releases / f".{name}.draft"
    draft.mkdir()
    write_files(draft, frozen)
    about = {
        "name": name,
        "study": looked.study,
        "label": lab.settings.lab.label,
        "released_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "released_by": who,
        "follows": next(reversed(release_names(lab, looked.study)), None),
        "n_by_state": looked.n_by_state,
        "releases_before": releases_before(lab, looked.study),
        "corrections": corrections_on(lab, looked.study),
        "looks_before": looks_before(lab.ledger, looked.study),
    }
    manifest = manifest_of(draft, frozen, about, ledger=lab.ledger.head())
    manifest["since_last"] = since_last(lab, frozen_contents(name, frozen, manifest))
    write_whole(draft / MANIFEST, canonical_json(manifest).encode())
    draft.replace(lab.paths.releases / name)
    sync_folder(lab.paths.releases)
    _record(lab, name, looked.study, sha256_text(canonical_json(manifest)), who, now)
    return open_release(lab, name)


def _refuse_closed(looked: Gate) -> None:
    if not looked.is_open:
        raise GateError(f"The gate of study '{looked.study}' is closed.", [Fault("", text) for text in looked.reasons])


def _refuse_own(lab: LabFolder, study: str, who: str) -> None:
    if "release" not in lab.settings.people.four_eyes:
        return
    if any(decision.actor == who and decision.study == study for decision in newest_decisions(lab.ledger).values()):
        raise RightsError(
            f"'{who}' has decided in study '{study}' and does not release it: a second person is asked for."
        )


def set_aside_unrecorded(lab: LabFolder) -> list[str]:
    """Move releases that no entry tells out of the way: cut off, put there by hand, or left without their ledger.

    Returns
    -------
    list of str
        Where each lies now, from the folder of the lab. Nothing is deleted: it may be all that is left of a release.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(lab.paths.releases / ".lock", timeout=lab.settings.stores.wait_s):
            return _set_aside_unrecorded(lab)
    except Timeout as error:
        raise StoreBusyError("Another process is making a release; try again when it is done.") from error


def _set_aside_unrecorded(lab: LabFolder) -> list[str]:
    recorded = set(release_names(lab))
    unknown = [path for path in lab.paths.releases.iterdir() if path.is_dir() and path.name not in recorded]
    moved = []
    for folder in sorted(unknown):
        target = _free(lab.paths.root / SET_ASIDE / folder.name.strip("."))
        target.parent.mkdir(exist_ok=True)
        folder.replace(target)
        moved.append(f"{SET_ASIDE}/{target.name}")
    return moved


def _free(path: Path) -> Path:
    others = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(one for one in chain([path], others) if not one.exists())


def _next_name(lab: LabFolder, study: str) -> str:
    parted = [path.name.rpartition("-R") for path in lab.paths.releases.iterdir()]
    numbers = [int(number) for name, _, number in parted if name == study and number.isdecimal()]
    return f"{study}-R{max(numbers, default=0) + 1}"


def _record(lab: LabFolder, name: str, study: str, sha256: str, who: str, now: datetime) -> None:
    from qc.store.entry import Draft, Kind

    lab.ledger.append([Draft(Kind.RELEASE, name, {"study": study, "manifest_sha256": sha256}, who)], at=now)


def release_names(lab: LabFolder, study: str | None = None) -> list[str]:
    """Return the names of recorded releases, oldest first.

    Parameters
    ----------
    study : str, optional
        Only this study; None means all.

    Returns
    -------
    list of str
        A folder without a ledger entry was never acknowledged and is not named.
    """
    from qc.store.entry import Kind

    entries = lab.ledger.entries(kinds=[Kind.RELEASE])
    return [entry.object for entry in entries if study in (None, entry.body["study"])]


def open_release(lab: LabFolder, name: str | None = None) -> Release:
    """Open a release and verify every byte of it against its manifest and the ledger.

    Parameters
    ----------
    name : str, optional
        Name of the release; None means the newest.

    Raises
    ------
    GateError
        If there is no such release, or it is not what was released; every difference is named.
    """
    import polars as pl

    names = release_names(lab)
    if not names or (name is not None and name not in names):
        known = ", ".join(names) or "none yet; 'qc release' makes one"
        near = did_you_mean(name or "", names)
        raise GateError(f"Release '{name}' is not known.{near} Releases: {known}." if name else f"Releases: {known}.")
    chosen = name or names[-1]
    folder = lab.paths.releases / chosen
    faults = release_faults(lab, chosen)
    if faults:
        raise GateError(f"Release '{chosen}' is not what was released.", faults)
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    manifest: Mapping[str, Any] = json.loads(text)
    return Release(chosen, manifest["study"], sha256_text(text), manifest, pl.read_parquet(folder / RESULTS))


def release_faults(lab: LabFolder, name: str) -> list[Fault]:
    """Compare a release with its manifest, and the manifest with the ledger.

    Returns
    -------
    list of Fault
        Everything that differs; empty if every byte is as it was released.
    """
    from qc.release.release_proof import folder_faults
    from qc.store.entry import Kind

    manifest_hashes = [
        entry.body["manifest_sha256"] for entry in lab.ledger.entries(kinds=[Kind.RELEASE], objects=[name])
    ]
    return folder_faults(lab.paths.releases / name, manifest_hashes[-1] if manifest_hashes else "")
