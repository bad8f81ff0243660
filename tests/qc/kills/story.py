"""The work on one small lab, command by command, from `qc init` to a second release: what kills are tried on."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qc.audit.backup.encrypted import make_key

PASSWORD = "a password of tests"
SUBJECTS = range(1, 8)
SAMPLES = "study,sample,subject,visit,matrix\n" + "".join(
    f"S,A{subject}-{visit},P{subject},{visit},serum\n" for subject in SUBJECTS for visit in (0, 3)
)
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd,active_from,expires_on
M,L1,1,iron,serum,ug/dL,50,5,2025-01-01,2026-01-01
M,L2,1,iron,serum,ug/dL,200,20,2025-01-01,2026-01-01
"""
RUN = """[run]
run = "{name}"
study = "S"
matrix = "serum"
unit = "ug/dL"
method = "chemistry"
platform = "P"
instrument = "I1"
started_at = 2025-06-0{day}T09:00:00
profile = "clinical-westgard-n2"
"""
PLAN = """study = "S"
baseline = "0"
followup = "3"
test = "signed_rank"
zeros = "wilcox"
alternative = "two_sided"
scale = "raw"
estimator = "hodges_lehmann"
confidence = 0.95
alpha = 0.05
correction = "holm"
below_lloq = "ladder"
resolution = "reported"
minimum_pairs = 6
endpoints = [{ analyte = "iron", matrix = "serum" }]
"""


def _run_of(subjects: Sequence[int], shift: int = 0) -> str:
    rows = "role,sample,analyte,value,material,level,lot\ncontrol,,iron,50,M,L1,1\ncontrol,,iron,200,M,L2,1\n"
    for subject in subjects:
        rows += f"sample,A{subject}-0,iron,{80 + subject + shift},,,\nsample,A{subject}-3,iron,{70 + 2 * subject},,,\n"
    return rows


FILES = {
    "samples.csv": SAMPLES,
    "controls.csv": CONTROLS,
    "T1.csv": _run_of((1, 2, 3)).replace("iron,81,", "iron,9999,"),
    "T1.run.toml": RUN.format(name="T1", day=1),
    "again/samples.csv": SAMPLES.replace("A7-3,P7,3", "A7-3,P7,2") + "S,B0,P9,0,serum\n",
    "refused/samples.csv": SAMPLES.replace("A7-3,P7,3", "A7-3,P7,1") + "S,B0,P9,0,serum\n",
    "T2.csv": _run_of((4, 5, 6, 7)),
    "T2.run.toml": RUN.format(name="T2", day=2),
    "corrected/T2.csv": _run_of((4, 5, 6, 7), shift=1),
    "corrected/T2.run.toml": RUN.format(name="T2", day=2),
    "plan.toml": PLAN,
}


@dataclass(frozen=True, slots=True)
class Act:
    """One command of the story."""

    name: str
    """What is done."""
    words: Sequence[str]
    """Command line; ``{files}``, ``{lab}``, ``{out}`` folders; ``{backup}``, ``{sealed}``, ``{key}`` stand in out."""
    adds: bool = False
    """Whether who does it twice has done two acts: a comment, a look with a reason, a second backup."""
    is_stepwise: bool = False
    """Whether it is several acts, each whole: rows come in and wait, are accepted, and are in force."""
    prepare: Callable[[Path], None] | None = None
    """What is done to the place before, and belongs to no command."""


def _write_files(place: Path) -> None:
    for name, text in FILES.items():
        path = place / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (place / "out").mkdir(exist_ok=True)


def _own_settings(place: Path) -> None:
    path = place / "lab" / "qc.toml"
    text = re.sub(r"(?m)^suites = .*$", "suites = {}", path.read_text(encoding="utf-8"))
    text = text.replace('default_study = "STUDY-1"', 'default_study = "S"')
    path.write_text(text.replace("session_minutes = 15", "session_minutes = 6000"), encoding="utf-8")


def _fill_inbox(place: Path) -> None:
    for name in ("T2.csv", "T2.run.toml"):
        shutil.copy(place / "files" / name, place / "lab" / "inbox" / name)


