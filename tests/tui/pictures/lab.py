"""A lab with something on every screen: the demo lab, a month of daily controls, and a plate of 384 wells.

Every number is SYNTHETIC and fixed, so that a picture changes only when a screen does.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

from qc.api.demo import make_demo_lab
from qc.api.lab import Lab

STUDY = "DAILY"
BIG_PLATE = "serum-tnf-384"
_DAYS = 30
_FIRST = datetime(2025, 9, 1, 8, 30)
_Z_LOW = (
    0.3, -0.8, 0.6, -0.2, 1.1, -1.3, 0.4, 0.1, -0.6, 0.9, -0.4, 2.3, -0.7, 0.2, 0.5, -1.1, 0.8, -0.3, 0.7, 1.0,
    0.6, 1.4, 0.9, 1.6, 1.2, 1.7, 1.5, 2.2, 2.6, 3.4,
)  # fmt: skip
_Z_HIGH = (
    -0.2, 0.5, -1.0, 0.8, 0.1, 0.6, -0.9, 1.2, 0.3, -0.5, 0.7, 0.4, -1.4, 0.9, -0.3, 0.2, -0.6, 1.1, 0.0, 0.4,
    0.9, 0.3, 1.3, 0.7, 1.1, 0.8, 1.4, 1.0, 1.9, 2.4,
)  # fmt: skip
_LEVELS = (("L1", 60.0, 1.8, _Z_LOW), ("L2", 180.0, 5.4, _Z_HIGH))
_NEW_LOT_FROM = 19
_SAMPLES = tuple(f"SYN{number:04d}" for number in range(1, 401))


def make_picture_lab(folder: Path) -> Lab:
    """Make the lab and let the night judge it.

    Parameters
    ----------
    folder : Path
        Where; an earlier demo lab there is replaced.

    Returns
    -------
    Lab
        The lab.
    """
    lab = make_demo_lab(folder, force=True)
    inbox = lab.paths.inbox
    _sheets(inbox)
    for day in range(_DAYS):
        _daily(inbox, day)
    _plate(inbox)
    lab.nightly()
    lab.lock_plan(lab.paths.root / "plan.toml")
    return lab


def _sheets(inbox: Path) -> None:
    rows = [f"{STUDY},{name},SUBJ-{at:03d},0,serum" for at, name in enumerate(_SAMPLES)]
    (inbox / "daily.samples.csv").write_text("study,sample,subject,visit,matrix\n" + "\n".join(rows) + "\n")
    people = [f"{STUDY},SUBJ-{at:03d},{('female', 'male')[at % 2]},1970" for at in range(len(_SAMPLES))]
    (inbox / "daily.subjects.csv").write_text("study,subject,sex,birth_year\n" + "\n".join(people) + "\n")


def _daily(inbox: Path, day: int) -> None:
    run, at = f"daily-{day + 1:02d}", _FIRST + timedelta(days=day)
    lines = ["role,sample,analyte,matrix,value,unit,method,material,level,lot"]
    for level, target, sd, scores in _LEVELS:
        value = target + sd * scores[day]
        lines.append(f"control,,iron,serum,{value:.1f},ug/dL,colorimetric,SYN-CHEM-SERUM,{level},SYN-CS-2504")
    for place in range(4):
        value = 85 + 11 * ((day * 4 + place) * 7 % 9) / 2
        lines.append(f"sample,{_SAMPLES[day * 4 + place]},iron,serum,{value:.0f},ug/dL,colorimetric,,,")
    (inbox / f"{run}.csv").write_text("\n".join(lines) + "\n")
    reagent = "SYN-R-2509" if day >= _NEW_LOT_FROM else "SYN-R-2506"
    (inbox / f"{run}.run.toml").write_text(
        f'[run]\nrun = "{run}"\nstudy = "{STUDY}"\nmatrix = "serum"\nplatform = "chemistry"\n'
        f'instrument = "SYN-ANALYSER-1"\noperator = "demo"\nreagent_lot = "{reagent}"\n'
        f'calibrator_lot = "SYN-K-2506"\nstarted_at = {at.isoformat()}\nprofile = "clinical-westgard-n2"\n'
    )


def _signal(conc: float, well: int) -> float:
    noise = 0.004 * math.sin(well * 2.3)
    return (0.045 + 2.6 / (1 + (21.0 / conc) ** 1.15)) * (1 + noise)


def _plate(inbox: Path) -> None:
    """Write a plate of 384 wells: calibrators down two columns, controls, blanks, and samples in duplicate."""
    names = [f"{chr(65 + row)}{column + 1}" for column in range(24) for row in range(16)]
    concs: dict[str, float] = {}
    lines = ["well,role,name,conc,dilution,material,level,lot"]
    for at, well in enumerate(names):
        if at < 16:
            conc = 64 / 2 ** (at // 2)
            lines.append(f"{well},calibrator,S{at // 2 + 1},{conc:g},1,,,")
        elif at < 18:
            conc = 0.0
            lines.append(f"{well},blank,B,,1,,,")
        elif at < 24:
            level = (at - 18) // 2
            conc = (1.31, 21.6, 50.0)[level]
            lines.append(f"{well},control,C{level + 1},,1,SYN-TNF-CTRL,L{level + 1},SYN-TNF-2507")
        else:
            sample = (at - 24) // 2
            conc = 1.8 + 14 * abs(math.sin(sample * 1.7)) ** 3
            conc *= 1.9 if sample in (41, 88) and at % 2 else 1.0
            lines.append(f"{well},sample,{_SAMPLES[120 + sample]},,1,,,")
        concs[well] = conc
    (inbox / f"{BIG_PLATE}.map.csv").write_text("\n".join(lines) + "\n")
    table = [",".join(["", *(f"{column + 1:02d}" for column in range(24)), ""])]
    for row in range(16):
        wells = [f"{chr(65 + row)}{column + 1}" for column in range(24)]
        signals = [f"{_signal(max(concs[well], 1e-6), names.index(well)):.4f}" for well in wells]
        table.append(",".join([chr(65 + row), *signals, ""]))
    head = [
        "Plate information",
        "Plate,Repeat,Barcode,Chamber temperature at start,Label,Measurement date,",
        f"1,1,SYNTHETIC {BIG_PLATE},23.4,A450,2025-10-06 11:30:00,",
        "",
        "Results for A450 - channel 1",
    ]
    tail = ["", "Basic assay information", f"Assay name:,SYNTHETIC {BIG_PLATE},", "Label:,A450,"]
    (inbox / f"{BIG_PLATE}.csv").write_text("\n".join([*head, *table, *tail]) + "\n")
    (inbox / f"{BIG_PLATE}.run.toml").write_text(
        f'[run]\nrun = "{BIG_PLATE}"\nstudy = "{STUDY}"\nmatrix = "serum"\nanalyte = "tnf_alpha"\nunit = "pg/mL"\n'
        'method = "elisa"\nplatform = "elisa"\ninstrument = "SYN-READER-2"\noperator = "demo"\n'
        'reagent_lot = "SYN-TNF-KIT-31"\ncalibrator_lot = "SYN-TNF-CAL-31"\nstarted_at = 2025-10-06T09:00:00\n'
        'model = "4pl"\nweight = "1/y2"\nprofile = "research-elisa"\n\n'
        f'[plate]\nexport = "{BIG_PLATE}.csv"\nmap = "{BIG_PLATE}.map.csv"\n'
    )
