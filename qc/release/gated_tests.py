"""The gated tests: a locked plan on a verified release, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any  # Any: JSON values

from qc.plan.plan_history import PlanOverTime, PlanVersion, plan_over_time
from qc.plan.plan_lock import PlanLock, newest_lock
from qc.release.looks import record_look
from qc.release.recorded_reports import record_reports
from qc.release.release import open_release, release_names
from qc.store.entry import Kind
from schemas.errors import ConfigError, GateError
from schemas.json_model import TO_THE_SECOND, JsonModel, JsonOf
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from checks.contrasts.frozen_release import Release
    from checks.contrasts.planned_tests import PairedReport
    from qc.lab.folder import LabFolder
    from qc.release.exceptions import ReleaseException


@dataclass(frozen=True, slots=True)
class PlanChange(JsonModel):
    """One setting of the plan that differs between its versions."""

    key: str
    """Name of the setting."""
    values: tuple[str, ...]
    """What it was in each version, oldest first."""


@dataclass(frozen=True, slots=True)
class GatedTests(JsonModel):
    """Paired tests with what they rest on."""

    json_keys = """*report plan_version plan_locked_at plan_locked_before_release=plan_came_first plan_versions
        plan_changes exceptions looks_before"""
    json_time_format = TO_THE_SECOND

    report: PairedReport
    """Every contrast."""
    release: Release
    """Release that was tested."""
    lock: PlanLock
    """Plan in force."""
    plan_came_first: bool
    """Whether the plan was locked before the release was made."""
    over_time: PlanOverTime
    """Every version of the plan that was locked up to now, after the release too, and what differs between them."""

    @property
    def exceptions(self) -> list[Annotated[Mapping[str, Any], JsonOf(ReleaseException)]]:
        """Return what was approved over a finding or in spite of one, and what was set aside."""
        return list(self.release.manifest.get("exceptions", ()))

    @property
    def looks_before(self) -> list[str]:
        """Return who had seen p-values of earlier releases when this one was made, in sentences."""
        return list(self.release.manifest.get("looks_before", {}).get("sentences", ()))

    @property
    def plan_version(self) -> int:
        """Return the version of the plan in force."""
        return self.lock.version

    @property
    def plan_locked_at(self) -> datetime:
        """Return when it was locked, in UTC."""
        return self.lock.locked_at

    @property
    def plan_versions(self) -> tuple[PlanVersion, ...]:
        """Return every version of the plan that was locked up to now."""
        return self.over_time.versions

    @property
    def plan_changes(self) -> list[PlanChange]:
        """Return the settings that differ between versions."""
        return [PlanChange(setting.key, setting.values) for setting in self.over_time.changes]


def gated_tests(lab: LabFolder, name: str | None = None) -> GatedTests:
    """Run the planned paired tests on a release for somebody who looks: an act, told to the ledger first.

    Parameters
    ----------
    name : str, optional
        Name of the release; None means the newest.

    Raises
    ------
    GateError
        If there is no release, or it is not what was released.
    ConfigError
        If no plan is locked; the release is not opened then.
    SignInError
        If the lab keeps accounts and nobody is known to look.
    """
    tests = unseen_tests(lab, name)
    record_look(lab, tests.release.name, tests.release.study)
    return tests


def unseen_tests(lab: LabFolder, name: str | None = None) -> GatedTests:
    """Run the planned paired tests on a release, and show nobody their p-values."""
    from checks.contrasts.planned_tests import paired_tests

    study = _study_of(lab, name)
    lock = newest_lock(lab, study)
    opened = open_release(lab, name)
    made = lab.ledger.entries(kinds=[Kind.RELEASE], objects=[opened.name])[-1]
    over_time = plan_over_time(lab, study, made.seq)
    return GatedTests(paired_tests(opened, lock.plan), opened, lock, lock.seq < made.seq, over_time)


def _study_of(lab: LabFolder, name: str | None) -> str:
    # Read from the ledger: without a plan, the release itself is not opened.
    names = release_names(lab)
    if name is None and not names:
        raise GateError("There is no release yet. 'qc release' makes one when the gate is open.")
    wanted = name or names[-1]
    entries = lab.ledger.entries(kinds=[Kind.RELEASE], objects=[wanted])
    if not entries:
        near = did_you_mean(wanted, names)
        raise GateError(f"Release '{wanted}' is not known.{near} Releases: {', '.join(names) or 'none'}.")
    return str(entries[-1].body["study"])


FORMATS = ("html", "pdf", "csv", "json")
"""What a report can be written as."""


def write_page(lab: LabFolder, name: str | None = None, path: Path | None = None) -> Path:
    """Write the HTML report of a release.

    Parameters
    ----------
    name : str, optional
        Name of the release; None means the newest.
    path : Path, optional
        Where; None means the lab's reports.

    Returns
    -------
    Path
        The page: one file that opens offline.
    """
    return write_reports(lab, name, path, formats=("html",))["html"]


def write_reports(
    lab: LabFolder, name: str | None = None, path: Path | None = None, *, formats: Sequence[str] = FORMATS
) -> dict[str, Path]:
    """Write the report of a release in one or several formats.

    Parameters
    ----------
    name : str, optional
        Name of the release; None means the newest.
    path : Path, optional
        Where the first format goes, the others beside it; None means the lab's reports.
    formats : sequence of str
        Of ``html``, ``pdf``, ``csv`` and ``json``.

    Returns
    -------
    dict of str to Path
        File by format; ``csv`` also writes every sensitivity analysis, beside it.

    Raises
    ------
    ConfigError
        If a format is not known.
    """
    strangers = [one for one in formats if one not in FORMATS]
    if strangers:
        near = did_you_mean(strangers[0], FORMATS)
        raise ConfigError(f"Format '{strangers[0]}' is not known.{near} Known: {', '.join(FORMATS)}.")
    tests = gated_tests(lab, name)
    stem = path or lab.paths.reports / f"{tests.release.name}.{formats[0]}"
    stem.parent.mkdir(parents=True, exist_ok=True)
    written = {one: stem if place == 0 else stem.with_suffix(f".{one}") for place, one in enumerate(formats)}
    for one, file in written.items():
        _WRITERS[one](lab, tests, file)
    record_reports(lab, tests.release.name, list(written.values()))
    return written


def _html(lab: LabFolder, tests: GatedTests, file: Path) -> None:
    from qc.report.html import write_report
    from qc.report.suite_rows import suite_rows

    plan, suites = tests.lock.plan, suite_rows(lab, tests.release.study)
    came_first = tests.plan_came_first
    write_report(
        tests.report,
        tests.release,
        plan,
        file,
        lock=tests.lock,
        came_first=came_first,
        suites=suites,
        over_time=tests.over_time,
    )


def _pdf(lab: LabFolder, tests: GatedTests, file: Path) -> None:
    from qc.report.pdf import write_pdf
    from qc.report.suite_rows import suite_rows

    plan, suites = tests.lock.plan, suite_rows(lab, tests.release.study)
    came_first = tests.plan_came_first
    write_pdf(tests.report, tests.release, plan, file, lock=tests.lock, came_first=came_first, suites=suites)


def _csv(_: LabFolder, tests: GatedTests, file: Path) -> None:
    from checks.contrasts.contrast_frame import contrast_frame, sensitivity_frame
    from qc.release.csv_text import csv_text

    sensitivity = file.with_name(f"{file.stem}.sensitivity{file.suffix}")
    file.write_text(csv_text(contrast_frame(tests.report)), encoding="utf-8")
    sensitivity.write_text(csv_text(sensitivity_frame(tests.report)), encoding="utf-8")


def _json(_: LabFolder, tests: GatedTests, file: Path) -> None:
    import json

    text = json.dumps(tests.as_json(), ensure_ascii=False, allow_nan=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


_WRITERS = {"html": _html, "pdf": _pdf, "csv": _csv, "json": _json}