def _lose_facts(place: Path) -> None:
    for path in (place / "lab").glob("facts.duckdb*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _change_rights(place: Path) -> None:
    path = place / "lab" / "qc.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('undo_others = ["lab_manager", "qa"]', 'undo_others = ["qa"]'), encoding="utf-8")


def _make_key(place: Path) -> None:
    make_key(place / "out" / "key.txt")


ROLES = ("--role", "lab_manager", "--role", "qa", "--role", "statistician", "--role", "analyst")
STORY = (
    Act("init", ("init", "{lab}"), prepare=_write_files),
    Act("ingest samples", ("ingest", "{files}/samples.csv", "--lab", "{lab}"), prepare=_own_settings),
    Act("ingest controls", ("ingest", "{files}/controls.csv", "--lab", "{lab}")),
    Act("ingest a run", ("ingest", "{files}/T1.csv", "--lab", "{lab}")),
    Act("assess", ("assess", "--lab", "{lab}")),
    Act("nightly", ("nightly", "--lab", "{lab}"), prepare=_fill_inbox),
    Act("ingest what waits", ("ingest", "{files}/again/samples.csv", "--lab", "{lab}")),
    Act("accept", ("decide", "accept", "C7", "--reason", "clerical", "--lab", "{lab}")),
    Act(
        "ingest a correction",
        ("ingest", "{files}/corrected/T2.csv", "--correct", "--reason", "clerical", "--lab", "{lab}"),
        is_stepwise=True,
    ),
    Act("assess again", ("assess", "--lab", "{lab}")),
    Act("approve", ("decide", "approve", "R1.1", "--reason", "biologically_plausible", "--lab", "{lab}"), adds=True),
    Act(
        "reject", ("decide", "reject", "R1.2", "--reason", "outside_record", "--note", "x", "--lab", "{lab}"), adds=True
    ),
    Act("undo", ("decide", "undo", "R1.2", "--note", "x", "--lab", "{lab}"), adds=True),
    Act("comment", ("decide", "comment", "R1.2", "--reason", "other", "--note", "x", "--lab", "{lab}"), adds=True),
    Act("unblind", ("unblind", "R1.2", "--reason", "x", "--lab", "{lab}"), adds=True),
    Act("own statement", ("sql", "SELECT 1", "--reason", "x", "--lab", "{lab}"), adds=True),
    Act("plan lock", ("plan", "lock", "{files}/plan.toml", "--lab", "{lab}")),
    Act("release", ("release", "S", "--lab", "{lab}"), adds=True),
    Act("paired", ("paired", "--lab", "{lab}")),
    Act("report", ("report", "--lab", "{lab}"), adds=True),
    Act("evidence", ("evidence", "S-R1", "--out", "{out}/evidence.zip", "--lab", "{lab}"), adds=True),
    Act("anchor", ("audit", "anchor", "{out}/anchor.json", "--lab", "{lab}")),
    Act("backup", ("backup", "{out}/plain", "--lab", "{lab}"), adds=True),
    Act("restore", ("restore", "{backup}", "{out}/restored")),
    Act("rehearse", ("restore", "{backup}", "--rehearse", "--lab", "{lab}"), adds=True),
    Act(
        "encrypted backup", ("backup", "{out}/sealed", "--for", "{key}", "--lab", "{lab}"), adds=True, prepare=_make_key
    ),
    Act("restore encrypted", ("restore", "{sealed}", "{out}/opened", "--key", "{out}/key.txt")),
    Act("rebuild", ("rebuild", "--lab", "{lab}"), adds=True),
    Act("rebuild what is lost", ("rebuild", "--lab", "{lab}"), adds=True, prepare=_lose_facts),
    Act("doctor", ("doctor", "--lab", "{lab}")),
    Act("users add admin", ("users", "add", "root", "--role", "admin", "--password-stdin", "--lab", "{lab}")),
    Act("sign in admin", ("sign-in", "root", "--password-stdin", "--lab", "{lab}"), adds=True),
    Act("users add", ("users", "add", "anna", *ROLES, "--password-stdin", "--lab", "{lab}")),
    Act("settings", ("users", "settings", "--enter", "--lab", "{lab}"), prepare=_change_rights),
    Act("sign in", ("sign-in", "anna", "--password-stdin", "--lab", "{lab}"), adds=True),
    Act("ingest what is refused", ("ingest", "{files}/refused/samples.csv", "--lab", "{lab}")),
    Act("refuse", ("decide", "refuse", "C13", "--reason", "not_confirmed", "--lab", "{lab}")),
    Act("sign", ("sign", "R1.1", "--meaning", "review", "--password-stdin", "--lab", "{lab}"), adds=True),
    Act("second release", ("release", "S", "--lab", "{lab}"), adds=True),
)
