"""A study whose subjects, samples and visits have labels that stand nowhere else, as a lab that had its first night."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

from click.testing import CliRunner

import qc
from qc.cli.main import command

STUDY = Path(__file__).resolve().parents[3] / "sample_runs" / "study"
ENOUGH = ("csf-ferritin-", "csf-nfl-2", "csf-tnf-", "serum-ferritin-1", "serum-tnf-1", "csf-chem-1", "serum-chem-1")
"""Runs in which each kind of thing waits."""
VISITS = {"0": "WQVISITZERO", "1": "WQVISITONE", "2": "WQVISITTWO", "3": "WQVISITTHREE"}


def labelled_study(folder, *, whole):
    """Write the study with labels of its own for every subject, sample and visit; return the labels."""
    rows = list(csv.DictReader((STUDY / "samples.csv").open()))
    subjects = {name: f"WQSUBJECT{number:02}" for number, name in enumerate(sorted({row["subject"] for row in rows}))}
    samples = {row["sample"]: f"WQSAMPLE{number:03}" for number, row in enumerate(rows)}
    known = re.compile("|".join(sorted(map(re.escape, [*subjects, *samples]), key=len, reverse=True)))
    for path in sorted(STUDY.rglob("*")):
        if path.is_file() and (whole or path.parent == STUDY or path.name.startswith(ENOUGH)):
            target = folder / path.relative_to(STUDY)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = known.sub(lambda found: (subjects | samples)[found[0]], path.read_bytes().decode("latin-1"))
            target.write_bytes(text.encode("latin-1"))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    for row in rows:
        own = {"subject": subjects[row["subject"]], "sample": samples[row["sample"]], "visit": VISITS[row["visit"]]}
        writer.writerow(row | own)
    (folder / "samples.csv").write_text(out.getvalue())
    plan = (folder / "plan.toml").read_text()
    (folder / "plan.toml").write_text(plan.replace('"0"', '"WQVISITZERO"').replace('"3"', '"WQVISITTHREE"'))
    return [*subjects.values(), *samples.values(), *VISITS.values()]


def labelled_lab(folder, *, whole):
    """Make ``study``, ``lab``, ``labels.json`` and ``night.txt``: what the night printed, in both forms."""
    labels = labelled_study(folder / "study", whole=whole)
    (folder / "labels.json").write_text(json.dumps(labels))
    lab = qc.init_lab(folder / "lab", name="blind", settings={"lab.default_study": "ALS-1"})
    for path in (folder / "study").rglob("*"):
        if path.is_file() and path.name != "plan.toml":
            target = lab.paths.inbox / path.relative_to(folder / "study")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    words = ["nightly", "--lab", str(lab.paths.root)]
    nights = [CliRunner().invoke(command, [*words, *form], standalone_mode=False).output for form in ([], ["--json"])]
    (folder / "night.txt").write_text("\n".join(nights))
