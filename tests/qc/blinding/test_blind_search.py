"""Everything that a blinded role is shown, searched for labels that stand nowhere else."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from click.testing import CliRunner
from labelled_study import labelled_lab

import qc
from qc.cli.error_messages import code_and_words
from qc.cli.main import command


@pytest.fixture(scope="module")
def blinded(made_once, tmp_path_factory, is_long):
    made = made_once("labelled", lambda folder: labelled_lab(folder, whole=is_long))
    folder = tmp_path_factory.mktemp("blind") / "labelled"
    shutil.copytree(made, folder)
    return qc.open_lab(folder / "lab"), folder / "study", json.loads((folder / "labels.json").read_text())


def _faulty_sheets(study, folder):
    """Sheets and tables with every kind of fault, each with labels in the rows that are at fault."""
    folder.mkdir(exist_ok=True)
    text = (study / "samples.csv").read_text().splitlines()
    (folder / "twice.csv").write_text("\n".join([*text[:3], text[2]]))
    (folder / "matrix.csv").write_text("\n".join([text[0], text[1].replace(",serum,", ",plasm,")]))
    (folder / "time.csv").write_text("\n".join([text[0], re.sub(r"2025-[^,]*", "yesterday", text[1])]))
    (folder / "numbers.csv").write_text("\n".join([text[0], text[1].replace(",14,", ",many,")]))
    (folder / "nosubject.csv").write_text("\n".join([text[0], re.sub("WQSUBJECT[0-9]+", "", text[1])]))
    sample, subject = re.findall("WQ(?:SAMPLE|SUBJECT)[0-9]+", text[1])[:2]
    (folder / "subjects.csv").write_text(
        f"study,subject,sex,birth_year\nALS-1,{subject},x,19\nALS-1,{subject},male,1970\n"
    )
    rows = [f"{sample},ferritin,1.2,parsecs", f"{sample},nonsense,1.2,ng/mL", f"{sample},ferritin,1.2,ng/mL"]
    (folder / "results.csv").write_text(
        "\n".join(["sample,analyte,value,unit,matrix", *(f"{row},serum" for row in rows)])
    )
    (folder / "plate.txt").write_text(f"not a plate\n{sample}\n")
    (folder / "plate.map.csv").write_text(
        f"well,role,name,conc,dilution\nA1,sample,{sample},,1\nA1,sample,{sample},x,1\n"
    )
    return folder


_LONG = {("assess", "--all"), ("audit", "verify")}


class Shown:
    """Runs commands as a blinded person and keeps all that they print."""

    def __init__(self, lab):
        self.lab = lab
        self.told: list[tuple[str, str]] = []

    def __call__(self, *words, needs_lab=True):
        # Both forms say the same of a lab; what judges or proves all of it is asked once.
        for form in [["--json"]] if words[:2] in _LONG else [[], ["--json"]]:
            tail = ["--lab", str(self.lab.paths.root)] if needs_lab else []
            done = CliRunner().invoke(command, [*words, *form, *tail], standalone_mode=False)
            said = done.output
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                said += code_and_words(done.exception)[1]  # what the command line prints for it
            self.told.append((" ".join([*words, *form]), said))
        return said


def test_no_label_of_a_subject_a_sample_or_a_visit_is_shown_to_a_blinded_role(blinded, tmp_path, monkeypatch, is_long):
    lab, study, labels = blinded
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shown = Shown(lab)

    shown.told.append(("nightly", (study.parent / "night.txt").read_text()))
    shown("ingest", str(_faulty_sheets(study, tmp_path / "faulty")))
    shown("assess", "--all")
    queue = json.loads(shown("queue"))
    items = [item["item"] for item in queue["items"]]
    assert len(items) > 10
    with lab.facts.reading() as con:
        run_of = {run: f"R{run_id}" for run, run_id in con.execute("SELECT run, run_id FROM runs").fetchall()}
    tnf = run_of["serum-tnf-1"]
    runs = run_of.values() if is_long else [run_of["serum-ferritin-1"], tnf, run_of["serum-chem-1"]]
    for name in [
        *(items if is_long else items[:2]),
        *runs,
        f"{tnf}/tnf_alpha",
        f"{tnf}.3",
        queue["items"][0]["code"],
        "R99",
        "WQ",
    ]:
        shown("show", name)
        shown("cost", name)
    shown("decide", "approve", items[0])
    shown("decide", "comment", items[0], "--note", "a bubble")
    shown("decide", "reject", queue["items"][0]["code"], "--reason", "haemolysed")
    shown("decide", "undo", queue["items"][0]["code"])
    shown("decide", "reject", f"{tnf}@F6", "--reason", "outlier_well")
    shown("assess")
    shown("gate")
    shown("release")
    lab.lock_plan(study / "plan.toml")
    waiting = [item.shown.item for item in lab.queue()]
    for names in ([name] for name in waiting[:2]):
        shown("decide", "reject", *names, "--reason", "other")
    shown("decide", "reject", *waiting[2:], "--reason", "other")
    shown("gate")
    shown("release")
    for target in (f"{tnf}.3", f"{tnf}@F6", tnf, "tnf_alpha/csf", queue["items"][0]["code"]):
        shown("trace", target)
    shown("audit", "review")
    for words in (["audit", "verify"], ["audit", "log"], ["doctor"], ["users", "list"], ["queue"]):
        shown(*words)
    shown.told.append(("lab.results", lab.results().write_csv()))
    shown.told += [("a file's name", str(path)) for path in lab.paths.root.rglob("*")]
    shown.told += [(path.name, path.read_text()) for path in lab.paths.reports.glob("night*/*.*")]
    shown.told += [(path.name, path.read_text()) for path in (tmp_path / "state").rglob("*.log")]
    shown.told += [(str(path), path.read_text()) for path in lab.paths.quarantine.rglob("reason.txt")]

    leaks = {(where, label) for where, text in shown.told for label in labels if label in text}
    assert sorted(leaks) == []


def test_the_search_finds_a_label_that_is_shown(blinded):
    lab, _, labels = blinded
    with lab.facts.reading() as con:
        item = con.execute("SELECT max(result_id) FROM latest_results").fetchall()[0][0]
    told = lab.unblind(f"R{item >> 20}.{item & 0xFFFFF}", reason="test of the search")

    text = json.dumps([one.as_json() for one in told])

    assert len([label for label in labels if label in text]) > 2
