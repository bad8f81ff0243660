"""The demo lab: the synthetic study, taken through the whole job."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qc.items.decisions import Act
from schemas.errors import ConfigError
from schemas.finding import Verdict

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.decide.queue_and_show import QueueItem
    from qc.decide.request import Decided

MARK = ".demo-lab"
ACTOR = "demo-script"
ROUNDS = 3
"""Rounds of deciding: what is judged again because of a decision may wait once more."""
NOTE = "DEMO: decided by a script, not by a person."
PLAN = "plan.toml"

SCRIPT: tuple[tuple[str, Act, str], ...] = (
    ("identity.", Act.REJECT, "clerical"),
    ("preanalytic.", Act.REJECT, "haemolysed"),
    ("replicates.", Act.REPEAT, "replicates_disagree"),
    ("calibration.range", Act.REPEAT, "dilution"),
    ("range.hard", Act.REJECT, "clerical"),
    ("range.value", Act.REJECT, "other"),
    ("range.soft", Act.APPROVE, "biologically_plausible"),
)
"""What the demo script says, by the first rule that matches; anything else is approved over with a reason."""


def sample_study() -> Path:
    """Return the folder of the synthetic study.

    Returns
    -------
    Path
        Folder with sheets, plates and results.

    Raises
    ------
    ConfigError
        If this installation does not hold it.
    """
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "sample_runs" / "study", here.parent / "sample_runs" / "study"):
        if folder.is_dir():
            return folder
    raise ConfigError("This installation holds no sample runs; install Assaygate from its source folder.")


def make_demo_lab(folder: Path, *, force: bool) -> Lab:
    """Make a fresh demo lab with the synthetic study in its inbox.

    Parameters
    ----------
    folder : Path
        Where.
    force : bool
        Replace a demo lab that is there. Any other folder is left alone.

    Returns
    -------
    Lab
        The lab.

    Raises
    ------
    ConfigError
        If the folder is there and is no demo lab, or is one and ``force`` is false.
    """
    from qc.api.lab import init_lab

    if folder.exists():
        _clear(folder, force=force)
    study = sample_study()
    settings = {"lab.label": "SYNTHETIC", "lab.default_study": "ALS-1"}
    lab = init_lab(folder, name="Demo lab (SYNTHETIC)", settings=settings)
    (folder / MARK).write_text("This folder was made by 'qc demo' and may be replaced by it.\n", encoding="utf-8")
    for path in sorted(study.rglob("*")):
        if path.is_file() and path.name != PLAN:
            target = lab.paths.inbox / path.relative_to(study)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copyfile(study / PLAN, folder / PLAN)
    return lab


def _clear(folder: Path, *, force: bool) -> None:
    is_empty = folder.is_dir() and not any(folder.iterdir())
    if is_empty:
        return
    if not (folder / MARK).is_file():
        raise ConfigError(f"'{folder}' is there and is no demo lab: name another folder.")
    if not force:
        raise ConfigError(f"The demo lab '{folder}' is there already: use --force to make it anew, or another folder.")
    shutil.rmtree(folder)


def decide_all(lab: Lab, *, progress: Callable[[int], None] | None = None) -> list[Decided]:
    """Decide everything that waits, by script and labelled so, and judge again what stood beside it.

    Parameters
    ----------
    lab : Lab
        A demo lab.
    progress : callable, optional
        Called with the number of items that were decided.

    Returns
    -------
    list of Decided
        The decisions, in the order of the queue.
    """
    decided: list[Decided] = []
    for _ in range(ROUNDS):
        waiting = lab.queue()
        if not waiting:
            break
        for item in waiting:
            act, reason = _what(item)
            decided += lab.decide(item, act, reason=reason, note=NOTE, actor=ACTOR)
            if progress:
                progress(len(decided))
        lab.assess()
    return decided


def _what(item: QueueItem) -> tuple[Act, str]:
    rules = [finding.rule for finding in item.findings]
    for start, act, reason in SCRIPT:
        if any(rule.startswith(start) for rule in rules):
            return act, reason
    is_grave = item.verdict is not Verdict.WARN
    return Act.APPROVE, "control_failure_explained" if is_grave else ""
